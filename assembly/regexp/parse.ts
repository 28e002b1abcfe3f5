// Owns the grammar of patterns but for classes and escapes: disjunctions, terms, quantifiers, groups, modifiers; with Annex B where
// neither u nor v is given. Must never accept a pattern that the specification refuses. https://tc39.es/ecma262/#sec-patterns
import { RegExpFlag } from "../generated/states";
import { arenaIsShort, take } from "./arena";
import { CLASS_SET, CLASS_STRINGS, MAX_DEPTH, NO_MEMORY, parseClass } from "./class";
import { caseVariants, characterEscape, ESCAPE_STRINGS, forMatching, groupName, setEscape } from "./escape";
import { addName, groupsOfName } from "./names";
import { appendNode, INFINITE, leastOf, newNode, NODE_B, NODE_C, NODE_D, NODE_E, NODE_F, NodeKind } from "./node";
import { countOf, END_OF_UNICODE, rangeSet } from "./set";
import {
  atEnd, BRANCH, DEPTH, DISJUNCTIONS, eat, eatNumber, FLAGS, goTo, GROUPS, GROUPS_TOTAL, has, isDigit, isUnicode, isWrong, NAMED,
  nextCharacter, NOTHING, peek, peekAt, position, POSITION, REFERENCES, skip, work, wrong,
} from "./source";

/** Groups a pattern may have: registers have 16 bits of number. */
const MAX_GROUPS: u32 = 32767;

// --- the pattern before it is parsed ------------------------------------------------------------------------------

/** Counts the capturing groups and finds out whether one has a name. */
function scanGroups(): void {
  let groups: u32 = 0;
  let depth: u32 = 0;
  while (!atEnd()) {
    const c = peek();
    skip(1);
    if (c == 0x5c) skip(1);
    else if (c == 0x5b) depth = has(RegExpFlag.SETS) ? depth + 1 : 1;
    else if (c == 0x5d) depth = depth > 0 ? depth - 1 : 0;
    else if (c == 0x28 && depth == 0) {
      if (peek() != 0x3f) groups++;
      else if (peekAt(1) == 0x3c && peekAt(2) != 0x3d && peekAt(2) != 0x21) {
        groups++;
        store<u32>(NAMED, 1);
      }
    }
  }
  store<u32>(GROUPS_TOTAL, groups);
  store<u32>(POSITION, 0);
  if (isUnicode()) store<u32>(NAMED, 1);
  if (groups > MAX_GROUPS) wrong("Too many captures");
}

// --- atoms --------------------------------------------------------------------------------------------------------

function empty(): usize {
  return newNode(NodeKind.EMPTY, 0, 0, 0);
}

/** A node that matches that character; with flag i, in any case. */
function character(c: u32): usize {
  const variants = caseVariants(c);
  if (variants != 0) return newNode(NodeKind.CLASS, <u32>variants, 0, 1);
  // Half of a pair does not match within a pair.
  if (isUnicode() && c - 0xd800 < 0x800) return newNode(NodeKind.CLASS, <u32>rangeSet(c, c), 0, 1);
  return newNode(NodeKind.CHAR, c, 0, c > 0xffff ? 2 : 1);
}

function setNode(set: usize): usize {
  return newNode(NodeKind.CLASS, <u32>set, 0, 1);
}

/** A node for the strings, the longest first, and then the set. strings: a list {next, code points at, count}. */
function stringsNode(set: usize, strings: usize): usize {
  const choice = newNode(NodeKind.CHOICE, 0, 0, 0);
  let longest: u32 = 0;
  let count: u32 = 0;
  for (let s = strings; s != 0; s = <usize>load<u32>(s)) {
    longest = max<u32>(longest, load<u32>(s, 8));
    count++;
  }
  work(count);
  for (let length = longest; length > 1 && !isWrong(); length--) {
    for (let s = strings; s != 0; s = <usize>load<u32>(s)) if (load<u32>(s, 8) == length) appendNode(choice, stringNode(<usize>load<u32>(s, 4), length));
    work(count >> 2);
  }
  if (countOf(set) != 0) appendNode(choice, setNode(set));
  for (let s = strings; s != 0; s = <usize>load<u32>(s)) {
    if (load<u32>(s, 8) != 0) continue;
    appendNode(choice, empty());
    break;
  }
  return choice;
}

