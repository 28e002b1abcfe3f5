// Owns character classes: [a-z], and with flag v sets with strings, difference and intersection. Returns the set and the strings of
// a class in CLASS_SET and CLASS_STRINGS. https://tc39.es/ecma262/#prod-CharacterClass
import { RegExpFlag } from "../generated/states";
import { arenaIsShort, take } from "./arena";
import { characterEscape, ESCAPE_STRINGS, setEscape, forMatching } from "./escape";
import { canonicalize, closeOverCase } from "./fold";
import { addRange, addSet, combine, complement, countOf, DIFFERENCE, finishSet, INTERSECTION, newBuilder, newSet, rangeSet } from "./set";
import { DEPTH, eat, has, isUnicode, isWrong, nextCharacter, NOTHING, peek, peekAt, skip, work, wrong } from "./source";

export const MAX_DEPTH: u32 = 500;
/** Ends the parsing when there is no memory for more. The guest never sees this message, for the native that parses is run again. */
export const NO_MEMORY: string = "out of memory";

const RESULT: usize = memory.data(12, 8);
/** Set and strings of the class that was parsed last; strings are a list {next, code points at, count}. */
export const CLASS_SET: usize = RESULT;
export const CLASS_STRINGS: usize = RESULT + 4;
/** MayContainStrings, which looks at the operands and not at their result. */
const CLASS_MAY: usize = RESULT + 8;

function answer(set: usize, strings: usize): void {
  store<u32>(CLASS_SET, <u32>set);
  store<u32>(CLASS_STRINGS, <u32>strings);
  store<u32>(CLASS_MAY, strings != 0 ? 1 : 0);
}

// --- without flag v -----------------------------------------------------------------------------------------------

/** The set of the last atom; 0: it was a character. A set cannot be the end of a range. */
const ATOM_SET: usize = memory.data(8, 8);

/** One atom of a class; a set goes to ATOM_SET. */
function classAtom(): u32 {
  store<u32>(ATOM_SET, 0);
  if (peek() != 0x5c) return nextCharacter();
  skip(1);
  const set = setEscape(true);
  if (set != 0) {
    store<u32>(ATOM_SET, <u32>set);
    return 0;
  }
  if (isWrong()) return 0;
  if (peek() == 0x62) {
    skip(1);
    return 8;
  }
  return characterEscape(true);
}

function plainClass(): void {
  const negated = eat(0x5e);
  const builder = newBuilder();
  while (peek() != 0x5d) {
    if (peek() == NOTHING || isWrong()) {
      wrong("Unterminated character class");
      return;
    }
    if (arenaIsShort()) wrong(NO_MEMORY);
    const low = classAtom();
    const lowSet = <usize>load<u32>(ATOM_SET);
    if (peek() != 0x2d || peekAt(1) == 0x5d || peekAt(1) == NOTHING) {
      if (lowSet != 0) addSet(builder, lowSet);
      else addRange(builder, low, low);
      continue;
    }
    skip(1);
    const high = classAtom();
    const highSet = <usize>load<u32>(ATOM_SET);
    if (lowSet != 0 || highSet != 0) {
      if (isUnicode()) {
        wrong("Invalid character class");
        return;
      }
      if (lowSet != 0) addSet(builder, lowSet);
      else addRange(builder, low, low);
      addRange(builder, 0x2d, 0x2d);
      if (highSet != 0) addSet(builder, highSet);
      else addRange(builder, high, high);
      continue;
    }
    if (low > high) {
      wrong("Range out of order in character class");
      return;
    }
    addRange(builder, low, high);
  }
  skip(1);
  work(load<u32>(builder, 4));
  const set = forMatching(finishSet(builder));
  answer(negated ? complement(set) : set, 0);
}

// --- strings ------------------------------------------------------------------------------------------------------

function sameString(a: usize, b: usize): bool {
  const n = load<u32>(a, 8);
  return n == load<u32>(b, 8) && memory.compare(<usize>load<u32>(a, 4), <usize>load<u32>(b, 4), <usize>n << 2) == 0;
}

function hasString(list: usize, string: usize): bool {
  for (let s = list; s != 0; s = <usize>load<u32>(s)) {
    work(1);
    if (sameString(s, string)) return true;
  }
  return false;
}

function withString(list: usize, at: usize, count: u32): usize {
  const entry = take(12);
  store<u32>(entry, <u32>list);
  store<u32>(entry, <u32>at, 4);
  store<u32>(entry, count, 8);
  return entry;
}

