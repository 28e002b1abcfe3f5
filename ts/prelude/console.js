// Owns console: format strings, groups, counters, timers, tables. Must never call guest code, except the toString of an object that
// %s is to show and that has one of its own. How values look is inspect.js.

// https://console.spec.whatwg.org/#formatter
function formatLog(args) {
  const count = args.length;
  if (count === 0) return "";
  const first = args[0];
  let text = "";
  let a = 0;
  let join = "";
  if (typeof first === "string") {
    if (count === 1) return first;
    let last = 0;
    const end = first.length - 1;
    for (let i = 0; i < end; i++) {
      if (first[i] !== "%") continue;
      i++;
      const d = first[i];
      if (d === "%") {
        text += $stringSlice(first, last, i);
        last = i + 1;
        continue;
      }
      if (a + 1 === count) continue;
      if (d !== "s" && d !== "d" && d !== "i" && d !== "f" && d !== "j" && d !== "o" && d !== "O" && d !== "c")
        continue;
      a++;
      text += $stringSlice(first, last, i - 1) + $formatDirective(d, args[a]);
      last = i + 1;
    }
    if (last !== 0) {
      a++;
      join = " ";
      if (last < first.length) text += $stringSlice(first, last, first.length);
    }
  }
  for (; a < count; a++) {
    text += join + (typeof args[a] === "string" ? args[a] : $inspect(args[a], 2));
    join = " ";
  }
  return text;
}

function formatDirective(d, v) {
  if (d === "s") {
    if (typeof v === "string") return v;
    if (typeof v === "number" || typeof v === "bigint" || typeof v === "symbol")
      return $formatPrimitive([0, undefined, undefined, 0, 0, false, 80, 100], v, false);
    if ($isObject(v)) return $isCallable(v) || $hasOwnText(v) ? $toString(v) : $inspect(v, 0);
    return $toString(v);
  }
  if (d === "O") return $inspect(v, 2);
  if (d === "o") return $formatValue([0, $newArray(4), undefined, 0, 4, true, 80, 100], v, 0);
  if (d === "c") return "";
  if (d === "j") {
    try {
      const text = $call($jsonStringify, undefined, v);
      return text === undefined ? "undefined" : text;
    } catch (e) {
      const message = $isObject(e) ? $dataOf(e, "message") : undefined;
      if (typeof message === "string" && $stringStartsWith(message, "Converting circular structure to JSON"))
        return "[Circular]";
      throw e;
    }
  }
  if (typeof v === "bigint" && d !== "f") return $toString(v) + "n";
  if (typeof v === "symbol" || (d !== "f" && $isObject(v) && d === "d" && !$hasOwnText(v) && $inspectKind(v) !== 10))
    return "NaN";
  if (d === "d") return $formatPrimitive([0, undefined, undefined, 0, 0, false, 80, 100], $toNumber(v), false);
  const text = $toString(v);
  return $formatPrimitive(
    [0, undefined, undefined, 0, 0, false, 80, 100],
    d === "i" ? $globalThisParseInt(text) : $globalThisParseFloat(text),
    false,
  );
}

// True if an object's toString is the guest's.
function hasOwnText(o) {
  if ($isProxy(o)) return false;
  const f = $dataOf(o, "toString");
  return $isCallable(f) && $inspectKind(f) === 2 && $isGuestFunction(f);
}

// The internal array [indentation, counters, timers].
function consoleRecord() {
  let state = $consoleState();
  if (state === undefined) {
    state = [0, $createCollection(0, $MapPrototype), $createCollection(0, $MapPrototype)];
    $setConsoleState(state);
  }
  return state;
}

function say(fd, text) {
  const state = $consoleState();
  const indentation = state === undefined ? 0 : state[0];
  if (indentation > 0) text = $padText("", indentation, true) + $indentLines(text, indentation);
  $writeText(fd, text + "\n");
}

function consoleLog(...args) {
  $say(1, $formatLog(args));
}
function consoleInfo(...args) {
  $say(1, $formatLog(args));
}
function consoleDebug(...args) {
  $say(1, $formatLog(args));
}
function consoleDirxml(...args) {
  $say(1, $formatLog(args));
}
function consoleWarn(...args) {
  $say(2, $formatLog(args));
}
function consoleError(...args) {
  $say(2, $formatLog(args));
}
function consoleTrace(...args) {
  const text = $formatLog(args);
  $say(2, $stackText(text === "" ? "Trace" : "Trace: " + text));
}

