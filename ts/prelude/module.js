// Owns modules: records, loading, linking, evaluation, import(). Namespace objects are in module-namespace.js.
// https://tc39.es/ecma262/#sec-modules
//
// A record is an object without a prototype that no guest sees. The functions of a module's image: number 0 returns an array that
// describes it (ts/compiler/scope/modules.ts), number 1 instantiates it over its cells and returns what $startModule runs.
//
//   status   0 not linked · 2 linking · 3 linked · 4 evaluating · 5 evaluating-async · 6 evaluated
//   visit    number of the loading that came here last
//   order    place among the modules that evaluate asynchronously; 0 unset, -1 done
//   failed   [error] once evaluation failed

/** What the realm knows of its modules. */
function moduleRegistry() {
  const registry = $ModuleRegistry;
  if (registry.records === undefined) {
    registry.records = $newObject(null);
    registry.loads = $newObject(null);
    registry.order = 0;
    registry.visits = 0;
  }
  return registry;
}

/** The record of the module that the machine knows under that number. */
function moduleRecord(id) {
  const registry = $moduleRegistry();
  const known = registry.records[id];
  if (known !== undefined) return known;
  const describe = $moduleDescriptor(id);
  if (describe === undefined) $throwTypeError("not a module");
  const description = $call(describe, undefined);
  const record = $newObject(null);
  record.id = id;
  record.file = $moduleFile(id);
  record.isJson = description[0] === 2;
  record.isAsync = description[0] === 1;
  record.status = 0;
  record.isMain = false;
  record.visit = 0;
  record.failed = undefined;
  record.namespace = undefined;
  record.root = undefined;
  record.promise = undefined;
  record.order = 0;
  record.waitsFor = 0;
  record.parents = undefined;
  record.index = 0;
  record.ancestor = 0;
  record.code = undefined;
  if (record.isJson) $jsonModule(record, description[1]);
  else $sourceModule(record, description);
  registry.records[id] = record;
  return record;
}

function sourceModule(record, description) {
  record.requests = description[1];
  record.loaded = $newArray(4);
  record.imports = description[2];
  record.exports = $newObject(null);
  const exports = description[3];
  for (let i = 0; i < exports.length; i += 2) record.exports[exports[i]] = exports[i + 1];
  record.indirect = description[4];
  record.indirectAt = $newObject(null);
  for (let i = 0; i < record.indirect.length; i += 4) record.indirectAt[record.indirect[i]] = i;
  record.stars = description[5];
  record.cells = $newModuleCells(description[6]);
  record.meta = description[7];
  record.completion = description[8];
}

/** https://tc39.es/ecma262/#sec-parse-json-module: a synthetic module, which is there at once. */
function jsonModule(record, text) {
  record.cells = $newModuleCells(1);
  let value;
  try {
    value = $jsonParse(text, undefined);
  } catch (e) {
    $throwSyntaxError("JSON module '" + record.file + "': " + e.message);
  }
  $setCellValue(record.cells, 0, value);
  record.requests = $newArray(0);
  record.indirect = record.requests;
  record.stars = record.requests;
  record.exports = $newObject(null);
  record.exports.default = 0;
  record.indirectAt = $newObject(null);
  record.completion = -1;
  record.status = 6;
  record.root = record;
}

// --- loading -------------------------------------------------------------------------------------------------------

function isRelative(specifier) {
  return (
    $stringStartsWith(specifier, "./") || $stringStartsWith(specifier, "../") || specifier === "." || specifier === ".."
  );
}

/** The name that a relative specifier has beside the file that asks. Names are paths or URLs with "/". */
function joinNames(file, specifier) {
  const parts = $stringSplit(file, "/");
  let end = parts.length - 1;
  const steps = $stringSplit(specifier, "/");
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    if (step === ".") continue;
    if (step === ".." && end > 0 && parts[end - 1] !== "..") end--;
    else {
      // Own data properties of an internal array.
      if (end < parts.length) parts[end] = step;
      else $arrayAppend(parts, step);
      end++;
    }
  }
  let name = "";
  for (let i = 0; i < end; i++) name += i === 0 ? parts[i] : "/" + parts[i];
  return name;
}

