// Owns properties of Unicode by name: General_Category, Script, Script_Extensions, binary properties, properties of strings. Must
// never hold decoded tables: sets are decoded into the arena when a pattern names them (ts/build/unicode-properties.ts packs them).
// https://tc39.es/ecma262/#sec-runtime-semantics-unicodematchproperty-p
import {
  ALPHABET, BASIC_EMOJI, CATEGORIES, CATEGORIES_SIZE, CATEGORY_NAMES, CATEGORY_NAMES_SIZE, EXTENSION_SETS, EXTENSIONS, EXTENSIONS_SIZE, FLAGS, PROPERTIES,
  PROPERTY_NAMES, PROPERTY_NAMES_SIZE, SCRIPT_NAMES, SCRIPT_NAMES_SIZE, SCRIPT_RUNS, SCRIPT_RUNS_SIZE, SEQUENCE_COUNT, SEQUENCES,
} from "../generated/unicode-properties";
import { take } from "./arena";
import { combine, complement, contains, countOf, DIFFERENCE, END_OF_UNICODE, EXCLUSIVE, newSet, pointOf, rangeSet, setPoint, UNION } from "./set";
import { KNOWN_SETS } from "./source";

// --- names --------------------------------------------------------------------------------------------------------

function isName(text: usize, at: usize, length: u32): bool {
  if (load<u32>(text, 4) != length) return false;
  const units = <usize>load<u32>(text);
  for (let i: usize = 0; i < <usize>length; i++) if (load<u16>(units + (i << 1)) != <u16>load<u8>(at + i)) return false;
  return true;
}

function isText(text: usize, literal: string): bool {
  const n = literal.length;
  return load<i32>(text, 4) == n && memory.compare(<usize>load<u32>(text), changetype<usize>(literal), <usize>n << 1) == 0;
}

/** Number of the entry with that name; -1 if there is no such entry. */
function findName(names: usize, size: usize, text: usize): i32 {
  let entry = 0;
  let start = names;
  for (let at = names; at < names + size; at++) {
    const c = load<u8>(at);
    if (c != 0x20 && c != 0x2f) continue;
    if (isName(text, start, <u32>(at - start))) return entry;
    if (c == 0x20) entry++;
    start = at + 1;
  }
  return -1;
}

// --- decoding -----------------------------------------------------------------------------------------------------

/** Address of the next packed byte. */
const AT: usize = memory.data(4, 4);

function byte(): u32 {
  const at = <usize>load<u32>(AT);
  store<u32>(AT, <u32>at + 1);
  return <u32>load<u8>(at);
}
function varint(): u32 {
  let n: u32 = 0;
  let shift: u32 = 0;
  while (true) {
    const next = byte();
    n |= (next & 127) << shift;
    if (next < 128) return n;
    shift += 7;
  }
  return n;
}

/** Begins a set whose points are taken one by one: nothing else may take memory meanwhile. */
function openSet(): usize {
  return newSet(0);
}
function point(set: usize, c: u32): void {
  store<u32>(take(4), c);
  store<u32>(set, countOf(set) + 1);
}

/** Code points whose category is in the mask. */
function categorySet(mask: u32): usize {
  const set = openSet();
  let c: u32 = 0;
  let inside = false;
  store<u32>(AT, <u32>CATEGORIES);
  while (<usize>load<u32>(AT) < CATEGORIES + CATEGORIES_SIZE) {
    const head = byte();
    const wanted = ((mask >> (head & 31)) & 1) != 0;
    if (wanted != inside) point(set, c);
    inside = wanted;
    c += 1 + ((head >> 5) & 3) + (head & 128 ? varint() << 2 : 0);
  }
  if (inside) point(set, END_OF_UNICODE);
  return set;
}

/** Masks of the categories that are made of others, in the order of their names. */
const GROUPED: usize = memory.data<u32>([0x7, 0x1f, 0xe0, 0x700, 0x3f800, 0x3c0000, 0x1c00000, 0x3e000000]);
const LEAVES: i32 = 30;

function categoryByName(text: usize): usize {
  const n = findName(CATEGORY_NAMES, CATEGORY_NAMES_SIZE, text);
  if (n < 0) return 0;
  return categorySet(n < LEAVES ? (<u32>1) << <u32>n : load<u32>(GROUPED + (<usize>(n - LEAVES) << 2)));
}

function scriptSet(script: u32): usize {
  const set = openSet();
  let c: u32 = 0;
  let inside = false;
  store<u32>(AT, <u32>SCRIPT_RUNS);
  while (<usize>load<u32>(AT) < SCRIPT_RUNS + SCRIPT_RUNS_SIZE) {
    const wanted = byte() == script;
    if (wanted != inside) point(set, c);
    inside = wanted;
    c += varint() + 1;
  }
  if (inside) point(set, END_OF_UNICODE);
  return set;
}

