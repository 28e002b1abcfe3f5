// Owns all use of as-bind: the descriptor in the wasm, the instantiation through AssemblyScript's loader, and the cold exports that
// take or return strings and byte arrays. Must never be on a hot path: a call through here costs about a microsecond, and its
// arguments stay in the guest's heap until the next collection.
//
// as-bind itself would compile the bytes again and does not accept a `WebAssembly.Module`, the only form that Workers have. So the
// loader instantiates the module, and only as-bind's descriptor (written by its transform at build time) and converters are used.

import { instantiateSync } from "@assemblyscript/loader";
import { type BoundModule, type Converter, converters } from "as-bind/dist/as-bind.esm.js";
import { InternalError } from "../errors.ts";

/** A function's types, as written by as-bind's transform. */
interface FunctionDescriptor {
  readonly returnType: string;
  readonly parameters: readonly string[];
}

/** The description of the module by as-bind's transform. */
export interface Descriptor {
  readonly typeIds: Readonly<Record<string, { readonly id: number; readonly byteSize: number }>>;
  readonly importedFunctions: Readonly<Record<string, Readonly<Record<string, FunctionDescriptor>>>>;
  readonly exportedFunctions: Readonly<Record<string, FunctionDescriptor>>;
}

/** Reads the descriptor of a module. */
export function readDescriptor(module: WebAssembly.Module): Descriptor {
  const [section] = WebAssembly.Module.customSections(module, "as-bind_bindings");
  if (section === undefined) throw new InternalError("the wasm was not built with the as-bind transform");
  return JSON.parse(new TextDecoder().decode(section)) as Descriptor;
}

/** An instance. The objects that cold calls need are made at the first such call. */
export interface Instantiated {
  readonly exports: WebAssembly.Exports;
  cold(): Record<string, (...values: unknown[]) => unknown>;
}

const passThrough: Converter = {
  jsToAsc: (_module, value) => value,
  ascToJs: (_module, value) => value,
};

/** Id of ArrayBuffer in AssemblyScript. */
const ARRAY_BUFFER = 0;

/**
 * Passes a typed array in. As-bind's own converter looks the type up in the core's memory and pins what it makes, at each call;
 * but a typed array always is {buffer, start, bytes}, and the core collects only at safepoints.
 */
const typedArray: Converter = {
  jsToAsc(module, value, type) {
    const { buffer, byteOffset, byteLength } = value as Uint8Array;
    const { __new: make, memory } = module.raw as unknown as AllocatingExports;
    const bytes = make(byteLength, ARRAY_BUFFER);
    const array = make(12, module.getTypeId(type));
    new Uint32Array(memory.buffer, array, 3).set([bytes, bytes, byteLength]);
    new Uint8Array(memory.buffer, bytes, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
    return array;
  },
  ascToJs: (_module, value) => value,
};

/** The exports through which AssemblyScript's loader allocates. */
interface AllocatingExports {
  readonly memory: WebAssembly.Memory;
  __new(bytes: number, type: number): number;
}

function converterOf(type: string, isInward: boolean): Converter {
  if (isInward && type.startsWith("~lib/typedarray/")) return typedArray;
  for (const [pattern, converter] of converters) {
    if (typeof pattern === "string" ? pattern === type : pattern.test(type)) return converter;
  }
  return passThrough;
}

/** True if a parameter or the result needs a converter. Numbers of any width pass unchanged. */
function isCold({ parameters, returnType }: FunctionDescriptor): boolean {
  return [...parameters, returnType].some((type) => type.startsWith("~lib/"));
}

function bind(module: BoundModule, raw: (...values: unknown[]) => unknown, descriptor: FunctionDescriptor) {
  const inward = descriptor.parameters.map((type) => [type, converterOf(type, true)] as const);
  const outward = converterOf(descriptor.returnType, false);
  return (...values: unknown[]): unknown => {
    const passed = inward.map(([type, converter], i) => converter.jsToAsc(module, values[i], type));
    return outward.ascToJs(module, raw(...passed), descriptor.returnType);
  };
}

/** Makes an instance of a module. */
export function instantiate(
  module: WebAssembly.Module,
  descriptor: Descriptor,
  imports: WebAssembly.Imports,
): Instantiated {
  const loaded = instantiateSync(module, imports as Parameters<typeof instantiateSync>[1]);
  const raw = loaded.instance.exports;
  let bound: Record<string, (...values: unknown[]) => unknown> | undefined;
  return {
    exports: raw,
    cold() {
      if (bound !== undefined) return bound;
      const self: BoundModule = {
        exports: loaded.exports as unknown as Record<string, unknown>,
        raw,
        getTypeId(type) {
          const known = descriptor.typeIds[type];
          if (known === undefined) throw new InternalError(`the wasm does not know the type ${type}`);
          return known.id;
        },
      };
      bound = {};
      for (const [name, types] of Object.entries(descriptor.exportedFunctions)) {
        if (isCold(types)) bound[name] = bind(self, raw[name] as (...values: unknown[]) => unknown, types);
      }
      return bound;
    },
  };
}