/** Number of the module at hand that such a name means, -1 if there is no such module: as it is, with an ending, or as a folder. */
function findFile(name) {
  let id = $findModule(name);
  if (id >= 0) return id;
  // TypeScript is imported under the name that it is compiled to.
  if ($stringEndsWith(name, ".js")) id = $findModule($stringSlice(name, 0, -2) + "ts");
  else if ($stringEndsWith(name, ".mjs")) id = $findModule($stringSlice(name, 0, -3) + "mts");
  if (id >= 0) return id;
  const endings = [".ts", ".mts", ".js", ".mjs", ".json", "/index.ts", "/index.mts", "/index.js", "/index.mjs"];
  for (let i = 0; i < 9 && id < 0; i++) id = $findModule(name + endings[i]);
  return id;
}

function checkType(record, specifier, type) {
  if (type === "json" && !record.isJson) $throwTypeError("Module '" + specifier + "' is not of type 'json'");
  return record;
}

/**
 * HostLoadImportedModule: the record, or a promise of it. place: the frame of a stack that asks.
 * https://tc39.es/ecma262/#sec-HostLoadImportedModule
 */
function loadModule(file, specifier, type, place) {
  if ($stringStartsWith(type, "!"))
    $throwSyntaxError("Import attribute '" + $stringSlice(type, 1) + "' is not supported");
  if (type !== "" && type !== "json")
    $throwTypeError("Import attribute 'type' with value '" + type + "' is not supported");
  const name = $isRelative(specifier) ? $joinNames(file, specifier) : specifier;
  const loads = $moduleRegistry().loads;
  // What a bare specifier means may depend on who asks.
  const key = type + ":" + name + (name === specifier ? "\n" + file : "");
  const known = loads[key];
  if (known !== undefined) return known;
  const id = $findFile(name);
  if (id >= 0) return $checkType($moduleRecord(id), specifier, type);
  const attributes = $newObject($ObjectPrototype);
  if (type !== "") $createDataOrdinary(attributes, "type", type);
  const loading = $makePromise($PromisePrototype);
  loads[key] = loading;
  $addReactions(
    $requestModule(specifier, file, attributes, name, place),
    (id) => {
      try {
        // What the host gave is no module: [message, place].
        if ($isArray(id)) $refuseSource(id[0], id[1]);
        const record = $checkType($moduleRecord(id), specifier, type);
        loads[key] = record;
        $settleFulfilled(loading, record);
      } catch (e) {
        $failLoad(loads, key, loading, e, place);
      }
    },
    (e) => $failLoad(loads, key, loading, e, place),
    $makePromise($PromisePrototype),
  );
  return loading;
}

function refuseSource(message, place) {
  const error = $newError($SyntaxErrorPrototype);
  $definePropertyOrThrow(error, "message", message, 5);
  $locateError(error, "\n    at " + place, true);
  throw error;
}

/** It can be asked for again. */
function failLoad(loads, key, loading, error, place) {
  loads[key] = undefined;
  $locateError(error, place);
  $settleRejected(loading, error);
}

/** https://tc39.es/ecma262/#sec-LoadRequestedModules: a promise */
function loadRequestedModules(record) {
  const state = $newObject(null);
  state.promise = $makePromise($PromisePrototype);
  state.isLoading = true;
  state.pending = 1;
  state.visit = ++$ModuleRegistry.visits;
  $innerModuleLoading(state, record);
  return state.promise;
}

/** https://tc39.es/ecma262/#sec-InnerModuleLoading */
function innerModuleLoading(state, record) {
  if (record.status === 0 && record.visit !== state.visit) {
    record.visit = state.visit;
    const requests = record.requests;
    state.pending += requests.length / 3;
    for (let i = 0; i < requests.length; i += 3) {
      const known = record.loaded[i / 3];
      if (known !== undefined && known !== null) $innerModuleLoading(state, known);
      else $loadRequest(state, record, i);
      if (!state.isLoading) return;
    }
  }
  if (--state.pending !== 0) return;
  state.isLoading = false;
  $settleFulfilled(state.promise, undefined);
}

function loadRequest(state, record, i) {
  const requests = record.requests;
  const place = $modulePlace(record.id, requests[i + 2]);
  let loaded;
  try {
    loaded = $loadModule(record.file, requests[i], requests[i + 1], place);
  } catch (e) {
    $locateError(e, place);
    $failLoading(state, e);
    return;
  }
  if (!$isPromise(loaded)) {
    $requestLoaded(state, record, i, loaded);
    return;
  }
  $addReactions(
    loaded,
    (value) => $requestLoaded(state, record, i, value),
    (e) => $failLoading(state, e),
    $makePromise($PromisePrototype),
  );
}