function stringNode(at: usize, length: u32): usize {
  const sequence = newNode(NodeKind.SEQUENCE, 0, 0, 0);
  for (let i: usize = 0; i < <usize>length; i++) appendNode(sequence, character(load<u32>(at + (i << 2))));
  return sequence;
}

function classNode(): usize {
  parseClass();
  if (isWrong()) return 0;
  const strings = <usize>load<u32>(CLASS_STRINGS);
  return strings == 0 ? setNode(<usize>load<u32>(CLASS_SET)) : stringsNode(<usize>load<u32>(CLASS_SET), strings);
}

/** \k<name>; the k is next. */
function namedReference(): usize {
  skip(1);
  if (!eat(0x3c)) return wrong("Invalid named reference");
  const name = groupName();
  if (isWrong()) return 0;
  const node = newNode(NodeKind.BACKREFERENCE, 0, <u32>name, 0);
  store<u32>(node, has(RegExpFlag.IGNORE_CASE) ? 1 : 0, NODE_C);
  const link = take(8);
  store<u32>(link, load<u32>(REFERENCES));
  store<u32>(link, <u32>node, 4);
  store<u32>(REFERENCES, <u32>link);
  return node;
}

/** The node of an escape; the backslash has been skipped. */
function escapeNode(): usize {
  const c = peek();
  if (c == 0x6b && load<u32>(NAMED) != 0) return namedReference();
  if (c - 0x31 < 9) {
    const start = position();
    const n = eatNumber();
    if (n <= load<u32>(GROUPS_TOTAL)) {
      const node = newNode(NodeKind.BACKREFERENCE, n, 0, 0);
      store<u32>(node, has(RegExpFlag.IGNORE_CASE) ? 1 : 0, NODE_C);
      return node;
    }
    goTo(start);
    if (isUnicode()) return wrong("Invalid escape");
  }
  const set = setEscape(false);
  if (isWrong()) return 0;
  if (set != 0) {
    const strings = <usize>load<u32>(ESCAPE_STRINGS);
    return strings == 0 ? setNode(forMatching(set)) : stringsNode(forMatching(set), strings);
  }
  const value = characterEscape(false);
  return isWrong() ? 0 : character(value);
}

function dotNode(): usize {
  return has(RegExpFlag.DOT_ALL) ? setNode(rangeSet(0, END_OF_UNICODE - 1)) : newNode(NodeKind.DOT, 0, 0, 1);
}

// --- groups -------------------------------------------------------------------------------------------------------

/** Parses flags of `(?ims-ims:` and stops at the first other character. */
function modifierFlags(): u32 {
  let flags: u32 = 0;
  while (true) {
    const c = peek();
    const flag: u32 = c == 0x69 ? RegExpFlag.IGNORE_CASE : c == 0x6d ? RegExpFlag.MULTILINE : c == 0x73 ? RegExpFlag.DOT_ALL : 0;
    if (flag == 0) return flags;
    if (flags & flag) {
      wrong("Repeated flag in flag group");
      return 0;
    }
    flags |= flag;
    skip(1);
  }
}

/** (?ims-ims:…; the first flag or dash is next. */
function modifiers(): usize {
  const before = load<u32>(FLAGS);
  const added = modifierFlags();
  let removed: u32 = 0;
  const dash = eat(0x2d);
  if (dash) removed = modifierFlags();
  if (isWrong()) return 0;
  if (dash && peek() == 0x2d) return wrong("Multiple dashes in flag group");
  if (added & removed) return wrong("Repeated flag in flag group");
  if (!eat(0x3a) || (added | removed) == 0) return wrong(dash || (added | removed) != 0 ? "Invalid flag group" : "Invalid group");
  store<u32>(FLAGS, (before | added) & ~removed);
  const inside = disjunction();
  store<u32>(FLAGS, before);
  return inside;
}

function capturing(name: usize): usize {
  const group = load<u32>(GROUPS) + 1;
  store<u32>(GROUPS, group);
  if (name != 0) addName(name, group);
  const inside = disjunction();
  return isWrong() ? 0 : newNode(NodeKind.GROUP, <u32>inside, group, leastOf(inside));
}

