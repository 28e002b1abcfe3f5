// Owns the intrinsic objects that native code reaches by number. Append only. The numbers of prelude functions follow these
// (ids.json).

export const INTRINSIC_OBJECTS = [
  "ObjectPrototype", "FunctionPrototype", "ArrayPrototype", "StringPrototype", "NumberPrototype", "BooleanPrototype", "SymbolPrototype",
  "BigIntPrototype", "ErrorPrototype", "TypeErrorPrototype", "RangeErrorPrototype", "SyntaxErrorPrototype", "ReferenceErrorPrototype",
  "EvalErrorPrototype", "URIErrorPrototype", "AggregateErrorPrototype", "SuppressedErrorPrototype", "IteratorPrototype", "AsyncIteratorPrototype",
  "ArrayIteratorPrototype", "MapIteratorPrototype", "SetIteratorPrototype", "StringIteratorPrototype", "GeneratorFunctionPrototype",
  "AsyncFunctionPrototype", "AsyncGeneratorFunctionPrototype", "GeneratorPrototype", "AsyncGeneratorPrototype", "PromisePrototype", "MapPrototype",
  "SetPrototype", "WeakMapPrototype", "WeakSetPrototype", "WeakRefPrototype", "Object", "Function", "Array", "String", "Number", "Boolean",
  "Symbol", "BigInt", "Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "AggregateError",
  "SuppressedError", "Promise", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "Iterator", "Math", "JSON", "Reflect", "ThrowTypeError",
  "WrapForValidIteratorPrototype", "IteratorHelperPrototype", "AsyncFromSyncIteratorPrototype", "FinalizationRegistryPrototype",
  // Functions that fast paths recognise; "_" is read as ".".
  "Array_prototype_values", "ArrayIteratorPrototype_next", "GeneratorPrototype_next", "Promise_prototype_then",
  "DisposableStackPrototype", "AsyncDisposableStackPrototype", "DatePrototype", "eval",
  "RegExpPrototype", "RegExp", "RegExpStringIteratorPrototype",
  "ModuleNamespaceTraps", "ModuleRegistry", "CallSitePrototype", "RegExpLegacy", "TimeZones", "LibraryHost", "DOMExceptionPrototype", "PerformanceState", "AtomicsState",
] as const;

/**
 * Words among the intrinsics that the core keeps for itself, by number: root shapes of fresh objects, tables, state that the guest
 * cannot reach. They are between the intrinsic objects and the well-known symbols.
 */
export const KEPT = {
  /** Of object literals with 0 … 16 inline slots: 17 words. */
  PLAIN_SHAPES: 100,
  ARRAY_SHAPE: 117,
  FUNCTION_SHAPE: 118,
  GENERATOR_FUNCTION_SHAPE: 119,
  ASYNC_FUNCTION_SHAPE: 120,
  ASYNC_GENERATOR_FUNCTION_SHAPE: 121,
  PROMISE_SHAPE: 122,
  GENERATOR_RESULT_SHAPE: 123,
  ARRAY_ITERATOR_SHAPE: 124,
  MAP_ITERATOR_SHAPE: 125,
  SET_ITERATOR_SHAPE: 126,
  ITERATOR_RESULT_SHAPE: 127,
  MAP_SHAPE: 128,
  SET_SHAPE: 129,
  CONSOLE_STATE: 130,
  STRING_ITERATOR_SHAPE: 131,
  REGEXP_ROOT_SHAPE: 150,
  REGEXP_SHAPE: 151,
  REGEXP_CACHE: 152,
  HELD_MATCH_SHAPE: 153,
  REGEXP_RESULT_SHAPE: 154,
  LAST_MATCH_SHAPE: 155,
  /** Found again through RegExpLegacy (assembly/builtins/regexp-legacy.ts). */
  LAST_MATCH: 156,
  SYMBOL_REGISTRY: 190,
} as const;

/** How a snapshot treats each of them (see Fate in layout.ts). */
export const KEPT_FATES: Readonly<Record<keyof typeof KEPT, "written" | "cache">> = {
  PLAIN_SHAPES: "cache",
  ARRAY_SHAPE: "cache",
  FUNCTION_SHAPE: "cache",
  LAST_MATCH_SHAPE: "cache",
  LAST_MATCH: "cache",
  GENERATOR_FUNCTION_SHAPE: "cache",
  ASYNC_FUNCTION_SHAPE: "cache",
  ASYNC_GENERATOR_FUNCTION_SHAPE: "cache",
  PROMISE_SHAPE: "cache",
  GENERATOR_RESULT_SHAPE: "cache",
  ARRAY_ITERATOR_SHAPE: "cache",
  MAP_ITERATOR_SHAPE: "cache",
  SET_ITERATOR_SHAPE: "cache",
  ITERATOR_RESULT_SHAPE: "cache",
  MAP_SHAPE: "cache",
  SET_SHAPE: "cache",
  CONSOLE_STATE: "written",
  STRING_ITERATOR_SHAPE: "cache",
  REGEXP_ROOT_SHAPE: "cache",
  REGEXP_SHAPE: "cache",
  REGEXP_CACHE: "cache",
  HELD_MATCH_SHAPE: "cache",
  REGEXP_RESULT_SHAPE: "cache",
  SYMBOL_REGISTRY: "written",
};
