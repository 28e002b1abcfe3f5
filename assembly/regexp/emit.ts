// Owns the step from nodes to a program. It goes over the nodes twice: once to find the length of everything, once to write. Must make
// instructions of the same length both times.
import { arenaIsShort, keep, take } from "./arena";
import { bitsOfSet, FIRST_OTHERS, firstAround, firstOf, firstOfRest, mayBeEmpty, neverGivesBack, newFirst } from "./first";
import { groupsOfName, newestOfName, nextOfName } from "./names";
import { INFINITE, kindOfNode, leastOf, NODE_A, NODE_B, NODE_C, NODE_D, NODE_E, NODE_F, NODE_NEXT, NODE_PREVIOUS, NodeKind } from "./node";
import {
  CLASS_BITMAP, HEADER_BYTES, HEADER_CLASSES, HEADER_CLASSES_END, HEADER_CODE_BYTES, HEADER_FLAGS, HEADER_GROUPS, HEADER_MAGIC, HEADER_NAME_COUNT, HEADER_NAMES,
  HEADER_PREFIX, HEADER_PREFIX_AT, HEADER_PREFIX_OTHERS, HEADER_REGISTERS, HEADER_SIZE, HEADER_WORK, LAZY, NO_REGISTER, Prefix, PROGRAM_MAGIC, Step,
} from "./program";
import { countOf, END_OF_UNICODE, pointOf } from "./set";
import { FLAGS, GROUPS_TOTAL, isUnicode, NAMES, work, WORK, wrong } from "./source";

const STATE: usize = memory.data(40, 8);
/** Where the next word goes: an offset from the first instruction. */
const AT: usize = STATE;
/** Address of the first instruction; 0 in the first round. */
const CODE: usize = STATE + 4;
const REGISTERS: usize = STATE + 8;
/** Classes: {next, set, offset from the first class}, newest first; bytes of all. */
const CLASSES: usize = STATE + 12;
const CLASS_BYTES: usize = STATE + 16;
/** Offset of the first class from the header, in the second round. */
const CLASSES_AT: usize = STATE + 20;
/** The first (regexp/first.ts) of the pattern's end: no characters, so that a loop there never gives back what it took. */
const TERMINAL: usize = STATE + 24;

// --- words --------------------------------------------------------------------------------------------------------

function word(w: u32): void {
  const at = load<u32>(AT);
  if (load<u32>(CODE) != 0) store<u32>(<usize>(load<u32>(CODE) + at), w);
  store<u32>(AT, at + 4);
}
function step(op: Step, argument: u32): u32 {
  const at = load<u32>(AT);
  word(<u32>op | (argument << 8));
  return at;
}
/** Makes the step at `at` jump to the place of the next step. */
function target(at: u32): void {
  if (load<u32>(CODE) == 0) return;
  const address = <usize>(load<u32>(CODE) + at);
  store<u32>(address, (load<u32>(address) & 255) | (load<u32>(AT) << 8));
}
function newRegister(): u32 {
  const register = load<u32>(REGISTERS);
  store<u32>(REGISTERS, register + 1);
  return register;
}

// --- classes ------------------------------------------------------------------------------------------------------

function rangesBeyond(set: usize): u32 {
  let ranges: u32 = 0;
  for (let i: u32 = 0; i < countOf(set); i += 2) if (pointOf(set, i + 1) > 256) ranges++;
  return ranges;
}

function sameSet(a: usize, b: usize): bool {
  return countOf(a) == countOf(b) && memory.compare(a, b, 4 + (<usize>countOf(a) << 2)) == 0;
}

/** Offset of a node's class in words from the header. Equal classes among the last ones are one. */
function classOf(node: usize, set: usize): u32 {
  if (load<u32>(node, NODE_C) == 0) store<u32>(node, placeClass(set) + 1, NODE_C);
  return (load<u32>(CLASSES_AT) + load<u32>(node, NODE_C) - 1) >> 2;
}

