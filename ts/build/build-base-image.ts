// Owns the making of the base image: compiles the prelude, drives build/fermata.builder.wasm through the rows of
// ts/defs/builtins, and puts the results into build/fermata*.wasm as custom sections. Must never know a builtin by name,
// except those that every realm is built around (Object.prototype, Function.prototype, globalThis, %ThrowTypeError%).
//
//   fermata.base     BASE_HEAD (ts/defs/exchange.ts),
//                    then the bytes of the VM block and the base cells, which have stubs of the prelude's functions only, packed
//                    (ts/defs/packed-format.ts)
//   fermata.prelude  the program images of the files of ts/prelude in their order, packed (ts/defs/packed-format.ts); they have the
//                    program ids PRELUDE_PROGRAM + n
//   fermata.ids      v count, then an address per row of ts/defs/base-ids.json, 0: the object no longer exists; each as s distance
//                    from the one before, in double words
//
// --release-only: the checking builds are left as they are.
// --strict: a row without its code, an intrinsic without its object, or a wasm built from other sources is an error instead of a warning.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ByteWriter } from "../bytes/writer.ts";
import { compileToImage } from "../compiler/compile.ts";
import { BASE_HEAD, BASE_HEAD_BYTES, BASE_VERSION } from "../defs/exchange.ts";
import { linkErrorText } from "../defs/link-errors.ts";
import { PRELUDE_PROGRAM } from "../defs/program-ids.ts";
import { ATOMS, WELL_KNOWN_SYMBOLS } from "../defs/atoms.ts";
import { BUILTIN_FILES } from "../defs/builtins/index.ts";
import { PROPERTY_ORDER } from "../defs/builtins/order.ts";
import { type BuiltinRow, type Code, CONFIGURABLE, derivedName, HIDDEN } from "../defs/builtins/rows.ts";
import { INTRINSIC_OBJECTS } from "../defs/intrinsics.ts";
import { BASE_START, VM_BLOCK } from "../defs/layout.ts";
import { ABI_HASH, KIND, VM_END } from "../generated/machine.ts";
import { INTRINSIC_IDS, NATIVE_IDS, PRELUDE_IDS } from "../generated/id-names.ts";
import { codesOf, programsOf } from "../machine/base-image.ts";
import { Core } from "../machine/core.ts";
import { bareCells, packCells } from "./pack-base.ts";
import { packPrelude } from "./pack-prelude.ts";
import { preludeSources } from "./prelude-sources.ts";
import { releasedSection } from "./released-prelude.ts";
import { endOfData, withCustomSections } from "./wasm-sections.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const FROZEN = 0;

const UNDEFINED = 0xfffffff0_00000000n;
const OBJECT_BITS = 0xfffffff8_00000000n;
const STRING_BITS = 0xfffffff9_00000000n;
const SYMBOL_BITS = 0xfffffffa_00000000n;

/** Exports of assembly/host/builder.ts. Addresses are numbers, values are bigints. */
interface Builder {
  readonly memory: WebAssembly.Memory;
  builderStart(): void;
  builderNativeCount(): number;
  builderPreludeCount(): number;
  builderSpace(bytes: number): number;
  builderString(length: number): number;
  builderAtom(index: number, atom: number): void;
  builderSymbol(description: number): number;
  builderLink(length: number, id: number, filename: number): number;
  builderError(): number;
  builderFunction(program: number, index: number): number;
  builderObject(kind: number, proto: number): number;
  builderSetPrimitive(object: number, value: bigint): void;
  builderNative(
    id: number,
    fallback: number,
    isConstructor: number,
    proto: number,
    name: number,
    length: number,
  ): number;
  builderFunctionPrototype(id: number, proto: number): number;
  builderThrowTypeError(id: number, proto: number): number;
  builderClosure(code: number, isConstructor: number, proto: number, name: number, length: number): number;
  builderHiddenClosure(code: number): number;
  builderNumber(n: number): bigint;
  builderDefine(object: number, key: number, value: bigint, attributes: number): void;
  builderAccessor(object: number, key: number, getter: number, setter: number, attributes: number): void;
  builderIntrinsic(index: number, value: bigint): void;
  builderGlobals(globalObject: number, globalLexical: number): void;
  builderKeep(cell: number): number;
  builderKept(n: number): number;
  builderFinish(): number;
}

