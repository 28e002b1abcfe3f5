// Owns the form in which builtin objects are declared. One file of rows per object is beside this one; generate.ts gives every
// function a stable id (ids.json, append only) and the base image builder makes the objects.
//
// Where a function's code is:
//   "native"     assembly/builtins/*.ts exports a function of the derived name: (area: usize, argc: i32) => Value
//   "js"         ts/prelude/*.js declares a function of the derived name
//   "native+js"  both: the native returns DEFER when it would have to call guest code, and the prelude function takes over
// Derived names: "Array.prototype.push" → arrayPrototypePush, "get Map.prototype.size" → getMapPrototypeSize,
// "Array.prototype[Symbol.iterator]" → arrayPrototypeSymbolIterator, constructor "Array" → arrayConstructor.

export type Code = "native" | "js" | "native+js";

export type BuiltinRow =
  /** A plain object, e.g. "Math" or "Array.prototype". parent: the [[Prototype]], default "Object.prototype", null for no prototype. */
  | { readonly row: "object"; readonly path: string; readonly kind: string; readonly parent: string | null; readonly intrinsic?: string; readonly global: boolean }
  /** A constructor and the link with its prototype object. */
  | { readonly row: "constructor"; readonly path: string; readonly length: number; readonly code: Code; readonly prototype: string | null; readonly parent?: string; readonly global: boolean }
  | { readonly row: "method"; readonly path: string; readonly key: string; readonly length: number; readonly code: Code; readonly attributes: number; readonly name?: string }
  | { readonly row: "accessor"; readonly path: string; readonly key: string; readonly getter?: Code; readonly setter?: Code; readonly attributes: number; readonly codeOf?: string }
  | { readonly row: "value"; readonly path: string; readonly key: string; readonly value: number | string | boolean | null | undefined; readonly attributes: number }
  /** An alias: an object that is already declared, under another key; target is a path such as "Array.prototype.values". */
  | { readonly row: "alias"; readonly path: string; readonly key: string; readonly target: string; readonly attributes: number };

export const WRITABLE = 1;
export const ENUMERABLE = 2;
export const CONFIGURABLE = 4;
/** Attributes of almost every builtin property. */
export const HIDDEN = WRITABLE | CONFIGURABLE;

/** global: also a property of globalThis. Few objects are: all others are reached through another object, or not at all. */
export const object = (path: string, options: { kind?: string; parent?: string | null; intrinsic?: string; global?: boolean } = {}): BuiltinRow => ({
  row: "object", path, kind: options.kind ?? "OBJECT", parent: options.parent === undefined ? "Object.prototype" : options.parent,
  global: options.global ?? false, ...(options.intrinsic === undefined ? {} : { intrinsic: options.intrinsic }),
});
/** `prototype` defaults to `${path}.prototype`, which must be an object row before; global: also a property of globalThis. */
export const constructor = (path: string, length: number, code: Code, options: { prototype?: string | null; parent?: string; global?: boolean } = {}): BuiltinRow => ({
  row: "constructor", path, length, code, prototype: options.prototype === undefined ? `${path}.prototype` : options.prototype, global: options.global ?? true,
  ...(options.parent === undefined ? {} : { parent: options.parent }),
});
/** key: a name, or "Symbol.iterator" style for well-known symbols written as "[Symbol.iterator]". */
export const method = (path: string, key: string, length: number, code: Code, options: { attributes?: number; name?: string } = {}): BuiltinRow => ({
  row: "method", path, key, length, code, attributes: options.attributes ?? HIDDEN, ...(options.name === undefined ? {} : { name: options.name }),
});
export const getter = (path: string, key: string, code: Code, attributes: number = CONFIGURABLE): BuiltinRow & { row: "accessor" } => ({ row: "accessor", path, key, getter: code, attributes });
/** An accessor whose own function has the code of another key's; for keys that are not identifiers. */
export const accessorLike = (row: BuiltinRow & { row: "accessor" }, key: string): BuiltinRow => ({ ...row, key, codeOf: row.key });
export const accessor = (path: string, key: string, getterCode: Code, setterCode: Code, attributes: number = CONFIGURABLE): BuiltinRow & { row: "accessor" } => ({ row: "accessor", path, key, getter: getterCode, setter: setterCode, attributes });
export const value = (path: string, key: string, v: number | string | boolean | null | undefined, attributes: number = 0): BuiltinRow => ({ row: "value", path, key, value: v, attributes });
export const alias = (path: string, key: string, target: string, attributes: number = HIDDEN): BuiltinRow => ({ row: "alias", path, key, target, attributes });

/** The exports of one file of this folder. */
export interface BuiltinFile {
  readonly rows: readonly BuiltinRow[];
  /** Natives that only the prelude calls, as `$name(…)`: (area, argc) => Value with the arguments from `arg(area, argc, 0)`. */
  readonly natives: readonly string[];
  /** Natives that live in other files of assembly/builtins/, by file: the rows of an object stay together, their order is that of its keys. */
  readonly elsewhere?: Readonly<Record<string, readonly string[]>>;
}

/** "Array.prototype" + "[Symbol.iterator]" → arrayPrototypeSymbolIterator; prefix "get" or "set" for accessors. */
export function derivedName(path: string, key?: string, prefix = ""): string {
  const parts = [...(prefix === "" ? [] : [prefix]), ...path.split("."), ...(key === undefined ? [] : key.replace(/^\[|\]$/g, "").split("."))];
  const words = parts.flatMap((p) => p.split(/[^A-Za-z0-9$_]+/)).filter((p) => p !== "");
  const [first, ...rest] = words.map((w) => w);
  const lower = (w: string): string => (/^[A-Z]+$/.test(w) ? w.toLowerCase() : w[0]!.toLowerCase() + w.slice(1));
  return lower(first!) + rest.map((w) => w[0]!.toUpperCase() + w.slice(1)).join("") + (key === undefined && prefix === "" ? "Constructor" : "");
}