/** Offset of a class among the classes. */
function placeClass(set: usize): u32 {
  let looked = 0;
  for (let entry = <usize>load<u32>(CLASSES); entry != 0 && looked < 16; entry = <usize>load<u32>(entry)) {
    if (sameSet(<usize>load<u32>(entry, 4), set)) return load<u32>(entry, 8);
    looked++;
  }
  const entry = take(12);
  const offset = load<u32>(CLASS_BYTES);
  store<u32>(entry, load<u32>(CLASSES));
  store<u32>(entry, <u32>set, 4);
  store<u32>(entry, offset, 8);
  store<u32>(CLASSES, <u32>entry);
  const bytes = <u32>CLASS_BITMAP + 4 + rangesBeyond(set) * 8;
  work(bytes >> 6);
  store<u32>(CLASS_BYTES, offset + bytes);
  return offset;
}

function writeClass(at: usize, set: usize): void {
  memory.fill(at, 0, CLASS_BITMAP);
  bitsOfSet(set, at);
  store<u32>(at, rangesBeyond(set), CLASS_BITMAP);
  let to = at + CLASS_BITMAP + 4;
  for (let i: u32 = 0; i < countOf(set); i += 2) {
    if (pointOf(set, i + 1) <= 256) continue;
    store<u32>(to, max<u32>(256, pointOf(set, i)));
    store<u32>(to, pointOf(set, i + 1) - 1, 4);
    to += 8;
  }
}

// --- single characters --------------------------------------------------------------------------------------------

/** Step and argument for one character. */
const UNIT: usize = memory.data(8, 8);

function unit(op: Step, argument: u32): bool {
  store<u32>(UNIT, <u32>op);
  store<u32>(UNIT, argument, 4);
  return true;
}

function isEverything(set: usize): bool {
  return countOf(set) == 2 && pointOf(set, 0) == 0 && pointOf(set, 1) == END_OF_UNICODE;
}

/** With u or v: does a set hold a code point that takes two units, or a surrogate? */
function needsPoints(set: usize): bool {
  const n = countOf(set);
  if (n == 0) return false;
  if (pointOf(set, n - 1) > 0x10000) return true;
  for (let i: u32 = 0; i < n; i += 2) if (pointOf(set, i) < 0xe000 && pointOf(set, i + 1) > 0xd800) return true;
  return false;
}

function setUnit(node: usize, set: usize): bool {
  const points = isUnicode() && needsPoints(set);
  if (isEverything(set)) return unit(isUnicode() ? Step.ANY_POINT : Step.ANY_UNIT, 0);
  if (countOf(set) == 0) return unit(Step.FAIL, 0);
  if (!points && countOf(set) == 2 && pointOf(set, 1) == pointOf(set, 0) + 1) return unit(Step.CHAR, pointOf(set, 0));
  return unit(points ? Step.CLASS_POINT : Step.CLASS_UNIT, classOf(node, set));
}

/** Finds the step for a node that is one character; false if it is not one, or is one of two units. */
function unitOf(node: usize): bool {
  const a = load<u32>(node, NODE_A);
  switch (kindOfNode(node)) {
    case NodeKind.CHAR:
      return a <= 0xffff && unit(Step.CHAR, a);
    case NodeKind.CLASS: return setUnit(node, <usize>a);
    case NodeKind.DOT: return unit(isUnicode() ? Step.DOT_POINT : Step.DOT_UNIT, 0);
  }
  return false;
}

function emitUnit(back: bool): void {
  const op = <Step>load<u32>(UNIT);
  const argument = load<u32>(UNIT, 4);
  if (op == Step.FAIL) {
    step(op, 0);
    return;
  }
  const points = op == Step.ANY_POINT || op == Step.DOT_POINT || op == Step.CLASS_POINT;
  const backStep = points ? Step.BACK_POINT : Step.BACK_UNIT;
  if (back) step(backStep, 0);
  step(op, argument);
  if (back) step(backStep, 0);
}

