// Owns code from strings and names that are resolved at run time: eval, the constructors of functions, the helpers that `with` and
// direct eval compile to. Must never compile anything itself: $compileSource asks the wrapper.

// --- compiling -----------------------------------------------------------------------------------------------------

/** The function that a source is; kind and extra: ts/machine/evaluate.ts. A source that is refused gives a message. */
function compiled(source, kind, extra, environment) {
  const f = $compileSource(source, kind, extra, environment);
  if (typeof f === "string") {
    if (f === "") $throwEvalError("Code generation from strings is not allowed: it needs the option allowEval");
    $throwSyntaxError(f);
  }
  return f;
}

/** https://tc39.es/ecma262/#sec-eval-x */
function globalThisEval(x) {
  if (typeof x !== "string") return x;
  return $call($compiled(x, 0, undefined, undefined), $globalObject());
}

/** https://tc39.es/ecma262/#sec-performeval, direct */
function evalDirect(x, scopes, environment) {
  if (typeof x !== "string") return x;
  return $call($compiled(x, 1, scopes, environment), $globalObject());
}

function isEval(f) {
  return f === $eval;
}

/** https://tc39.es/ecma262/#sec-createdynamicfunction; kind: 2 plain, 3 generator, 4 async, 5 async generator */
function createDynamicFunction(kind, args, newTarget, fallback) {
  const count = args.length;
  let parameters = "";
  for (let i = 0; i < count - 1; i++) {
    if (i > 0) parameters += ",";
    parameters += $toString(args[i]);
  }
  const body = count > 0 ? $toString(args[count - 1]) : "";
  const f = $call($compiled(body, kind, parameters, undefined), $globalObject());
  const prototype = $getPrototypeFromConstructor(newTarget, fallback);
  if (prototype !== fallback) $setPrototypeOrdinary(f, prototype);
  return f;
}

/** https://tc39.es/ecma262/#sec-function-p1-p2-pn-body */
function functionConstructor(...args) {
  "use constructor";
  return $createDynamicFunction(2, args, new.target, $FunctionPrototype);
}
/** https://tc39.es/ecma262/#sec-generatorfunction */
function generatorFunctionConstructor(...args) {
  "use constructor";
  return $createDynamicFunction(3, args, new.target, $GeneratorFunctionPrototype);
}
/** https://tc39.es/ecma262/#sec-async-function-constructor-arguments */
function asyncFunctionConstructor(...args) {
  "use constructor";
  return $createDynamicFunction(4, args, new.target, $AsyncFunctionPrototype);
}
/** https://tc39.es/ecma262/#sec-asyncgeneratorfunction */
function asyncGeneratorFunctionConstructor(...args) {
  "use constructor";
  return $createDynamicFunction(5, args, new.target, $AsyncGeneratorFunctionPrototype);
}

// --- object environment records ------------------------------------------------------------------------------------
// https://tc39.es/ecma262/#sec-object-environment-records

/** https://tc39.es/ecma262/#sec-with-statement-runtime-semantics-evaluation */
function withObject(value) {
  return $toObject(value);
}

/** Registers of code that no compiler made may hold anything. */
function isScope(object, name) {
  return $isObject(object) && typeof name === "string";
}

/** HasBinding */
function withHas(object, name) {
  if (!$isScope(object, name) || !$hasProperty(object, name)) return false;
  const unscopables = object[$Symbol_unscopables];
  return !$isObject(unscopables) || !unscopables[name];
}

/** GetBindingValue, also of variables that direct eval has made */
function scopeGet(object, name, strict) {
  if (!$isScope(object, name) || !$hasProperty(object, name)) {
    if (strict) $throwReferenceError(name + " is not defined");
    return undefined;
  }
  return object[name];
}

/** SetMutableBinding */
function scopeSet(object, name, value, strict) {
  if (!$isScope(object, name)) return;
  const exists = $hasProperty(object, name);
  if (strict && !exists) $throwReferenceError(name + " is not defined");
  if (!$opSetReceiver(object, name, value, object) && strict)
    $throwTypeError("Cannot assign to read only property '" + name + "' of object");
}

/** DeleteBinding */
function scopeDelete(object, name) {
  return $isScope(object, name) && $deleteProperty(object, name);
}

// --- declarations of direct and indirect eval ----------------------------------------------------------------------
// https://tc39.es/ecma262/#sec-evaldeclarationinstantiation
// Variables that direct eval adds to a function are properties of an object without a prototype, made when it is needed.

function scopeHas(variables, name) {
  return $isScope(variables, name) && $hasOwnOrdinary(variables, name);
}

function declareVariable(variables, name) {
  if (!$isScope(variables, name)) variables = $newObject(null);
  if (!$hasOwnOrdinary(variables, name)) $createDataOrdinary(variables, name, undefined);
  return variables;
}

function declareFunction(variables, name, f) {
  if (!$isScope(variables, name)) variables = $newObject(null);
  $createDataOrdinary(variables, name, f);
  return variables;
}

/** https://tc39.es/ecma262/#sec-candeclareglobalvar */
function checkGlobalVariable(name) {
  const global = $globalObject();
  if (!$hasOwnOrdinary(global, name) && !$isExtensibleOrdinary(global))
    $throwTypeError("Cannot define global variable '" + name + "', object is not extensible");
}

function canDeclareGlobal(name) {
  if ($hasOwnOrdinary($globalLexical(), name)) return false;
  const global = $globalObject();
  return $hasOwnOrdinary(global, name) || $isExtensibleOrdinary(global);
}

/** https://tc39.es/ecma262/#sec-createglobalvarbinding */
function declareGlobalVariable(name) {
  const global = $globalObject();
  if (!$hasOwnOrdinary(global, name) && $isExtensibleOrdinary(global)) $createDataOrdinary(global, name, undefined);
}

/** https://tc39.es/ecma262/#sec-createglobalfunctionbinding */
function declareGlobalFunction(name, f) {
  const global = $globalObject();
  const own = $getOwnOrdinary(global, name);
  const flags = own === undefined || (own[0] & 4) !== 0 ? 247 : 16;
  $defineOrThrow(global, name, [flags, f, undefined, undefined]);
  $opSetReceiver(global, name, f, global);
}
