// Owns the halves of JSON that call guest code: revivers, replacers, toJSON, getters, proxies. Must never parse by itself.

// https://tc39.es/ecma262/#sec-json.parse
function jsonParse(text, reviver) {
  const source = $toString(text);
  const value = $jsonValue(source);
  if (!$isCallable(reviver)) return value;
  const record = $parseRecord(value, $jsonSources(source));
  const root = $newObject($ObjectPrototype);
  $createDataPropertyOrThrow(root, "", value);
  return $internalizeProperty(root, "", reviver, record);
}

// JSON Parse Record: [value, source text or undefined, records of elements or undefined, keys or undefined].
// https://tc39.es/ecma262/#sec-json-parse-record
function parseRecord(value, source) {
  if (!$isObject(value)) return [value, source, undefined, undefined];
  const list = $newArray(4);
  if ($isArray(value)) {
    for (let i = 0; i < value.length; i++) $arrayAppend(list, $parseRecord(value[i], source[i]));
    return [value, undefined, list, undefined];
  }
  const keys = $ownKeysOrdinary(value, 1);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    // Own data properties, even `__proto__`.
    $arrayAppend(list, $parseRecord($getOwnOrdinary(value, key)[1], $getOwnOrdinary(source, key)[1]));
  }
  return [value, undefined, list, keys];
}

// https://tc39.es/ecma262/#sec-internalizejsonproperty; record: of what stood there when it was parsed, or undefined
function internalizeProperty(holder, name, reviver, record) {
  const value = holder[name];
  const context = $newObject($ObjectPrototype);
  const known = record !== undefined && $sameValue(record[0], value);
  if ($isObject(value)) {
    if ($isArray(value)) {
      const length = $lengthOfArrayLike(value);
      for (let i = 0; i < length; i++) {
        const element = known && record[2] !== undefined && i < record[2].length ? record[2][i] : undefined;
        $internalizeElement(value, $toStringPrimitive(i), reviver, element);
      }
    } else {
      const keys = $enumerableStringKeys(value);
      for (let i = 0; i < keys.length; i++)
        $internalizeElement(value, keys[i], reviver, known ? $recordOf(record, keys[i]) : undefined);
    }
  } else if (known) $createDataPropertyOrThrow(context, "source", record[1]);
  return $call(reviver, holder, name, value, context);
}

function recordOf(record, key) {
  const keys = record[3];
  if (keys === undefined) return undefined;
  for (let i = 0; i < keys.length; i++) if (keys[i] === key) return record[2][i];
  return undefined;
}

function internalizeElement(value, key, reviver, record) {
  const element = $internalizeProperty(value, key, reviver, record);
  const k = $toPropertyKey(key);
  if (element === undefined) $deleteProperty(value, k);
  else $createDataProperty(value, k, element);
}

// https://tc39.es/ecma262/#sec-enumerableownproperties of keys: an internal array
function enumerableStringKeys(o) {
  const keys = $ownKeysOrdinary(o, 5);
  if (keys !== $hole) return keys;
  const all = $ownPropertyKeys(o);
  const list = $newArray(4);
  for (let i = 0; i < all.length; i++) {
    if (typeof all[i] === "symbol") continue;
    const descriptor = $getOwnProperty(o, $toPropertyKey(all[i]));
    if (descriptor !== undefined && (descriptor[0] & 2) !== 0) $arrayAppend(list, all[i]);
  }
  return list;
}

// --- stringify -------------------------------------------------------------------------------------------------------------

// State: [replacer function, property list, gap, open objects, keys that led to them]
// https://tc39.es/ecma262/#sec-json.stringify
function jsonStringify(value, replacer, space) {
  let replace;
  let list;
  if ($isObject(replacer)) {
    if ($isCallable(replacer)) replace = replacer;
    else if ($isArray(replacer)) list = $propertyList(replacer);
  }
  if ($isObject(space)) {
    const kind = $wrapperKind(space);
    if (kind === 1) space = $toNumber(space);
    else if (kind === 2) space = $toString(space);
  }
  let gap = "";
  if (typeof space === "number") {
    const n = $toIntegerOrInfinity(space);
    for (let i = 0; i < n && i < 10; i++) gap += " ";
  } else if (typeof space === "string") gap = space.length <= 10 ? space : $stringSlice(space, 0, 10);
  const wrapper = $newObject($ObjectPrototype);
  $createDataPropertyOrThrow(wrapper, "", value);
  return $serializeProperty([replace, list, gap, $newArray(8), $newArray(8)], wrapper, "", value, "");
}

function propertyList(replacer) {
  const list = $newArray(4);
  const seen = $createCollection(1, $SetPrototype);
  const length = $lengthOfArrayLike(replacer);
  for (let i = 0; i < length; i++) {
    const v = replacer[i];
    let item;
    if (typeof v === "string") item = v;
    else if (typeof v === "number") item = $toString(v);
    else if ($isObject(v)) {
      const kind = $wrapperKind(v);
      if (kind === 1 || kind === 2) item = $toString(v);
    }
    if (item === undefined || $tableHas(seen, item)) continue;
    $tableSet(seen, item, undefined);
    $arrayAppend(list, item);
  }
  return list;
}