/** Emits a character of two units. */
function emitPair(c: u32, back: bool): void {
  if (back) step(Step.BACK_POINT, 0);
  step(Step.STRING, 2);
  word((0xd7c0 + (c >> 10)) | ((0xdc00 | (c & 0x3ff)) << 16));
  if (back) step(Step.BACK_POINT, 0);
}

function isPlainCharacter(node: usize): bool {
  return node != 0 && kindOfNode(node) == NodeKind.CHAR;
}

/** Emits consecutive characters as one step; false if there are fewer than two. STRING_END is the part after them. */
function emitString(first: usize): bool {
  let units: u32 = 0;
  let end = first;
  for (; isPlainCharacter(end) && units < 0xfffff; end = <usize>load<u32>(end, NODE_NEXT)) units += load<u32>(end, NODE_A) > 0xffff ? 2 : 1;
  if (units < 2) return false;
  step(Step.STRING, units);
  let half: u32 = 0;
  let filled = false;
  for (let node = first; node != end; node = <usize>load<u32>(node, NODE_NEXT)) {
    const c = load<u32>(node, NODE_A);
    for (let part = 0; part < (c > 0xffff ? 2 : 1); part++) {
      const u = c <= 0xffff ? c : part == 0 ? 0xd7c0 + (c >> 10) : 0xdc00 | (c & 0x3ff);
      if (filled) word(half | (u << 16));
      else half = u;
      filled = !filled;
    }
  }
  if (filled) word(half);
  store<u32>(STRING_END, <u32>end);
  return true;
}
/** The part after the string that was emitted last. */
const STRING_END: usize = memory.data(4, 4);

// --- nodes --------------------------------------------------------------------------------------------------------

function emitSequence(node: usize, back: bool, follow: usize): void {
  if (back) {
    for (let part = <usize>load<u32>(node, NODE_B); part != 0; part = <usize>load<u32>(part, NODE_PREVIOUS)) emit(part, true, 0);
    return;
  }
  let part = <usize>load<u32>(node, NODE_A);
  while (part != 0) {
    if (isPlainCharacter(part) && emitString(part)) {
      part = <usize>load<u32>(STRING_END);
      continue;
    }
    const kind = kindOfNode(part);
    const next = <usize>load<u32>(part, NODE_NEXT);
    const asks = kind == NodeKind.LOOP || kind == NodeKind.GROUP || kind == NodeKind.CHOICE || kind == NodeKind.SEQUENCE;
    emit(part, false, !asks ? 0 : next == 0 ? follow : firstOfRest(next, follow));
    part = next;
  }
}

function emitChoice(node: usize, back: bool, follow: usize): void {
  // Until the end is known, the jumps to it form a list: the word of each holds the offset of the jump before.
  let jumps: u32 = NO_REGISTER;
  for (let branch = <usize>load<u32>(node, NODE_A); branch != 0; branch = <usize>load<u32>(branch, NODE_NEXT)) {
    if (load<u32>(branch, NODE_NEXT) == 0) {
      emit(branch, back, follow);
      break;
    }
    const split = step(Step.SPLIT, 0);
    emit(branch, back, follow);
    const jump = load<u32>(AT);
    word(jumps);
    jumps = jump;
    target(split);
  }
  while (jumps != NO_REGISTER && load<u32>(CODE) != 0) {
    const address = <usize>(load<u32>(CODE) + jumps);
    jumps = load<u32>(address);
    store<u32>(address, <u32>Step.JUMP | (load<u32>(AT) << 8));
  }
}

function emitGreedy(node: usize, body: usize, follow: usize): void {
  const taken = firstOf(body);
  step(Step.GREEDY, load<u32>(UNIT));
  word(load<u32>(UNIT, 4));
  word(load<u32>(node, NODE_B));
  word(load<u32>(node, NODE_C));
  word(neverGivesBack(taken, follow) ? 1 : 0);
}