/** A group; its opening parenthesis has been skipped, and the closing one is left to the caller. */
function group(): usize {
  if (peek() != 0x3f) return capturing(0);
  skip(1);
  const c = peek();
  const second = peekAt(1);
  if (c == 0x3a) {
    skip(1);
    return disjunction();
  }
  if (c == 0x3d || c == 0x21) {
    skip(1);
    return look(c == 0x21 ? 1 : 0);
  }
  if (c == 0x3c && (second == 0x3d || second == 0x21)) {
    skip(2);
    return look(second == 0x21 ? 3 : 2);
  }
  if (c == 0x3c) {
    skip(1);
    const name = groupName();
    return name == 0 ? 0 : capturing(name);
  }
  return c == 0x69 || c == 0x6d || c == 0x73 || c == 0x2d ? modifiers() : wrong("Invalid group");
}

function look(kind: u32): usize {
  const first = load<u32>(GROUPS) + 1;
  const inside = disjunction();
  if (isWrong()) return 0;
  const node = newNode(NodeKind.LOOK, <u32>inside, kind, 0);
  store<u32>(node, first, NODE_C);
  store<u32>(node, load<u32>(GROUPS) + 1, NODE_D);
  return node;
}

function enclosed(): usize {
  if (load<u32>(DEPTH) >= MAX_DEPTH) return wrong("Regular expression too large");
  store<u32>(DEPTH, load<u32>(DEPTH) + 1);
  const node = group();
  store<u32>(DEPTH, load<u32>(DEPTH) - 1);
  if (isWrong()) return 0;
  return eat(0x29) ? node : wrong("Unterminated group");
}

// --- quantifiers --------------------------------------------------------------------------------------------------

const BOUNDS: usize = memory.data(8, 8);

/** Parses {n}, {n,} or {n,m}; false, and nothing is skipped, if it is not one of these. */
function bounds(): bool {
  const start = position();
  skip(1);
  if (!isDigit(peek())) {
    goTo(start);
    return false;
  }
  const least = eatNumber();
  let most = least;
  if (eat(0x2c)) most = isDigit(peek()) ? eatNumber() : INFINITE;
  if (!eat(0x7d)) {
    goTo(start);
    return false;
  }
  store<u32>(BOUNDS, least);
  store<u32>(BOUNDS, most, 4);
  return true;
}

/** True if a quantifier is next. It is skipped, and its bounds are in BOUNDS. */
function quantifier(): bool {
  const c = peek();
  if (c == 0x2a || c == 0x2b || c == 0x3f) {
    skip(1);
    store<u32>(BOUNDS, c == 0x2b ? 1 : 0);
    store<u32>(BOUNDS, c == 0x3f ? 1 : INFINITE, 4);
    return true;
  }
  if (c != 0x7b) return false;
  if (bounds()) return true;
  if (isUnicode()) wrong("Incomplete quantifier");
  return false;
}

function quantified(atom: usize, firstGroup: u32): usize {
  if (!quantifier()) return atom;
  const least = load<u32>(BOUNDS);
  const most = load<u32>(BOUNDS, 4);
  if (most < least) return wrong("numbers out of order in {} quantifier");
  const lazy = eat(0x3f);
  if (most == 1 && least == 1) return atom;
  const shortest = <u64>leastOf(atom) * <u64>least;
  const node = newNode(NodeKind.LOOP, <u32>atom, least, shortest > 0x7fffffff ? 0x7fffffff : <u32>shortest);
  store<u32>(node, most == 0x7fffffff ? INFINITE : most, NODE_C);
  store<u32>(node, lazy ? 1 : 0, NODE_D);
  store<u32>(node, firstGroup, NODE_E);
  store<u32>(node, load<u32>(GROUPS) + 1, NODE_F);
  return node;
}

// --- terms --------------------------------------------------------------------------------------------------------

/** \b or \B, or 0; the backslash is next. */
function boundary(): usize {
  const letter = peekAt(1);
  if (letter != 0x62 && letter != 0x42) return 0;
  skip(2);
  return newNode(NodeKind.BOUNDARY, letter == 0x42 ? 1 : 0, isUnicode() && has(RegExpFlag.IGNORE_CASE) ? 1 : 0, 0);
}

