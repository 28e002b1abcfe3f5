// Owns the intrinsic objects that native code reaches by number. Append only. Prelude functions get numbers of their own
// behind these (ids.json).

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
  // With "_" read as ".": functions that fast paths recognise.
  "Array_prototype_values", "ArrayIteratorPrototype_next", "GeneratorPrototype_next", "Promise_prototype_then",
  "DisposableStackPrototype", "AsyncDisposableStackPrototype", "DatePrototype", "eval",
  "RegExpPrototype", "RegExp", "RegExpStringIteratorPrototype",
  "ModuleNamespaceTraps", "ModuleRegistry",
] as const;