/** The strings of `from` that are in `other` (wanted) or are not, before `list`. */
function selectStrings(list: usize, from: usize, other: usize, wanted: bool): usize {
  for (let s = from; s != 0; s = <usize>load<u32>(s)) {
    if (hasString(other, s) == wanted) list = withString(list, <usize>load<u32>(s, 4), load<u32>(s, 8));
  }
  return list;
}

// --- with flag v --------------------------------------------------------------------------------------------------

function isDoublePunctuator(c: u32): bool {
  switch (c) {
    case 0x26: case 0x21: case 0x23: case 0x24: case 0x25: case 0x2a: case 0x2b: case 0x2c: case 0x2e: case 0x3a: case 0x3b: case 0x3c: case 0x3d: case 0x3e:
    case 0x3f: case 0x40: case 0x5e: case 0x60: case 0x7e:
      return true;
  }
  return false;
}

function isClassSyntax(c: u32): bool {
  switch (c) {
    case 0x28: case 0x29: case 0x5b: case 0x5d: case 0x7b: case 0x7d: case 0x2f: case 0x2d: case 0x7c:
      return true;
  }
  return false;
}

function isReservedPunctuator(c: u32): bool {
  switch (c) {
    case 0x26: case 0x2d: case 0x21: case 0x23: case 0x25: case 0x2c: case 0x3a: case 0x3b: case 0x3c: case 0x3d: case 0x3e: case 0x40: case 0x60: case 0x7e:
      return true;
  }
  return false;
}

/** ClassSetCharacter. */
function setCharacter(): u32 {
  const c = peek();
  if (c == 0x5c) {
    skip(1);
    const next = peek();
    if (next == 0x62) {
      skip(1);
      return 8;
    }
    if (isReservedPunctuator(next)) {
      skip(1);
      return next;
    }
    return characterEscape(true);
  }
  if (isClassSyntax(c)) return <u32>wrong("Invalid character in character class");
  if (isDoublePunctuator(c) && peekAt(1) == c) return <u32>wrong("Invalid set operation in character class");
  return nextCharacter();
}

/** A character of a string, case folded if flag i is set. */
function folded(c: u32): u32 {
  return has(RegExpFlag.IGNORE_CASE) ? canonicalize(c, true) : c;
}

/** A set of flag v, closed over case if flag i is set. */
function foldedSet(set: usize): usize {
  if (!has(RegExpFlag.IGNORE_CASE)) return set;
  work(128 + countOf(set));
  return closeOverCase(set, true);
}

/** \q{…}; the q is next. */
function quotedStrings(): void {
  skip(2);
  const builder = newBuilder();
  let strings: usize = 0;
  while (true) {
    const at = take(0);
    let count: u32 = 0;
    // The characters are stored one after another, since parsing an escape takes no memory of the arena.
    while (peek() != 0x7c && peek() != 0x7d) {
      if (peek() == NOTHING || isWrong()) {
        wrong("Invalid escape");
        return;
      }
      const c = folded(setCharacter());
      store<u32>(take(4), c);
      count++;
    }
    if (count == 1) addRange(builder, load<u32>(at), load<u32>(at));
    else strings = withString(strings, at, count);
    if (peek() == 0x7d) break;
    skip(1);
  }
  skip(1);
  answer(foldedSet(finishSet(builder)), strings);
}

/** ClassSetOperand: a nested class, an escape, or a character. ATOM_SET is 0 for a character, which is returned. */
function setOperand(): u32 {
  store<u32>(ATOM_SET, 1);
  if (peek() == 0x5b) {
    skip(1);
    setClass();
    store<u32>(ATOM_SET, 1);
    return 0;
  }
  if (peek() == 0x5c) {
    if (peekAt(1) == 0x71 && peekAt(2) == 0x7b) {
      skip(1);
      quotedStrings();
      return 0;
    }
    skip(1);
    const set = setEscape(true);
    if (set != 0) {
      answer(foldedSet(set), foldStrings(<usize>load<u32>(ESCAPE_STRINGS)));
      return 0;
    }
    if (isWrong()) return 0;
    store<u32>(ATOM_SET, 0);
    if (peek() == 0x62) {
      skip(1);
      return 8;
    }
    if (isReservedPunctuator(peek())) {
      const c = peek();
      skip(1);
      return c;
    }
    return characterEscape(true);
  }
  store<u32>(ATOM_SET, 0);
  return setCharacter();
}

function foldStrings(list: usize): usize {
  if (!has(RegExpFlag.IGNORE_CASE)) return list;
  let out: usize = 0;
  for (let s = list; s != 0; s = <usize>load<u32>(s)) {
    const n = load<u32>(s, 8);
    const copy = take(<usize>n << 2);
    for (let i: usize = 0; i < <usize>n; i++) store<u32>(copy + (i << 2), folded(load<u32>(<usize>load<u32>(s, 4) + (i << 2))));
    out = withString(out, copy, n);
  }
  return out;
}