/** https://tc39.es/ecma262/#sec-ContinueModuleLoading */
function requestLoaded(state, record, i, loaded) {
  $setLoaded(record.loaded, i / 3, loaded);
  if (state.isLoading) $innerModuleLoading(state, loaded);
}

function setLoaded(list, index, loaded) {
  while (list.length <= index) $arrayAppend(list, null);
  list[index] = loaded;
}

function failLoading(state, error) {
  if (!state.isLoading) return;
  state.isLoading = false;
  $settleRejected(state.promise, error);
}

// --- linking -------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-moduledeclarationlinking */
function linkModule(record) {
  const stack = $newArray(4);
  try {
    $innerModuleLinking(record, stack, 0);
  } catch (e) {
    for (let i = 0; i < stack.length; i++) if (stack[i].status === 2) stack[i].status = 0;
    throw e;
  }
}

/** https://tc39.es/ecma262/#sec-InnerModuleLinking; a module leaves the stack by its status */
function innerModuleLinking(record, stack, index) {
  if (record.status !== 0) return index;
  record.status = 2;
  record.index = record.ancestor = index++;
  const at = stack.length;
  $arrayAppend(stack, record);
  const count = record.requests.length / 3;
  for (let i = 0; i < count; i++) {
    const required = record.loaded[i];
    index = $innerModuleLinking(required, stack, index);
    if (required.status === 2 && required.ancestor < record.ancestor) record.ancestor = required.ancestor;
  }
  $initializeEnvironment(record);
  if (record.ancestor === record.index)
    for (let i = at; i < stack.length; i++) if (stack[i].status === 2) stack[i].status = 3;
  return index;
}

/** https://tc39.es/ecma262/#sec-source-text-module-record-initialize-environment */
function initializeEnvironment(record) {
  const indirect = record.indirect;
  for (let i = 0; i < indirect.length; i += 4) {
    const found = $resolveExport(record, indirect[i], $newArray(1));
    if (!$isObject(found)) {
      const request = record.requests[indirect[i + 1] * 3];
      $refuseImport(record, request, indirect[i + 2], indirect[i + 3], found);
    }
  }
  const imports = record.imports;
  for (let i = 0; i < imports.length; i += 4) {
    const imported = record.loaded[imports[i]];
    const cell = imports[i + 2];
    if (imports[i + 1] === null) {
      $setCellValue(record.cells, cell, $moduleNamespace(imported));
      continue;
    }
    const found = $resolveExport(imported, imports[i + 1], $newArray(1));
    if (!$isObject(found))
      $refuseImport(record, record.requests[imports[i] * 3], imports[i + 1], imports[i + 3], found);
    if (found[1] < 0) $setCellValue(record.cells, cell, $moduleNamespace(found[0]));
    else $shareCell(record.cells, cell, found[0].cells, found[1]);
  }
  if (record.meta >= 0) {
    // https://tc39.es/ecma262/#sec-meta-properties-runtime-semantics-evaluation
    const meta = $newObject(null);
    meta.url = record.file;
    $setCellValue(record.cells, record.meta, meta);
  }
  record.code = $call($moduleFunction(record.id, record.cells), undefined);
}

function refuseImport(record, specifier, name, offset, found) {
  const error = $newError($SyntaxErrorPrototype);
  const what = found === null ? "does not provide an export named '" : "contains conflicting star exports for name '";
  $definePropertyOrThrow(error, "message", "The requested module '" + specifier + "' " + what + name + "'", 5);
  $locateError(error, $modulePlace(record.id, offset), true);
  throw error;
}

/**
 * [record, cell] (cell -1: the namespace object), null, or undefined if it is ambiguous. seen: record, name, record, name …
 * https://tc39.es/ecma262/#sec-resolveexport
 */