export interface BaseImage {
  readonly base: Uint8Array;
  /** The cells without the parts that loading recomputes (`bareCells`). */
  readonly bare: Uint8Array;
  readonly images: readonly Uint8Array[];
  readonly prelude: Uint8Array;
  /** Stable name → address. */
  readonly ids: ReadonlyMap<string, number>;
  readonly warnings: readonly string[];
}

type Row<K extends BuiltinRow["row"]> = Extract<BuiltinRow, { row: K }>;

class BaseBuilder {
  private readonly x: Builder;
  private readonly rows: readonly BuiltinRow[] = Object.values(BUILTIN_FILES).flatMap(({ rows }) => rows);
  /** Objects by path, functions among them. */
  private readonly objects = new Map<string, number>();
  /** Code cells of prelude functions. */
  private readonly codes = new Map<string, number>();
  private readonly closures = new Map<string, number>();
  private readonly symbols = new Map<string, number>();
  /** Numbers of builderKeep by stable name. */
  private readonly kept = new Map<string, number>();
  private readonly images: Uint8Array[] = [];
  private readonly warnings: string[] = [];

  constructor(x: Builder) {
    this.x = x;
  }

  build(): BaseImage {
    const { x } = this;
    if (
      x.builderNativeCount() !== Object.keys(NATIVE_IDS).length ||
      x.builderPreludeCount() !== Object.keys(PRELUDE_IDS).length
    ) {
      throw new Error("build/fermata.builder.wasm and ts/generated are not of one make: run ts/build/build-wasm.ts");
    }
    x.builderStart();
    ATOMS.forEach((text, i) => x.builderAtom(i, this.atom(text)));
    this.makeRoots();
    for (const row of this.rows) if (row.row === "object") this.object(row.path);
    this.linkPrelude();
    for (const row of this.rows) if (row.row === "constructor") this.constructorOf(row.path);
    for (const row of this.rows) this.functions(row);
    this.hiddenFunctions();
    for (const row of this.rows) this.properties(row);
    this.defineAll();
    this.setIntrinsics();
    return this.finish();
  }

  private warn(text: string): void {
    this.warnings.push(text);
  }

  // --- text and keys

  private write(bytes: Uint8Array): void {
    const at = this.x.builderSpace(bytes.length);
    if (at === 0) throw new Error("too large for the builder's space");
    new Uint8Array(this.x.memory.buffer, at, bytes.length).set(bytes);
  }