/** An operand as a set of its own. */
function operandSet(): void {
  const c = setOperand();
  if (load<u32>(ATOM_SET) == 0) answer(foldedSet(rangeSet(c, c)), 0);
}

/** Operations of one sort: && (0x26) or -- (0x2d), which is next. */
function setOperations(operator: u32): void {
  let set = <usize>load<u32>(CLASS_SET);
  let strings = <usize>load<u32>(CLASS_STRINGS);
  let may = load<u32>(CLASS_MAY);
  while (peek() != 0x5d) {
    if (peek() == NOTHING || isWrong()) {
      wrong("Unterminated character class");
      return;
    }
    if (peek() != operator || peekAt(1) != operator) {
      wrong("Invalid set operation in character class");
      return;
    }
    skip(2);
    if (operator == 0x26 && peek() == 0x26) {
      wrong("Invalid character in character class");
      return;
    }
    operandSet();
    if (isWrong()) return;
    const more = <usize>load<u32>(CLASS_STRINGS);
    if (operator == 0x26) may &= load<u32>(CLASS_MAY);
    set = combine(set, <usize>load<u32>(CLASS_SET), operator == 0x26 ? INTERSECTION : DIFFERENCE);
    strings = selectStrings(0, strings, more, operator == 0x26);
  }
  answer(set, strings);
  store<u32>(CLASS_MAY, may);
}

function isOperator(c: u32): bool {
  return peek() == c && peekAt(1) == c;
}

/** Union, with ranges; the first operand is there. `first` is its character, if it was one. */
function setUnion(first: u32, isCharacter: bool): void {
  const builder = newBuilder();
  let strings: usize = 0;
  let may: u32 = 0;
  let c = first;
  let single = isCharacter;
  while (true) {
    if (arenaIsShort()) wrong(NO_MEMORY);
    if (isWrong()) return;
    if (single && peek() == 0x2d && peekAt(1) != 0x2d) {
      skip(1);
      const high = setOperand();
      if (load<u32>(ATOM_SET) != 0) {
        wrong("Invalid character class");
        return;
      }
      if (c > high) {
        wrong("Range out of order in character class");
        return;
      }
      addRange(builder, c, high);
    } else if (single) addRange(builder, c, c);
    else {
      addSet(builder, <usize>load<u32>(CLASS_SET));
      may |= load<u32>(CLASS_MAY);
      strings = selectStrings(strings, <usize>load<u32>(CLASS_STRINGS), 0, false);
    }
    if (peek() == 0x5d) break;
    if (peek() == NOTHING) {
      wrong("Unterminated character class");
      return;
    }
    if (!single && peek() == 0x2d && peekAt(1) != 0x2d) {
      wrong("Invalid character class");
      return;
    }
    if (isOperator(0x26) || isOperator(0x2d)) {
      wrong("Invalid set operation in character class");
      return;
    }
    c = setOperand();
    single = load<u32>(ATOM_SET) == 0;
  }
  work(load<u32>(builder, 4));
  answer(foldedSet(finishSet(builder)), strings);
  store<u32>(CLASS_MAY, may);
}

/** A class of flag v; its bracket has been skipped. */
function setClass(): void {
  if (load<u32>(DEPTH) >= MAX_DEPTH) {
    wrong("Regular expression too large");
    return;
  }
  store<u32>(DEPTH, load<u32>(DEPTH) + 1);
  const negated = eat(0x5e);
  if (peek() == 0x5d) answer(newSet(0), 0);
  else {
    const c = setOperand();
    const single = load<u32>(ATOM_SET) == 0;
    if (isOperator(0x26) || isOperator(0x2d)) {
      if (single) answer(foldedSet(rangeSet(c, c)), 0);
      setOperations(peek());
    } else setUnion(c, single);
  }
  if (!eat(0x5d)) wrong("Unterminated character class");
  store<u32>(DEPTH, load<u32>(DEPTH) - 1);
  if (isWrong() || !negated) return;
  if (load<u32>(CLASS_MAY) != 0) {
    wrong("Negated character class may contain strings");
    return;
  }
  answer(complement(<usize>load<u32>(CLASS_SET)), 0);
}

/** A class; its bracket has been skipped. The result is in CLASS_SET and CLASS_STRINGS. */
export function parseClass(): void {
  answer(0, 0);
  if (has(RegExpFlag.SETS)) setClass();
  else plainClass();
}