/** Emits the body of a loop: first the resets of its groups, then the body itself, then the test that it consumed something. */
function emitBody(node: usize, back: bool, follow: usize, count: u32): void {
  const body = <usize>load<u32>(node, NODE_A);
  const first = load<u32>(node, NODE_E);
  const last = load<u32>(node, NODE_F);
  if (first < last && load<u32>(node, NODE_C) > 1) {
    step(Step.CLEAR, first * 2);
    word(last * 2);
  }
  const mayStay = leastOf(body) == 0;
  let place: u32 = 0;
  if (mayStay) {
    place = newRegister();
    step(Step.SAVE, place);
  }
  emit(body, back, back || load<u32>(node, NODE_C) == 1 ? follow : firstAround(body, follow));
  if (mayStay) {
    step(Step.PROGRESS, place);
    word(count);
    word(count == NO_REGISTER ? 0 : load<u32>(node, NODE_B));
  }
}

function emitLoop(node: usize, back: bool, follow: usize): void {
  const body = <usize>load<u32>(node, NODE_A);
  const least = load<u32>(node, NODE_B);
  const most = load<u32>(node, NODE_C);
  const lazy = load<u32>(node, NODE_D) != 0;
  if (most == 0) return;
  if (!back && !lazy && unitOf(body) && load<u32>(UNIT) != <u32>Step.FAIL) {
    emitGreedy(node, body, follow);
    return;
  }
  if (least == 0 && most == 1) {
    const split = step(lazy ? Step.SPLIT_LAZY : Step.SPLIT, 0);
    emitBody(node, back, follow, NO_REGISTER);
    target(split);
    return;
  }
  if (least == 0 && most == INFINITE) {
    const split = step(lazy ? Step.SPLIT_LAZY : Step.SPLIT, 0);
    emitBody(node, back, follow, NO_REGISTER);
    step(Step.JUMP, split);
    target(split);
    return;
  }
  if (least == 1 && most == INFINITE && leastOf(body) > 0) {
    const start = load<u32>(AT);
    emitBody(node, back, follow, NO_REGISTER);
    step(lazy ? Step.SPLIT : Step.SPLIT_LAZY, start);
    return;
  }
  emitCounted(node, back, follow, lazy);
}

function emitCounted(node: usize, back: bool, follow: usize, lazy: bool): void {
  const count = newRegister();
  step(Step.ZERO, count);
  const start = step(Step.LOOP, count);
  word(load<u32>(node, NODE_B));
  word(load<u32>(node, NODE_C));
  const exit = load<u32>(AT);
  word(0);
  step(Step.COUNT, count);
  emitBody(node, back, follow, count);
  step(Step.JUMP, start);
  if (load<u32>(CODE) != 0) store<u32>(<usize>(load<u32>(CODE) + exit), load<u32>(AT) | (lazy ? LAZY : 0));
}

function emitLook(node: usize): void {
  const kind = load<u32>(node, NODE_B);
  const back = (kind & 2) != 0;
  const register = newRegister();
  const follow: usize = back ? 0 : <usize>load<u32>(TERMINAL);
  if (kind & 1) {
    step(Step.LOOK_NOT, register);
    const exit = load<u32>(AT);
    word(0);
    emit(<usize>load<u32>(node, NODE_A), back, follow);
    step(Step.LOOK_NOT_END, register);
    if (load<u32>(CODE) != 0) store<u32>(<usize>(load<u32>(CODE) + exit), load<u32>(AT));
    return;
  }
  newRegister();
  step(Step.LOOK, register);
  emit(<usize>load<u32>(node, NODE_A), back, follow);
  step(Step.LOOK_END, register);
}

function emitReference(node: usize, back: bool): void {
  const flags = load<u32>(node, NODE_C) | (back ? 2 : 0) | (isUnicode() ? 4 : 0);
  const name = <usize>load<u32>(node, NODE_B);
  step(Step.BACKREFERENCE, flags);
  if (name == 0) {
    word(1);
    word(load<u32>(node, NODE_A));
    return;
  }
  word(groupsOfName(name));
  for (let entry = newestOfName(name); entry != 0; entry = nextOfName(entry)) word(load<u32>(entry, 8));
}