  private atom(text: string): number {
    this.write(new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer));
    return this.x.builderString(text.length);
  }

  /** Address of the atom or symbol for a row's key. */
  private key(key: string): number {
    const symbol = /^\[Symbol\.(\w+)\]$/.exec(key)?.[1];
    if (symbol === undefined) return this.atom(key);
    const address = this.symbols.get(symbol);
    if (address === undefined) throw new Error(`no well-known symbol ${symbol}`);
    return address;
  }

  private value(v: number | string | boolean | null | undefined): bigint {
    if (typeof v === "number") return BigInt.asUintN(64, this.x.builderNumber(v));
    if (typeof v === "string") return STRING_BITS | BigInt(this.atom(v));
    if (v === undefined) return UNDEFINED;
    return UNDEFINED | (v === null ? 1n : v ? 3n : 2n);
  }

  private keep(name: string, cell: number): void {
    if (this.kept.has(name)) throw new Error(`two base objects are called ${name}`);
    this.kept.set(name, this.x.builderKeep(cell));
  }

  private intrinsic(name: string, value: bigint): void {
    this.x.builderIntrinsic(INTRINSIC_IDS[name]!, value);
  }

  // --- objects

  /** The objects and symbols that everything else refers to. */
  private makeRoots(): void {
    const { x } = this;
    const objectPrototype = x.builderObject(KIND.OBJECT, 0);
    this.addObject("Object.prototype", objectPrototype);
    this.intrinsic("ObjectPrototype", OBJECT_BITS | BigInt(objectPrototype));
    const functionPrototype = x.builderFunctionPrototype(this.native("functionPrototypeEmpty") ?? 0, objectPrototype);
    this.addObject("Function.prototype", functionPrototype);
    this.intrinsic("FunctionPrototype", OBJECT_BITS | BigInt(functionPrototype));
    for (const name of WELL_KNOWN_SYMBOLS) {
      const symbol = x.builderSymbol(this.atom(`Symbol.${name}`));
      this.symbols.set(name, symbol);
      this.keep(`@@${name}`, symbol);
      this.intrinsic(`Symbol_${name}`, SYMBOL_BITS | BigInt(symbol));
    }
    const arrayPrototype = this.object("Array.prototype");
    this.intrinsic("ArrayPrototype", OBJECT_BITS | BigInt(arrayPrototype));
    const globalLexical = x.builderObject(KIND.OBJECT, 0);
    this.keep("globalLexical", globalLexical);
    x.builderGlobals(this.object("globalThis"), globalLexical);
  }

  private addObject(path: string, address: number): number {
    this.objects.set(path, address);
    this.keep(path, address);
    return address;
  }

  /** The object of an object row, made with its parents if it is not there yet. */
  private object(path: string): number {
    const known = this.objects.get(path);
    if (known !== undefined) return known;
    const row = this.rows.find((r): r is Row<"object"> => r.row === "object" && r.path === path);
    if (row === undefined) {
      const constructorRow = this.rows.find((r) => r.row === "constructor" && r.path === path);
      if (constructorRow !== undefined) return this.constructorOf(path);
      this.warn(`no row makes ${path}: an empty object takes its place`);
      const address = this.x.builderObject(
        path === "globalThis" ? KIND.GLOBAL : KIND.OBJECT,
        this.objects.get("Object.prototype")!,
      );
      this.objects.set(path, address);
      return address;
    }
    const kind = (KIND as Readonly<Record<string, number>>)[row.kind];
    if (kind === undefined) throw new Error(`${path} is of an unknown kind ${row.kind}`);
    const address = this.x.builderObject(kind, row.parent === null ? 0 : this.object(row.parent));
    if (row.kind === "PRIMITIVE") {
      const primitives: Readonly<Record<string, number | string | boolean>> = {
        "String.prototype": "",
        "Number.prototype": 0,
        "Boolean.prototype": false,
      };
      const primitive = primitives[path];
      if (primitive === undefined) throw new Error(`what primitive does ${path} wrap?`);
      this.x.builderSetPrimitive(address, this.value(primitive));
    }
    return this.addObject(path, address);
  }

  // --- functions

  private linkPrelude(): void {
    const natives = new Map(Object.entries(NATIVE_IDS));
    const intrinsics = new Map([...Object.entries(PRELUDE_IDS), ...Object.entries(INTRINSIC_IDS)]);
    for (const [n, { file, source }] of preludeSources(root).entries()) {
      let compiled;
      try {
        compiled = compileToImage(source, {
          filename: `prelude/${file}`,
          mode: "prelude",
          prelude: { natives, intrinsics },
        });
      } catch (error) {
        const place = error as { line?: number; column?: number };
        this.warn(`ts/prelude/${file}:${place.line}:${place.column}: ${(error as Error).message}`);
        this.images.push(compileToImage("", { filename: `prelude/${file}`, mode: "prelude" }).image);
        continue;
      }
      const { image, functionNames } = compiled;
      const filename = this.atom(`prelude/${file}`);
      this.write(image);
      const program = this.x.builderLink(image.length, PRELUDE_PROGRAM + n, filename);
      if (program === 0) throw new Error(`ts/prelude/${file} does not link: ${linkErrorText(this.x.builderError())}`);
      this.images.push(image);
      // Top-level functions come before everything nested in them.
      functionNames.forEach((name, index) => {
        if (name in PRELUDE_IDS && !this.codes.has(name)) this.codes.set(name, this.x.builderFunction(program, index));
      });
      this.keep(`program ${file}`, program);
    }
    for (const [name, code] of this.codes) this.keep(`code $${name}`, code);
  }

  private native(name: string): number | undefined {
    const id = NATIVE_IDS[name];
    if (id === undefined) this.warn(`no native ${name}`);
    return id;
  }

  /** The closure of a prelude function that guests never see; 0 if the prelude has no such function. */
  private hidden(name: string): number {
    const known = this.closures.get(name);
    if (known !== undefined) return known;
    const code = this.codes.get(name);
    if (code === undefined) {
      this.warn(`no prelude function ${name}`);
      return 0;
    }
    const closure = this.x.builderHiddenClosure(code);
    this.closures.set(name, closure);
    this.keep(`$${name}`, closure);
    return closure;
  }

  /** The prelude function that takes over from a native; stacks show it by the name of the native. */
  private fallback(derived: string, name: string, length: number): number {
    const code = this.codes.get(derived);
    if (code === undefined) return this.hidden(derived);
    const closure = this.x.builderClosure(code, 0, 0, this.atom(name), length);
    this.closures.set(derived, closure);
    this.keep(`$${derived}`, closure);
    return closure;
  }

  private function(derived: string, code: Code, name: string, length: number, parent: number): number {
    const isConstructor = parent === 0 ? 0 : 1;
    if (code === "js") {
      const cell = this.codes.get(derived);
      if (cell === undefined) {
        this.warn(`no prelude function ${derived}`);
        return 0;
      }
      const closure = this.x.builderClosure(cell, isConstructor, parent, this.atom(name), length);
      this.closures.set(derived, closure);
      return closure;
    }
    const id = this.native(derived);
    if (id === undefined) return 0;
    const fallback = code === "native+js" ? this.fallback(derived, name, length) : 0;
    return this.x.builderNative(id, fallback, isConstructor, parent, this.atom(name), length);
  }

  private constructorOf(path: string): number {
    const known = this.objects.get(path);
    if (known !== undefined) return known;
    const row = this.rows.find((r): r is Row<"constructor"> => r.row === "constructor" && r.path === path);
    if (row === undefined) return this.object(path);
    const parent = this.object(row.parent ?? "Function.prototype");
    const made = this.function(derivedName(path), row.code, path.slice(path.lastIndexOf(".") + 1), row.length, parent);
    if (made !== 0) return this.addObject(path, made);
    // A placeholder object, so that the rest of its rows do not fail.
    const standIn = this.x.builderObject(KIND.OBJECT, parent);
    this.objects.set(path, standIn);
    return standIn;
  }

  private static pathOf(path: string, key: string): string {
    return key.startsWith("[") ? `${path}${key}` : path === "globalThis" ? key : `${path}.${key}`;
  }

  private functions(row: BuiltinRow): void {
    if (row.row === "method") {
      const path = BaseBuilder.pathOf(row.path, row.key);
      const fn = this.function(derivedName(row.path, row.key), row.code, row.name ?? row.key, row.length, 0);
      if (fn !== 0) this.addObject(path, fn);
    } else if (row.row === "accessor") {
      for (const [prefix, code, length] of [
        ["get", row.getter, 0],
        ["set", row.setter, 1],
      ] as const) {
        if (code === undefined) continue;
        const fn = this.function(
          derivedName(row.path, row.codeOf ?? row.key, prefix),
          code,
          `${prefix} ${row.key}`,
          length,
          0,
        );
        if (fn !== 0) this.addObject(`${prefix} ${BaseBuilder.pathOf(row.path, row.key)}`, fn);
      }
    }
  }

  private hiddenFunctions(): void {
    for (const [name, id] of Object.entries(PRELUDE_IDS)) {
      if (!this.codes.has(name)) continue;
      this.x.builderIntrinsic(id, OBJECT_BITS | BigInt(this.hidden(name)));
    }
  }

  // --- properties

  /** What is to be defined on each object, until all of it is known. */
  private readonly pending = new Map<string, { readonly key: string; readonly define: () => void }[]>();

  private later(path: string, key: string, define: () => void): void {
    const list = this.pending.get(path);
    if (list === undefined) this.pending.set(path, [{ key, define }]);
    else list.push({ key, define });
  }

  private define(path: string, key: string, value: bigint, attributes: number): void {
    this.later(path, key, () => this.x.builderDefine(this.object(path), this.key(key), value, attributes));
  }

  /** Defines the properties of every object in the order of PROPERTY_ORDER. */
  private defineAll(): void {
    for (const [path, list] of this.pending) {
      const order = PROPERTY_ORDER[path]?.split(" ") ?? [];
      const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
      for (const key of order)
        if (!list.some((one) => one.key === key)) this.warn(`no row makes ${path}.${key}, which has a place`);
      for (const { define } of list.toSorted((a, b) => rank(a.key) - rank(b.key))) define();
    }
  }

  private properties(row: BuiltinRow): void {
    switch (row.row) {
      case "object":
        if (row.global) this.define("globalThis", row.path, OBJECT_BITS | BigInt(this.object(row.path)), HIDDEN);
        break;
      case "constructor": {
        const fn = OBJECT_BITS | BigInt(this.constructorOf(row.path));
        if (row.prototype !== null) {
          this.define(row.path, "prototype", OBJECT_BITS | BigInt(this.object(row.prototype)), FROZEN);
          this.define(row.prototype, "constructor", fn, HIDDEN);
        }
        if (row.global) this.define("globalThis", row.path, fn, HIDDEN);
        break;
      }
      case "method": {
        const fn = this.objects.get(BaseBuilder.pathOf(row.path, row.key));
        if (fn !== undefined) this.define(row.path, row.key, OBJECT_BITS | BigInt(fn), row.attributes);
        break;
      }
      case "accessor": {
        const path = BaseBuilder.pathOf(row.path, row.key);
        const getter = this.objects.get(`get ${path}`) ?? 0;
        const setter = this.objects.get(`set ${path}`) ?? 0;
        this.later(row.path, row.key, () =>
          this.x.builderAccessor(this.object(row.path), this.key(row.key), getter, setter, row.attributes),
        );
        break;
      }
      case "value":
        this.define(row.path, row.key, this.value(row.value), row.attributes);
        break;
      case "alias": {
        const symbol = /^@@(\w+)$/.exec(row.target)?.[1];
        const target = symbol === undefined ? this.objects.get(row.target) : undefined;
        if (symbol !== undefined)
          this.define(row.path, row.key, SYMBOL_BITS | BigInt(this.symbols.get(symbol)!), row.attributes);
        else if (target === undefined) this.warn(`${row.path}.${row.key} is to be ${row.target}, which is not there`);
        else this.define(row.path, row.key, OBJECT_BITS | BigInt(target), row.attributes);
        break;
      }
    }
  }

  /** Path of the object that an intrinsic's name refers to. */
  private intrinsicPath(name: string): string {
    const row = this.rows.find((r) => r.row === "object" && r.intrinsic === name);
    if (row !== undefined) return row.path;
    if (this.objects.has(name)) return name;
    const path = name.replaceAll("_", ".");
    return this.objects.has(path) ? path : path.replace(/Prototype$/, ".prototype");
  }

  private setIntrinsics(): void {
    const thrower = this.x.builderThrowTypeError(
      this.native("throwTypeErrorFunction") ?? 0,
      this.object("Function.prototype"),
    );
    this.addObject("ThrowTypeError", thrower);
    // https://tc39.es/ecma262/#sec-addrestrictedfunctionproperties
    for (const key of ["caller", "arguments"]) {
      this.x.builderAccessor(this.object("Function.prototype"), this.key(key), thrower, thrower, CONFIGURABLE);
    }
    for (const name of INTRINSIC_OBJECTS) {
      const path = this.intrinsicPath(name);
      this.intrinsic(name, OBJECT_BITS | BigInt(this.object(path)));
    }
  }

  // --- the image

  private finish(): BaseImage {
    const { x } = this;
    const end = x.builderFinish();
    const ids = new Map([...this.kept].map(([name, n]) => [name, x.builderKept(n)]));
    const block = new Uint8Array(x.memory.buffer, VM_BLOCK, VM_END - VM_BLOCK);
    const cells = new Uint8Array(x.memory.buffer, BASE_START, end - BASE_START);
    const head = new Uint8Array(BASE_HEAD_BYTES);
    const view = new DataView(head.buffer);
    view.setUint32(BASE_HEAD.VERSION, BASE_VERSION, true);
    for (let i = 0; i < 8; i++) head[BASE_HEAD.ABI_HASH + i] = Number.parseInt(ABI_HASH.slice(2 * i, 2 * i + 2), 16);
    view.setUint32(BASE_HEAD.BLOCK_AT, VM_BLOCK, true);
    view.setUint32(BASE_HEAD.BLOCK_BYTES, block.length, true);
    view.setUint32(BASE_HEAD.CELLS_AT, BASE_START, true);
    view.setUint32(BASE_HEAD.CELLS_BYTES, cells.length, true);
    const { packed, strings, bare } = packCells(cells, BASE_START);
    return {
      base: join8(head, block, packed),
      bare,
      images: this.images,
      prelude: packPrelude(this.images, strings),
      ids,
      warnings: this.warnings,
    };
  }
}

