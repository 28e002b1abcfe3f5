// Owns all use of as-bind: its descriptor in the wasm, written by its transform at build time, and the cold exports, which take byte
// arrays. Must never be on a hot path: a call through here costs about a microsecond, and its arguments stay in the guest's heap until
// the next collection.
//
// as-bind's own instance class would compile the bytes again and does not accept a `WebAssembly.Module`, the only form that Workers
// have. Its loader accepts one, and costs 40 µs for each instance and 3 KB of the package. So the module is instantiated as it is, and
// typed arrays, the only values that a cold export takes, are passed in as AssemblyScript lays them out.

import { InternalError } from "../errors.ts";

/** A function's types, as written by as-bind's transform. */
interface FunctionDescriptor {
  readonly returnType: string;
  readonly parameters: readonly string[];
}

/** The description of the module by as-bind's transform. */
export interface Descriptor {
  readonly typeIds: Readonly<Record<string, { readonly id: number; readonly byteSize: number }>>;
  readonly exportedFunctions: Readonly<Record<string, FunctionDescriptor>>;
}

/** Reads the descriptor of a module. */
export function readDescriptor(module: WebAssembly.Module): Descriptor {
  const [section] = WebAssembly.Module.customSections(module, "as-bind_bindings");
  if (section === undefined) throw new InternalError("the wasm was not built with the as-bind transform");
  return JSON.parse(new TextDecoder().decode(section)) as Descriptor;
}

type Callable = (...values: unknown[]) => unknown;

/** An instance. The objects that cold calls need are made at the first such call. */
export interface Instantiated {
  readonly exports: WebAssembly.Exports;
  cold(): Record<string, Callable>;
}

/** The exports through which the host allocates (assembly/runtime/index.ts). */
interface AllocatingExports {
  readonly memory: WebAssembly.Memory;
  __new(bytes: number, type: number): number;
}

/** Id of ArrayBuffer in AssemblyScript. */
const ARRAY_BUFFER = 0;

/** Puts a typed array of that type into memory: {buffer, start, bytes}. Nothing needs a pin: the core collects only at safepoints. */
function passIn({ __new: make, memory }: AllocatingExports, value: Uint8Array | Uint32Array, type: number): number {
  const { buffer, byteOffset, byteLength } = value;
  const bytes = make(byteLength, ARRAY_BUFFER);
  const array = make(12, type);
  new Uint32Array(memory.buffer, array, 3).set([bytes, bytes, byteLength]);
  new Uint8Array(memory.buffer, bytes, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
  return array;
}

/** Whether values of that type are objects in the core's memory. Numbers of any width pass unchanged. */
const isObject = (type: string): boolean => type.startsWith("~lib/");

function bind(exports: WebAssembly.Exports, name: string, { exportedFunctions, typeIds }: Descriptor): Callable {
  const raw = exports[name] as Callable;
  const { parameters, returnType } = exportedFunctions[name]!;
  if (isObject(returnType))
    throw new InternalError(`the export ${name} returns ${returnType}, which the wrapper cannot read`);
  const types = parameters.map((type) => {
    if (!isObject(type)) return undefined;
    const known = typeIds[type];
    if (known === undefined || !type.startsWith("~lib/typedarray/"))
      throw new InternalError(`the export ${name} takes ${type}, which the wrapper cannot pass`);
    return known.id;
  });
  const allocating = exports as unknown as AllocatingExports;
  return (...values) =>
    raw(
      ...types.map((type, i) => (type === undefined ? values[i] : passIn(allocating, values[i] as Uint8Array, type))),
    );
}

/** Makes an instance of a module. */
export function instantiate(
  module: WebAssembly.Module,
  descriptor: Descriptor,
  imports: WebAssembly.Imports,
): Instantiated {
  const { exports } = new WebAssembly.Instance(module, imports);
  let bound: Record<string, Callable> | undefined;
  return {
    exports,
    cold() {
      bound ??= Object.fromEntries(
        Object.entries(descriptor.exportedFunctions)
          .filter(([, { parameters, returnType }]) => [...parameters, returnType].some(isObject))
          .map(([name]) => [name, bind(exports, name, descriptor)]),
      );
      return bound;
    },
  };
}