function consoleAssert(condition, ...args) {
  if (condition) return;
  if (args.length === 0) {
    $say(2, "Assertion failed");
    return;
  }
  args[0] = "Assertion failed: " + $toString(args[0]);
  $say(2, $formatLog(args));
}

function consoleDir(value, options) {
  let depth = 2;
  let isAll = false;
  if ($isObject(options)) {
    const wanted = options.depth;
    if (wanted === null) depth = Infinity;
    else if (wanted !== undefined) depth = $toNumber(wanted);
    isAll = !!options.showHidden;
  }
  $say(1, $formatValue([0, $newArray(4), undefined, 0, depth, isAll, 80, 100], value, 0));
}

function consoleClear() {}

function consoleGroup(...args) {
  if (args.length > 0) $say(1, $formatLog(args));
  $consoleRecord()[0] += 2;
}
function consoleGroupCollapsed(...args) {
  if (args.length > 0) $say(1, $formatLog(args));
  $consoleRecord()[0] += 2;
}
function consoleGroupEnd() {
  const state = $consoleRecord();
  if (state[0] > 0) state[0] -= 2;
}

function consoleCount(label) {
  const name = label === undefined ? "default" : $toString(label);
  const counters = $consoleRecord()[1];
  const known = $tableGet(counters, name);
  const n = known === $hole ? 1 : known + 1;
  $tableSet(counters, name, n);
  $say(1, name + ": " + n);
}
function consoleCountReset(label) {
  const name = label === undefined ? "default" : $toString(label);
  if (!$tableDelete($consoleRecord()[1], name)) $say(2, "Warning: Count for '" + name + "' does not exist");
}

// --- timers ----------------------------------------------------------------------------------------------------------------

function fixed3(n) {
  const thousandths = $mathRound(n * 1000);
  const rest = $toString(thousandths % 1000);
  return $toString($mathFloor(thousandths / 1000)) + "." + $stringSlice("000", 0, 3 - rest.length) + rest;
}
function elapsedText(ms) {
  if (ms < 1000) return $toString($mathRound(ms * 1000) / 1000) + "ms";
  const seconds = ms / 1000;
  if (seconds < 60) return $fixed3(seconds) + "s";
  const hours = $mathFloor(seconds / 3600);
  const minutes = $mathFloor((seconds % 3600) / 60);
  const rest = $fixed3(seconds % 60);
  const padded = rest.length < 6 ? "0" + rest : rest;
  if (hours === 0) return minutes + ":" + padded + " (m:ss.mmm)";
  return hours + ":" + (minutes < 10 ? "0" : "") + minutes + ":" + padded + " (h:mm:ss.mmm)";
}
function consoleTime(label) {
  const name = label === undefined ? "default" : $toString(label);
  const timers = $consoleRecord()[2];
  if ($tableHas(timers, name)) $say(2, "Warning: Label '" + name + "' already exists for console.time()");
  else $tableSet(timers, name, $clockNow());
}
function sayElapsed(label, method, args) {
  const name = label === undefined ? "default" : $toString(label);
  const timers = $consoleRecord()[2];
  const start = $tableGet(timers, name);
  if (start === $hole) {
    $say(2, "Warning: No such label '" + name + "' for console." + method + "()");
    return undefined;
  }
  const more = args === undefined || args.length === 0 ? "" : " " + $formatLog(args);
  $say(1, name + ": " + $elapsedText($clockNow() - start) + more);
  return name;
}
function consoleTimeEnd(label) {
  const name = $sayElapsed(label, "timeEnd", undefined);
  if (name !== undefined) $tableDelete($consoleRecord()[2], name);
}
function consoleTimeLog(label, ...args) {
  $sayElapsed(label, "timeLog", args);
}

// --- tables ----------------------------------------------------------------------------------------------------------------

function cellText(v) {
  const kind = $inspectKind(v);
  const depth = kind >= 0 && kind !== 1 && kind !== 2 && kind !== 11 && $ownKeysOrdinary(v, 5).length > 2 ? -1 : 0;
  return $formatValue([0, $newArray(4), undefined, 0, depth, false, Infinity, 3], v, 0);
}