function resolveExport(record, name, seen) {
  for (let i = 0; i < seen.length; i += 2) if (seen[i] === record && seen[i + 1] === name) return null;
  $arrayAppend(seen, record);
  $arrayAppend(seen, name);
  const cell = record.exports[name];
  if (cell !== undefined) return [record, cell];
  const at = record.indirectAt[name];
  if (at !== undefined) {
    const imported = record.loaded[record.indirect[at + 1]];
    if (record.indirect[at + 2] === null) return [imported, -1];
    return $resolveExport(imported, record.indirect[at + 2], seen);
  }
  if (name === "default") return null;
  let star = null;
  for (let i = 0; i < record.stars.length; i++) {
    const found = $resolveExport(record.loaded[record.stars[i]], name, seen);
    if (found === undefined) return undefined;
    if (found === null) continue;
    if (star === null) star = found;
    else if (star[0] !== found[0] || star[1] !== found[1]) return undefined;
  }
  return star;
}

// --- evaluation ----------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-moduleevaluation: a promise */
function evaluateModule(record) {
  if (record.status >= 5 && record.root !== undefined) record = record.root;
  if (record.promise !== undefined) return record.promise;
  const promise = $makePromise($PromisePrototype);
  record.promise = promise;
  const stack = $newArray(4);
  try {
    $innerModuleEvaluation(record, stack, 0);
    if (record.status === 6) $settleFulfilled(promise, undefined);
  } catch (e) {
    for (let i = 0; i < stack.length; i++) {
      if (stack[i].status !== 4) continue;
      stack[i].status = 6;
      stack[i].failed = [e];
      stack[i].root = stack[i];
      stack[i].code = undefined;
    }
    $settleRejected(promise, e);
  }
  return promise;
}

/** https://tc39.es/ecma262/#sec-innermoduleevaluation; a module leaves the stack by its status */
function innerModuleEvaluation(record, stack, index) {
  if (record.status >= 5) {
    if (record.failed !== undefined) throw record.failed[0];
    return index;
  }
  if (record.status === 4) return index;
  record.status = 4;
  record.index = record.ancestor = index++;
  record.waitsFor = 0;
  record.parents = $newArray(0);
  const at = stack.length;
  $arrayAppend(stack, record);
  const count = record.requests.length / 3;
  for (let i = 0; i < count; i++) {
    let required = record.loaded[i];
    index = $innerModuleEvaluation(required, stack, index);
    if (required.status === 4) {
      if (required.ancestor < record.ancestor) record.ancestor = required.ancestor;
    } else {
      required = required.root;
      if (required.failed !== undefined) throw required.failed[0];
    }
    if (required.order > 0) {
      record.waitsFor++;
      $arrayAppend(required.parents, record);
    }
  }
  if (record.waitsFor > 0 || record.isAsync) {
    record.order = ++$ModuleRegistry.order;
    if (record.waitsFor === 0) $executeAsyncModule(record);
  } else $executeModule(record);
  if (record.ancestor === record.index) {
    for (let i = at; i < stack.length; i++) {
      const member = stack[i];
      if (member.status !== 4) continue;
      member.status = member.order === 0 ? 6 : 5;
      member.root = record;
    }
  }
  return index;
}

/** A promise if the module is async. */
function executeModule(record) {
  const code = record.code;
  record.code = undefined;
  const result = $startModule(code);
  if (!record.isAsync) $forgetCompletion(record);
  return result;
}

/** Only the program's own completion value is ever asked for. */
function forgetCompletion(record) {
  if (!record.isMain && record.completion >= 0) $setCellValue(record.cells, record.completion, undefined);
}

/** https://tc39.es/ecma262/#sec-execute-async-module */
function executeAsyncModule(record) {
  $addReactions(
    $executeModule(record),
    () => $asyncModuleFulfilled(record),
    (e) => $asyncModuleRejected(record, e),
    $makePromise($PromisePrototype),
  );
}

/** https://tc39.es/ecma262/#sec-gather-available-ancestors; list: in the order in which they may run */
function gatherAvailableAncestors(record, list) {
  const parents = record.parents;
  for (let i = 0; i < parents.length; i++) {
    const parent = parents[i];
    if (parent.waitsFor === 0 || parent.root.failed !== undefined) continue;
    if (--parent.waitsFor !== 0) continue;
    let at = list.length;
    $arrayAppend(list, parent);
    for (; at > 0 && list[at - 1].order > parent.order; at--) list[at] = list[at - 1];
    list[at] = parent;
    if (!parent.isAsync) $gatherAvailableAncestors(parent, list);
  }
}