// https://tc39.es/ecma262/#sec-serializejsonproperty; value: what holder[key] is
function serializeProperty(state, holder, key, value, indent) {
  if ($isObject(value) || typeof value === "bigint") {
    const toJson = value.toJSON;
    if ($isCallable(toJson)) value = $call(toJson, value, key);
  }
  if (state[0] !== undefined) value = $call(state[0], holder, key, value);
  if ($isObject(value)) {
    const kind = $wrapperKind(value);
    if (kind === 1) value = $toNumber(value);
    else if (kind === 2) value = $toString(value);
    else if (kind === 3 || kind === 4) value = $wrapped(value);
    else if (kind === 5) return $slot(value, 0);
  }
  if (value === null) return "null";
  if (value === true) return "true";
  if (value === false) return "false";
  if (typeof value === "string") return $jsonQuote(value);
  if (typeof value === "number") return value - value === 0 ? $toString(value) : "null";
  if (typeof value === "bigint") $throwTypeError("Do not know how to serialize a BigInt");
  if (!$isObject(value) || $isCallable(value)) return undefined;
  const open = state[3];
  for (let i = 0; i < open.length; i++) if (open[i] === value) $throwCircle(state, i, key);
  $arrayAppend(open, value);
  $arrayAppend(state[4], key);
  const text = $isArray(value) ? $serializeArray(state, value, indent) : $serializeObject(state, value, indent);
  $dropLast(open);
  $dropLast(state[4]);
  return text;
}

// https://tc39.es/ecma262/#sec-serializejsonobject
function serializeObject(state, o, indent) {
  const keys = state[1] !== undefined ? state[1] : $enumerableStringKeys(o);
  const gap = state[2];
  const inner = indent + gap;
  const between = gap === "" ? "," : ",\n" + inner;
  let text = "";
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    const part = $serializeProperty(state, o, key, o[key], inner);
    if (part === undefined) continue;
    text += (text === "" ? "" : between) + $jsonQuote(key) + (gap === "" ? ":" : ": ") + part;
  }
  if (text === "") return "{}";
  return gap === "" ? "{" + text + "}" : "{\n" + inner + text + "\n" + indent + "}";
}

// https://tc39.es/ecma262/#sec-serializejsonarray
function serializeArray(state, o, indent) {
  const gap = state[2];
  const inner = indent + gap;
  const between = gap === "" ? "," : ",\n" + inner;
  const length = $lengthOfArrayLike(o);
  let text = "";
  for (let i = 0; i < length; i++) {
    const part = $serializeProperty(state, o, $toStringPrimitive(i), o[i], inner);
    text += (i === 0 ? "" : between) + (part === undefined ? "null" : part);
  }
  if (length === 0) return "[]";
  return gap === "" ? "[" + text + "]" : "[\n" + inner + text + "\n" + indent + "]";
}

// The TypeError of a cycle, worded as V8 words it.
function throwCircle(state, start, key) {
  const open = state[3];
  const keys = state[4];
  let text =
    "Converting circular structure to JSON\n    --> starting at object with constructor '" +
    ($constructorName(open[start]) || "Object") +
    "'";
  const last = open.length - 1;
  for (let i = start + 1; i <= last; i++) {
    if (i > start + 2 && i < last) {
      if (i === start + 3) text += "\n    |     ...";
      continue;
    }
    text +=
      "\n    |     " +
      $circleKey(open[i - 1], keys[i]) +
      " -> object with constructor '" +
      ($constructorName(open[i]) || "Object") +
      "'";
  }
  $throwTypeError(text + "\n    --- " + $circleKey(open[last], key) + " closes the circle");
}

function circleKey(holder, key) {
  return $isArray(holder) ? "index " + key : "property '" + key + "'";
}

// --- raw JSON -----------------------------------------------------------------------------------------------------------------

// INTERNAL class 23, slot 0: the text. https://tc39.es/ecma262/#sec-json.rawjson
function jsonRawJSON(text) {
  const source = $toString(text);
  const first = source === "" ? "" : source[0];
  const last = source === "" ? "" : source[source.length - 1];
  if (
    first === "" ||
    first === "\t" ||
    first === "\n" ||
    first === "\r" ||
    first === " " ||
    last === "\t" ||
    last === "\n" ||
    last === "\r" ||
    last === " "
  ) {
    $throwSyntaxError("Invalid value for JSON.rawJSON");
  }
  if (first === "{" || first === "[") $throwSyntaxError("Invalid value for JSON.rawJSON");
  $jsonValue(source);
  const raw = $newInternal(23, null, 1);
  $setSlot(raw, 0, source);
  $createDataPropertyOrThrow(raw, "rawJSON", source);
  $call($objectFreeze, undefined, raw);
  return raw;
}

// https://tc39.es/ecma262/#sec-json.israwjson
function jsonIsRawJSON(o) {
  return $isInternal(o, 23);
}
