// Owns the way from the source and flags of a regular expression to its program, and the cache of programs. The guest must never
// observe the cache: the cost of compiling is charged whether it was needed or not.
import { boxCell, addressOf } from "../core/value";
import { intrinsic, Kept } from "../generated/intrinsics";
import { Kind, POINTERS_COUNT, POINTERS_SIZE } from "../generated/kinds";
import { RegExpFlag } from "../generated/states";
import { allocate, fuelLeft, setFuelLeft } from "../heap/memory";
import { intrinsicAddress } from "../objects/object";
import { flagsOf, lengthOf, TWO_BYTE } from "../strings/cells";
import { charsOf, equals, hashOf, writeChars16 } from "../strings/string";
import { openArena, take } from "./arena";
import { emitProgram } from "./emit";
import { parsePattern } from "./parse";
import { flagsOfProgram } from "./program";
import { isWrong, openSource } from "./source";

const ENTRIES: u32 = 64;

export const NO_FLAGS: u32 = 0xffffffff;

function flagOf(c: u32): u32 {
  switch (c) {
    case 0x64: return RegExpFlag.INDICES;
    case 0x67: return RegExpFlag.GLOBAL;
    case 0x69: return RegExpFlag.IGNORE_CASE;
    case 0x6d: return RegExpFlag.MULTILINE;
    case 0x73: return RegExpFlag.DOT_ALL;
    case 0x75: return RegExpFlag.UNICODE;
    case 0x76: return RegExpFlag.SETS;
    case 0x79: return RegExpFlag.STICKY;
  }
  return 0;
}

function parseFlags(at: usize, length: i32, width: u32): u32 {
  let flags: u32 = 0;
  for (let i = 0; i < length; i++) {
    const flag = flagOf(width ? <u32>load<u16>(at + (<usize>i << 1)) : <u32>load<u8>(at + <usize>i));
    if (flag == 0 || (flags & flag) != 0) return NO_FLAGS;
    flags |= flag;
  }
  return (flags & (RegExpFlag.UNICODE | RegExpFlag.SETS)) == (RegExpFlag.UNICODE | RegExpFlag.SETS) ? NO_FLAGS : flags;
}

/** The flags that a string spells; NO_FLAGS if it is not a valid text of flags. */
export function flagsOfString(s: usize): u32 {
  return parseFlags(charsOf(s), lengthOf(s), flagsOf(s) & TWO_BYTE);
}

function cache(): usize {
  const known = intrinsic(Kept.REGEXP_CACHE);
  if (known != 0) return addressOf(known);
  const table = allocate(Kind.POINTERS, POINTERS_SIZE + (<usize>ENTRIES << 3));
  store<u32>(table, 0);
  store<u64>(table, <u64>(ENTRIES << 1), POINTERS_COUNT);
  memory.fill(table + POINTERS_SIZE, 0, <usize>ENTRIES << 3);
  store<u64>(intrinsicAddress(Kept.REGEXP_CACHE), boxCell(table));
  return table;
}

/**
 * The program of a flat source; 0: something is wrong with it (isWrong), or there is no memory for it. It takes no fuel, because
 * the cache decides whether there is work to do: callers charge for it where an object is made.
 */
export function programFor(source: usize, flags: u32): usize {
  const fuel = fuelLeft();
  const program = findProgram(source, flags);
  setFuelLeft(fuel);
  return program;
}

function findProgram(source: usize, flags: u32): usize {
  const at = (hashOf(source) + flags * 7) & (ENTRIES - 1);
  const first = cache() + POINTERS_SIZE + (<usize>at << 3);
  if (isKnown(first, source, flags)) return <usize>load<u32>(first, 4);
  const second = cache() + POINTERS_SIZE + (<usize>(at ^ 1) << 3);
  if (isKnown(second, source, flags)) return <usize>load<u32>(second, 4);
  const program = compileSource(source, flags);
  if (program != 0) {
    store<u64>(second, load<u64>(first));
    store<u32>(first, <u32>source);
    store<u32>(first, <u32>program, 4);
  }
  return program;
}

function isKnown(entry: usize, source: usize, flags: u32): bool {
  const known = <usize>load<u32>(entry);
  return known != 0 && flagsOfProgram(<usize>load<u32>(entry, 4)) == flags && (known == source || equals(known, source));
}

function openString(source: usize, flags: u32): void {
  const length = lengthOf(source);
  charsOf(source);
  openArena();
  const at = take((<usize>length << 1) + 4);
  writeChars16(source, 0, length, at);
  openSource(at, <u32>length, flags);
}

function compileSource(source: usize, flags: u32): usize {
  openString(source, flags);
  const root = parsePattern();
  return root == 0 ? 0 : emitProgram(root);
}

/** True if the string is a pattern with those flags; else messageAt says why it is not. */
export function isPattern(source: usize, flags: u32): bool {
  openString(source, flags);
  return parsePattern() != 0 && !isWrong();
}

/**
 * Checks a pattern of `length` units at `at` in the arena, with its flags in the `flagCount` units after it.
 *    1   it is a pattern
 *    0   it is not a pattern
 *   -1   the flags are bad
 */
export function checkUnits(at: usize, length: u32, flagCount: i32): i32 {
  const flags = parseFlags(at + (<usize>length << 1), flagCount, TWO_BYTE);
  if (flags == NO_FLAGS) return -1;
  openSource(at, length, flags);
  return parsePattern() != 0 ? 1 : 0;
}