function listHas(list: u32, script: u32): bool {
  let at = EXTENSION_SETS;
  for (let i: u32 = 0; i < list; i++) at += 1 + <usize>load<u8>(at);
  const count = <usize>load<u8>(at);
  for (let i: usize = 1; i <= count; i++) if (<u32>load<u8>(at + i) == script) return true;
  return false;
}

/** Code points that have Script_Extensions of their own: all of them, or those whose extensions include the script. */
function extendedSet(script: u32, all: bool): usize {
  const set = openSet();
  let c: u32 = 0;
  store<u32>(AT, <u32>EXTENSIONS);
  while (<usize>load<u32>(AT) < EXTENSIONS + EXTENSIONS_SIZE) {
    const start = c + varint();
    c = start + varint() + 1;
    if (!listHas(byte(), script) && !all) continue;
    // Runs that touch are one.
    const n = countOf(set);
    if (n > 0 && pointOf(set, n - 1) == start) setPoint(set, n - 1, c);
    else {
      point(set, start);
      point(set, c);
    }
  }
  return set;
}

/** Binary property number n. */
function binarySet(n: u32): usize {
  store<u32>(AT, <u32>PROPERTIES);
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(AT, load<u32>(AT) + 4);
    for (let used = byte(); used > 0; used--) byte();
    for (let points = varint(); points > 0; points--) varint();
  }
  const mask = load<u32>(<usize>load<u32>(AT));
  store<u32>(AT, load<u32>(AT) + 4);
  const used = byte();
  const references = <usize>load<u32>(AT);
  store<u32>(AT, <u32>references + used);
  const points = varint();
  const set = newSet(points);
  let c: u32 = 0;
  for (let i: u32 = 0; i < points; i++) {
    c += varint();
    setPoint(set, i, c);
  }
  let result = mask == 0 ? set : combine(set, categorySet(mask), EXCLUSIVE);
  for (let i: usize = 0; i < <usize>used; i++) result = combine(result, binarySet(<u32>load<u8>(references + i)), EXCLUSIVE);
  return result;
}

// --- by name ------------------------------------------------------------------------------------------------------

function loneSet(name: usize): usize {
  const set = categoryByName(name);
  if (set != 0) return set;
  const n = findName(PROPERTY_NAMES, PROPERTY_NAMES_SIZE, name);
  if (n >= 0) return binarySet(<u32>n);
  if (isText(name, "Any")) return rangeSet(0, END_OF_UNICODE - 1);
  if (isText(name, "ASCII")) return rangeSet(0, 127);
  return isText(name, "Assigned") ? complement(categorySet((<u32>1) << 29)) : 0;
}

/** The set of a property; value: 0 for a lone name. Texts are {units at, count}. 0: there is no such property. */
export function propertySet(name: usize, value: usize): usize {
  if (value == 0) return loneSet(name);
  if (isText(name, "General_Category") || isText(name, "gc")) return categoryByName(value);
  const extended = isText(name, "Script_Extensions") || isText(name, "scx");
  if (!extended && !isText(name, "Script") && !isText(name, "sc")) return 0;
  const script = findName(SCRIPT_NAMES, SCRIPT_NAMES_SIZE, value);
  if (script < 0) return 0;
  const set = scriptSet(<u32>script);
  if (!extended) return set;
  return combine(combine(set, extendedSet(<u32>script, true), DIFFERENCE), extendedSet(<u32>script, false), UNION);
}




function knownSet(slot: usize, name: string): usize {
  const known = <usize>load<u32>(KNOWN_SETS + slot);
  if (known != 0) return known;
  const text = take(8);
  store<u32>(text, <u32>changetype<usize>(name));
  store<i32>(text, name.length, 4);
  const set = loneSet(text);
  store<u32>(KNOWN_SETS + slot, <u32>set);
  return set;
}

/** Makes the sets that isIdStart and isIdContinue need beyond ASCII, which takes memory of the arena. */
export function prepareIdentifiers(): void {
  knownSet(0, "ID_Start");
  knownSet(4, "ID_Continue");
}
export function isIdStart(c: u32): bool {
  if (c < 128) return (c | 0x20) - 0x61 < 26 || c == 0x24 || c == 0x5f;
  return c < END_OF_UNICODE && contains(<usize>load<u32>(KNOWN_SETS), c);
}
export function isIdContinue(c: u32): bool {
  if (c < 128) return (c | 0x20) - 0x61 < 26 || c == 0x24 || c == 0x5f || c - 0x30 < 10;
  return c == 0x200c || c == 0x200d || (c < END_OF_UNICODE && contains(<usize>load<u32>(KNOWN_SETS, 4), c));
}