function assertion(c: u32): usize {
  if (c == 0x5c) return boundary();
  if (c != 0x5e && c != 0x24) return 0;
  skip(1);
  return newNode(c == 0x5e ? NodeKind.START : NodeKind.END, has(RegExpFlag.MULTILINE) ? 1 : 0, 0, 0);
}

function atom(c: u32): usize {
  switch (c) {
    case 0x28: skip(1); return enclosed();
    case 0x2e: skip(1); return dotNode();
    case 0x5b: skip(1); return classNode();
    case 0x5c: skip(1); return escapeNode();
    case 0x2a: case 0x2b: case 0x3f: return wrong("Nothing to repeat");
    case 0x7b: case 0x7d: case 0x5d:
      if (c == 0x7b && bounds()) return wrong("Nothing to repeat");
      if (isUnicode()) return wrong("Lone quantifier brackets");
      break;
  }
  return character(nextCharacter());
}

/** True if the next characters begin an assertion that takes no quantifier. */
function isFixedLook(): bool {
  if (peek() != 0x28 || peekAt(1) != 0x3f) return false;
  const c = peekAt(2);
  if (c == 0x3d || c == 0x21) return isUnicode();
  const second = peekAt(3);
  return c == 0x3c && (second == 0x3d || second == 0x21);
}

function term(): usize {
  if (arenaIsShort()) return wrong(NO_MEMORY);
  const c = peek();
  const fixed = assertion(c);
  if (fixed != 0) return fixed;
  const isFixed = isFixedLook();
  const firstGroup = load<u32>(GROUPS) + 1;
  const node = atom(c);
  if (isWrong()) return node;
  if (isFixed) return quantifier() ? wrong("Invalid quantifier") : node;
  return quantified(node, firstGroup);
}

function alternative(): usize {
  const sequence = newNode(NodeKind.SEQUENCE, 0, 0, 0);
  let count: u32 = 0;
  let last: usize = 0;
  while (true) {
    const c = peek();
    if (c == NOTHING || c == 0x7c || c == 0x29) break;
    last = term();
    if (isWrong()) return 0;
    appendNode(sequence, last);
    count++;
  }
  work(count);
  // A single part needs no sequence.
  return count == 0 ? empty() : count == 1 ? last : sequence;
}

/** Notes the branch that the parser is in: a group name may be used twice if the two are in different branches. */
function enterBranch(around: u32, number: u32, index: u32): void {
  const branch = take(12);
  store<u32>(branch, around);
  store<u32>(branch, number, 4);
  store<u32>(branch, index, 8);
  store<u32>(BRANCH, <u32>branch);
}

function disjunction(): usize {
  const around = load<u32>(BRANCH);
  const number = load<u32>(DISJUNCTIONS) + 1;
  store<u32>(DISJUNCTIONS, number);
  enterBranch(around, number, 0);
  const first = alternative();
  let result = first;
  if (peek() == 0x7c && !isWrong()) {
    result = newNode(NodeKind.CHOICE, 0, 0, 0);
    appendNode(result, first);
    for (let index: u32 = 1; eat(0x7c); index++) {
      enterBranch(around, number, index);
      const next = alternative();
      if (isWrong()) return 0;
      appendNode(result, next);
    }
  }
  store<u32>(BRANCH, around);
  return isWrong() ? 0 : result;
}

/** Every name that is referred to must exist. */
function checkReferences(): void {
  for (let link = <usize>load<u32>(REFERENCES); link != 0; link = <usize>load<u32>(link)) {
    if (groupsOfName(<usize>load<u32>(<usize>load<u32>(link, 4), NODE_B)) == 0) {
      wrong("Invalid named capture referenced");
      return;
    }
  }
}

/** Parses the opened source; a node, or 0 when something is wrong. */
export function parsePattern(): usize {
  scanGroups();
  if (isWrong()) return 0;
  const node = disjunction();
  if (isWrong()) return 0;
  if (!atEnd()) return wrong(peek() == 0x29 ? "Unmatched ')'" : "Unexpected end of regular expression");
  checkReferences();
  return isWrong() ? 0 : node;
}