function join8(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** Makes the base image with a compiled builder. The instance is a machine with that realm afterwards. */
export async function buildBaseImage(
  builderWasm: Uint8Array,
): Promise<{ image: BaseImage; exports: WebAssembly.Exports }> {
  const { instance } = await WebAssembly.instantiate(builderWasm as BufferSource, importStubs(builderWasm));
  return { image: new BaseBuilder(instance.exports as unknown as Builder).build(), exports: instance.exports };
}

/** The builder runs no guest code, so the imports of the shipped wasm are never called. */
function importStubs(wasm: Uint8Array): WebAssembly.Imports {
  const imports: Record<string, Record<string, () => never>> = {};
  for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(wasm as BufferSource))) {
    (imports[module] ??= {})[name] = () => {
      throw new Error(`the builder called ${module}.${name}`);
    };
  }
  return imports;
}

/** Appends new names to the list in ts/defs/base-ids.json and returns the table of addresses. */
function idTable(ids: ReadonlyMap<string, number>): Uint8Array {
  const path = join(root, "ts/defs/base-ids.json");
  const names: string[] = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as string[]) : [];
  const known = new Set(names);
  for (const name of ids.keys()) if (!known.has(name)) names.push(name);
  const text = JSON.stringify(names, null, 2) + "\n";
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  const out = new ByteWriter();
  out.v(names.length);
  let last = 0;
  for (const name of names) {
    const address = ids.get(name) ?? 0;
    out.s((address - last) / 8);
    last = address;
  }
  return out.done();
}