/** follow: the characters that can come after the node, as in regexp/first.ts; 0 if that is not known. */
function emit(node: usize, back: bool, follow: usize): void {
  switch (kindOfNode(node)) {
    case NodeKind.EMPTY: return;
    case NodeKind.SEQUENCE: emitSequence(node, back, follow); return;
    case NodeKind.CHOICE: emitChoice(node, back, follow); return;
    case NodeKind.LOOP: emitLoop(node, back, follow); return;
    case NodeKind.LOOK: emitLook(node); return;
    case NodeKind.BACKREFERENCE: emitReference(node, back); return;
    case NodeKind.START: step(load<u32>(node, NODE_A) != 0 ? Step.START_LINE : Step.START, 0); return;
    case NodeKind.END: step(load<u32>(node, NODE_A) != 0 ? Step.END_LINE : Step.END, 0); return;
    case NodeKind.BOUNDARY: step(Step.BOUNDARY, load<u32>(node, NODE_A) | (load<u32>(node, NODE_B) << 1)); return;
    case NodeKind.GROUP: {
      const register = load<u32>(node, NODE_B) * 2;
      step(Step.SAVE, back ? register + 1 : register);
      emit(<usize>load<u32>(node, NODE_A), back, follow);
      step(Step.SAVE, back ? register : register + 1);
      return;
    }
    default:
      if (unitOf(node)) emitUnit(back);
      else emitPair(load<u32>(node, NODE_A), back);
  }
}

// --- where a match can begin --------------------------------------------------------------------------------------

/** True if the pattern matches at the start of the text only. */
function isAnchored(node: usize): bool {
  const inside = <usize>load<u32>(node, NODE_A);
  switch (kindOfNode(node)) {
    case NodeKind.START: return inside == 0;
    case NodeKind.SEQUENCE:
    case NodeKind.GROUP: return isAnchored(inside);
    case NodeKind.LOOP: return load<u32>(node, NODE_B) > 0 && isAnchored(inside);
    case NodeKind.CHOICE:
      for (let branch = inside; branch != 0; branch = <usize>load<u32>(branch, NODE_NEXT)) if (!isAnchored(branch)) return false;
      return true;
  }
  return false;
}

function singleBit(first: usize): i32 {
  let found = -1;
  for (let i: usize = 0; i < 32; i += 4) {
    const bits = load<u32>(first + i);
    if (bits == 0) continue;
    if (found >= 0 || (bits & (bits - 1)) != 0) return -1;
    found = <i32>(i << 3) + <i32>ctz<u32>(bits);
  }
  return load<u32>(first, FIRST_OTHERS) != 0 ? -1 : found;
}

/** Writes how a start is found; returns the bytes taken at `at` for a bitmap. */
function writePrefix(header: usize, root: usize, at: usize): usize {
  if (isAnchored(root)) {
    store<u32>(header, Prefix.START, HEADER_PREFIX);
    return 0;
  }
  const first = firstOf(root);
  if (mayBeEmpty(first)) return 0;
  const c = singleBit(first);
  if (c >= 0) {
    store<u32>(header, Prefix.CHARACTER, HEADER_PREFIX);
    store<u32>(header, <u32>c, HEADER_PREFIX_AT);
    return 0;
  }
  store<u32>(header, Prefix.SET, HEADER_PREFIX);
  store<u32>(header, <u32>(at - header), HEADER_PREFIX_AT);
  store<u32>(header, load<u32>(first, FIRST_OTHERS), HEADER_PREFIX_OTHERS);
  memory.copy(at, first, 32);
  return 32;
}

// --- the whole ----------------------------------------------------------------------------------------------------

function nameBytes(): u32 {
  let bytes: u32 = 0;
  for (let entry = <usize>load<u32>(NAMES); entry != 0; entry = <usize>load<u32>(entry)) bytes += 8 + ((load<u32>(<usize>load<u32>(entry, 4), 4) * 2 + 3) & ~3);
  return bytes;
}