function moduleDone(record) {
  record.order = -1;
  record.status = 6;
  if (record.promise !== undefined) $settleFulfilled(record.promise, undefined);
}

/** https://tc39.es/ecma262/#sec-async-module-execution-fulfilled */
function asyncModuleFulfilled(record) {
  if (record.status === 6) return;
  $forgetCompletion(record);
  $moduleDone(record);
  const list = $newArray(2);
  $gatherAvailableAncestors(record, list);
  for (let i = 0; i < list.length; i++) {
    const parent = list[i];
    if (parent.status === 6) continue;
    if (parent.isAsync) $executeAsyncModule(parent);
    else {
      let failed;
      try {
        $executeModule(parent);
      } catch (e) {
        failed = [e];
      }
      if (failed !== undefined) $asyncModuleRejected(parent, failed[0]);
      else $moduleDone(parent);
    }
  }
}

/** https://tc39.es/ecma262/#sec-async-module-execution-rejected */
function asyncModuleRejected(record, error) {
  if (record.status === 6) return;
  record.failed = [error];
  record.status = 6;
  record.order = -1;
  record.code = undefined;
  if (record.promise !== undefined) $settleRejected(record.promise, error);
  for (let i = 0; i < record.parents.length; i++) $asyncModuleRejected(record.parents[i], error);
}

// --- programs and import() -----------------------------------------------------------------------------------------

/** What runs a module that is a program: a promise of its completion value. */
function runModule(id) {
  const promise = $makePromise($PromisePrototype);
  let record;
  try {
    record = $moduleRecord(id);
    record.isMain = true;
  } catch (e) {
    $settleRejected(promise, e);
    return promise;
  }
  $loadAndEvaluate(promise, record, () =>
    record.completion < 0 ? undefined : $cellValue(record.cells, record.completion),
  );
  return promise;
}

/** https://tc39.es/ecma262/#sec-ContinueDynamicImport; in the end the promise is resolved with what `result` returns. */
function loadAndEvaluate(promise, record, result) {
  const reject = (e) => $settleRejected(promise, e);
  const nobody = $makePromise($PromisePrototype);
  $addReactions(
    $loadRequestedModules(record),
    () => {
      let evaluated;
      try {
        $linkModule(record);
        evaluated = $evaluateModule(record);
      } catch (e) {
        $settleRejected(promise, e);
        return;
      }
      $addReactions(evaluated, () => $resolvePromise(promise, result()), reject, nobody);
    },
    reject,
    nobody,
  );
}

/** https://tc39.es/ecma262/#sec-evaluate-import-call */
function importCall(file, specifier, options) {
  const promise = $makePromise($PromisePrototype);
  let loaded;
  try {
    const name = $toString(specifier);
    const type = options === undefined ? "" : $importType(options);
    if ($stringStartsWith(type, "!"))
      $throwTypeError("Import attribute '" + $stringSlice(type, 1) + "' is not supported");
    loaded = $loadModule(file, name, type, $stackText(""));
  } catch (e) {
    $settleRejected(promise, e);
    return promise;
  }
  const go = (record) => $loadAndEvaluate(promise, record, () => $moduleNamespace(record));
  if ($isPromise(loaded))
    $addReactions(loaded, go, (e) => $settleRejected(promise, e), $makePromise($PromisePrototype));
  else go(loaded);
  return promise;
}

/** The attribute `type` in the options of import(); after "!" the name of one that is not known. */
function importType(options) {
  if (!$isObject(options)) $throwTypeError("The second argument of import() must be an object");
  const attributes = options.with;
  if (attributes === undefined) return "";
  if (!$isObject(attributes)) $throwTypeError("The 'with' option of import() must be an object");
  const keys = $ownPropertyKeys(attributes);
  let type = "";
  let isWrong = false;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key === "symbol") continue;
    const d = $getOwnProperty(attributes, $toPropertyKey(key));
    if (d === undefined || (d[0] & 2) === 0) continue;
    const value = attributes[key];
    if (typeof value !== "string") isWrong = true;
    else if (key !== "type") type = "!" + key;
    else if (!$stringStartsWith(type, "!")) type = value;
  }
  if (isWrong) $throwTypeError("The value of an import attribute must be a string");
  return type;
}