/** Bytes that a stub has in common with the whole cell: program, index, flags, registers, limits, name. */
const STUB_SHARED = { from: 8, to: 32 };

/** Why a wasm cannot unpack the base image, or makes code that does not fit the stubs: it may come from other sources. */
function problemOf(wasm: Uint8Array, { bare, images }: BaseImage): string | undefined {
  const end = endOfData(wasm);
  if (end > BASE_START) return `its static data ends at ${end}, after BASE_START (${BASE_START}, ts/defs/layout.ts)`;
  try {
    const core = new Core(new WebAssembly.Module(wasm as BufferSource));
    const { at, bytes } = core.baseCells;
    if (!Buffer.from(bare).equals(bareCells(bytes))) return "it unpacks other cells";
    for (const [i, image] of images.entries())
      if (!Buffer.from(image).equals(core.preludeImages[i]!)) return `it unpacks another image of prelude file ${i}`;
    // Addresses are places in memory.
    const memory = new Uint8Array(at + bytes.length);
    memory.set(bytes, at);
    const u32 = new Uint32Array(memory.buffer, 0, memory.length >> 2);
    for (const [id, program] of programsOf(bytes, at)) {
      for (const [index, stub] of codesOf(u32, program).entries()) {
        const { from, to } = STUB_SHARED;
        const cell = core.preludeCode.cell(id, index).subarray(from, to);
        if (!Buffer.from(cell).equals(memory.subarray(stub + from, stub + to)))
          return `its code of function ${index} of prelude file ${id - PRELUDE_PROGRAM} is another`;
      }
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function main(): Promise<void> {
  const { image } = await buildBaseImage(readFileSync(join(root, "build/fermata.builder.wasm")));
  for (const text of image.warnings) console.warn(`warning: ${text}`);
  const isStrict = process.argv.includes("--strict");
  const isReleaseOnly = process.argv.includes("--release-only");
  if (image.warnings.length > 0 && isStrict) {
    process.exitCode = 1;
    return;
  }
  const sections = {
    "fermata.base": image.base,
    "fermata.prelude": image.prelude,
    "fermata.ids": idTable(image.ids),
    "fermata.released": releasedSection(root, image.images),
  };
  const isVerbose = process.env["FERMATA_VERBOSE"] === "1";
  if (isVerbose)
    console.log(`base image ${image.base.length} bytes, prelude ${image.prelude.length}, ${image.ids.size} ids`);
  for (const name of isReleaseOnly ? ["fermata"] : ["fermata", "fermata.check", "fermata.stress"]) {
    const path = join(root, `build/${name}.wasm`);
    if (!existsSync(path)) continue;
    const old = readFileSync(path);
    const wasm = withCustomSections(old, sections);
    const problem = problemOf(wasm, image);
    if (problem !== undefined) {
      console.warn(`warning: build/${name}.wasm is left without its base image: ${problem}`);
      if (isStrict) process.exitCode = 1;
      continue;
    }
    if (!old.equals(wasm)) writeFileSync(path, wasm);
    if (isVerbose) console.log(`build/${name}.wasm: ${wasm.length} bytes`);
  }
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) await main();