/** Writes the names in the order of their groups. */
function writeNames(header: usize, at: usize, bytes: u32): void {
  let count: u32 = 0;
  let end = at + <usize>bytes;
  store<u32>(header, <u32>(at - header), HEADER_NAMES);
  for (let entry = <usize>load<u32>(NAMES); entry != 0; entry = <usize>load<u32>(entry)) {
    const name = <usize>load<u32>(entry, 4);
    const units = load<u32>(name, 4);
    end -= <usize>(8 + ((units * 2 + 3) & ~3));
    store<u32>(end, load<u32>(entry, 8));
    store<u32>(end, units, 4);
    if (units & 1) store<u32>(end + 4 + (<usize>((units * 2 + 3) & ~3)), 0);
    memory.copy(end + 8, <usize>load<u32>(name), <usize>units << 1);
    count++;
  }
  store<u32>(header, count, HEADER_NAME_COUNT);
}

function begin(code: usize): void {
  store<u32>(AT, 0);
  store<u32>(CODE, <u32>code);
  store<u32>(REGISTERS, (load<u32>(GROUPS_TOTAL) + 1) * 2);
}

function emitAll(root: usize): void {
  emit(root, false, <usize>load<u32>(TERMINAL));
  step(Step.MATCH, 0);
}

/** The program of a parsed pattern; 0: it is too large (wrong), or there is no memory for it (arenaIsShort). */
export function emitProgram(root: usize): usize {
  store<u32>(CLASSES, 0);
  store<u32>(CLASS_BYTES, 0);
  store<u32>(CLASSES_AT, 0);
  store<u32>(TERMINAL, <u32>newFirst(0));
  begin(0);
  emitAll(root);
  const codeBytes = load<u32>(AT);
  const classBytes = load<u32>(CLASS_BYTES);
  work(codeBytes >> 5);
  if (codeBytes > 0x7fffff || classBytes > 0x1ffffff || load<u32>(REGISTERS) > 0xffff) {
    wrong("Regular expression too large");
    return 0;
  }
  if (arenaIsShort()) return 0;
  const names = nameBytes();
  const most = HEADER_SIZE + <usize>(codeBytes + classBytes + names) + 40;
  const header = take(most);
  if (arenaIsShort()) return 0;
  memory.fill(header, 0, HEADER_SIZE);
  store<u32>(CLASSES_AT, <u32>HEADER_SIZE + codeBytes);
  begin(header + HEADER_SIZE);
  emitAll(root);
  const classes = header + HEADER_SIZE + <usize>codeBytes;
  for (let entry = <usize>load<u32>(CLASSES); entry != 0; entry = <usize>load<u32>(entry)) writeClass(classes + <usize>load<u32>(entry, 8), <usize>load<u32>(entry, 4));
  let end = classes + <usize>classBytes;
  if (names != 0) writeNames(header, end, names);
  end += <usize>names;
  end += writePrefix(header, root, end);
  if ((end - header) & 4) {
    store<u32>(end, 0);
    end += 4;
  }
  store<u32>(header, PROGRAM_MAGIC, HEADER_MAGIC);
  store<u32>(header, load<u32>(FLAGS), HEADER_FLAGS);
  store<u32>(header, load<u32>(GROUPS_TOTAL) + 1, HEADER_GROUPS);
  store<u32>(header, load<u32>(REGISTERS), HEADER_REGISTERS);
  store<u32>(header, codeBytes, HEADER_CODE_BYTES);
  store<u32>(header, <u32>(classes - header), HEADER_CLASSES);
  store<u32>(header, <u32>(classes - header) + classBytes, HEADER_CLASSES_END);
  store<u32>(header, 1 + load<u32>(WORK), HEADER_WORK);
  store<u32>(header, <u32>(end - header), HEADER_BYTES);
  return arenaIsShort() ? 0 : keep(header, end - header);
}