// --- properties of strings ----------------------------------------------------------------------------------------

/** Adds a string in front of a list: {next, code points at, count}. */
function stringOf(list: usize, at: usize, count: u32): usize {
  const entry = take(12);
  store<u32>(entry, <u32>list);
  store<u32>(entry, <u32>at, 4);
  store<u32>(entry, count, 8);
  return entry;
}
function stringOf2(list: usize, a: u32, b: u32): usize {
  const at = take(8);
  store<u32>(at, a);
  store<u32>(at, b, 4);
  return stringOf(list, at, 2);
}

function basicStrings(list: usize): usize {
  const set = binarySet(BASIC_EMOJI + 1);
  for (let i: u32 = 0; i < countOf(set); i += 2) for (let c = pointOf(set, i); c < pointOf(set, i + 1); c++) list = stringOf2(list, c, 0xfe0f);
  return list;
}

function keycaps(list: usize): usize {
  for (let c: u32 = 0x23; c < 0x3a; c++) {
    if (c != 0x23 && c != 0x2a && c < 0x30) continue;
    const at = take(12);
    store<u32>(at, c);
    store<u32>(at, 0xfe0f, 4);
    store<u32>(at, 0x20e3, 8);
    list = stringOf(list, at, 3);
  }
  return list;
}

function modified(list: usize): usize {
  const name = "Emoji_Modifier_Base";
  const text = take(8);
  store<u32>(text, <u32>changetype<usize>(name));
  store<i32>(text, name.length, 4);
  const set = loneSet(text);
  for (let i: u32 = 0; i < countOf(set); i += 2) {
    for (let c = pointOf(set, i); c < pointOf(set, i + 1); c++) for (let m: u32 = 0x1f3fb; m < 0x1f400; m++) list = stringOf2(list, c, m);
  }
  return list;
}

function flags(list: usize): usize {
  for (let a: u32 = 0; a < 26; a++) {
    const mask = load<u32>(FLAGS + (<usize>a << 2));
    for (let b: u32 = 0; b < 26; b++) if ((mask >> b) & 1) list = stringOf2(list, 0x1f1e6 + a, 0x1f1e6 + b);
  }
  return list;
}

/** The three flags with tags: black flag, gb, three letters, end. */
const TAGGED: usize = memory.data<u8>([0x65, 0x6e, 0x67, 0x73, 0x63, 0x74, 0x77, 0x6c, 0x73]);

function tagged(list: usize): usize {
  for (let i: usize = 0; i < 9; i += 3) {
    const at = take(28);
    store<u32>(at, 0x1f3f4);
    store<u32>(at, 0xe0067, 4);
    store<u32>(at, 0xe0062, 8);
    for (let k: usize = 0; k < 3; k++) store<u32>(at + 12 + (k << 2), 0xe0000 + <u32>load<u8>(TAGGED + i + k));
    store<u32>(at, 0xe007f, 24);
    list = stringOf(list, at, 7);
  }
  return list;
}

function joined(list: usize): usize {
  store<u32>(AT, <u32>SEQUENCES);
  let before: usize = 0;
  for (let n: u32 = 0; n < SEQUENCE_COUNT; n++) {
    const head = byte();
    const shared = head >> 4;
    const count = shared + (head & 15);
    const at = take(<usize>count << 2);
    if (shared > 0) memory.copy(at, before, <usize>shared << 2);
    for (let i = shared; i < count; i++) store<u32>(at + (<usize>i << 2), load<u32>(ALPHABET + (<usize>byte() << 2)));
    list = stringOf(list, at, count);
    before = at;
  }
  return list;
}

/** {list of strings, set of single code points} of a property of strings; 0 if there is no such property. */
export function propertyStrings(name: usize): usize {
  const all = isText(name, "RGI_Emoji");
  let list: usize = 0;
  let set: usize = 0;
  if (all || isText(name, "Basic_Emoji")) {
    set = binarySet(BASIC_EMOJI);
    list = basicStrings(list);
  }
  if (all || isText(name, "Emoji_Keycap_Sequence")) list = keycaps(list);
  if (all || isText(name, "RGI_Emoji_Modifier_Sequence")) list = modified(list);
  if (all || isText(name, "RGI_Emoji_Flag_Sequence")) list = flags(list);
  if (all || isText(name, "RGI_Emoji_Tag_Sequence")) list = tagged(list);
  if (all || isText(name, "RGI_Emoji_ZWJ_Sequence")) list = joined(list);
  if (list == 0) return 0;
  const result = take(8);
  store<u32>(result, <u32>list);
  store<u32>(result, <u32>(set == 0 ? newSet(0) : set), 4);
  return result;
}