// Node's console.table: a column per key of the rows, and one for rows that are primitives.
function consoleTable(data, columns) {
  if (!$isObject(data) || $isProxy(data)) {
    $say(1, $formatLog([data]));
    return;
  }
  const kind = $inspectKind(data);
  const indices = $newArray(8);
  const rows = $newArray(8);
  let indexName = "(index)";
  const mapKeys = $newArray(8);
  if (kind === 4 || kind === 5) {
    indexName = "(iteration index)";
    const steps = $newTableIterator(data);
    let n = 0;
    while (true) {
      const key = $tableStep(steps);
      if (key === $hole) break;
      $arrayAppend(indices, $toString(n++));
      if (kind === 4) {
        $arrayAppend(mapKeys, $cellText(key));
        $arrayAppend(rows, $tableStepValue(steps));
      } else $arrayAppend(rows, key);
    }
  } else {
    const keys = $ownKeysOrdinary(data, 5);
    for (let i = 0; i < keys.length; i++) {
      const d = $getOwnOrdinary(data, keys[i]);
      $arrayAppend(indices, keys[i]);
      $arrayAppend(rows, d === undefined ? undefined : d[1]);
    }
  }
  const names = $newArray(8);
  const wanted = $isObject(columns) && $inspectKind(columns) === 1 ? columns : undefined;
  if (wanted !== undefined)
    for (let i = 0; i < $arraySize(wanted); i++) $arrayAppend(names, $toStringPrimitive($dataOf(wanted, i)));
  const cells = $newArray(8);
  const values = $newArray(8);
  let hasValues = false;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const line = $newArray(names.length);
    for (let k = 0; k < names.length; k++) $arrayAppend(line, "");
    let value = "";
    if (kind === 4 || !$isObject(row) || $isCallable(row) || $isProxy(row)) {
      value = $cellText(row);
      hasValues = true;
    } else {
      const keys = $ownKeysOrdinary(row, 5);
      for (let j = 0; j < keys.length; j++) {
        let at = 0;
        while (at < names.length && names[at] !== keys[j]) at++;
        if (at === names.length) {
          if (wanted !== undefined) continue;
          $arrayAppend(names, keys[j]);
        }
        while (line.length <= at) $arrayAppend(line, "");
        const d = $getOwnOrdinary(row, keys[j]);
        line[at] = (d[0] & 768) !== 0 ? "[Getter]" : $cellText(d[1]);
      }
    }
    $arrayAppend(cells, line);
    $arrayAppend(values, value);
  }
  const head = [indexName];
  if (kind === 4) $arrayAppend(head, "Key");
  for (let k = 0; k < names.length; k++) $arrayAppend(head, names[k]);
  if (hasValues) $arrayAppend(head, "Values");
  const body = $newArray(8);
  for (let i = 0; i < rows.length; i++) {
    const line = [indices[i]];
    if (kind === 4) $arrayAppend(line, mapKeys[i]);
    for (let k = 0; k < names.length; k++) $arrayAppend(line, k < cells[i].length ? cells[i][k] : "");
    if (hasValues) $arrayAppend(line, values[i]);
    $arrayAppend(body, line);
  }
  $say(1, $drawTable(head, body));
}

function drawTable(head, body) {
  const widths = $newArray(8);
  for (let k = 0; k < head.length; k++) {
    let width = $textWidth(head[k]);
    for (let i = 0; i < body.length; i++) {
      const w = $textWidth(body[i][k]);
      if (w > width) width = w;
    }
    $arrayAppend(widths, width + 2);
  }
  let text = $tableRule(widths, "┌", "┬", "┐\n") + $tableRow(head, widths) + $tableRule(widths, "├", "┼", "┤\n");
  for (let i = 0; i < body.length; i++) text += $tableRow(body[i], widths);
  return text + $tableRule(widths, "└", "┴", "┘");
}
function tableRule(widths, left, middle, right) {
  let text = left;
  for (let k = 0; k < widths.length; k++) {
    if (k > 0) text += middle;
    for (let i = 0; i < widths[k]; i++) text += "─";
  }
  return text + right;
}
function tableRow(cells, widths) {
  let text = "│";
  for (let k = 0; k < widths.length; k++) {
    if (k > 0) text += "│";
    text += " " + $padText(cells[k], widths[k] - 1 + cells[k].length - $textWidth(cells[k]), false);
  }
  return text + "│\n";
}
