// Owns the texts in which patterns are shown: the source of a RegExp, and RegExp.escape.
import { isWhiteSpaceOrTerminator } from "../core/number-parse";
import { boxString, RETRY, Value } from "../core/value";
import { lit } from "../errors/throw";
import { chargeFuel, reserve } from "../heap/memory";
import { flatteningBytes } from "../strings/rope";
import { charsOf, codePointOf, codeUnitAt, lengthOf } from "../strings/string";
import { beginCount, beginWrite, put, written } from "./regexp-sink";

/** Writes a pattern with its slashes and line terminators escaped as in a literal. https://tc39.es/ecma262/#sec-escaperegexppattern */
function putSource(s: usize): bool {
  const n = lengthOf(s);
  let inClass = false;
  let changes = false;
  for (let i = 0; i < n; i++) {
    const c = <u32>codeUnitAt(s, i);
    if (c == 0x5c && i + 1 < n) {
      const next = <u32>codeUnitAt(s, i + 1);
      put(c);
      i++;
      if (next == 10 || next == 13 || (next & 0xfffe) == 0x2028) {
        // The backslash has been written already.
        putTerminator(next, false);
        changes = true;
      } else put(next);
      continue;
    }
    if (c == 0x5b) inClass = true;
    else if (c == 0x5d) inClass = false;
    if (c == 0x2f && !inClass) {
      put(0x5c);
      put(c);
      changes = true;
    } else if (c == 10 || c == 13 || (c & 0xfffe) == 0x2028) {
      putTerminator(c, true);
      changes = true;
    } else put(c);
  }
  return changes;
}

function putTerminator(c: u32, backslash: bool): void {
  if (backslash) put(0x5c);
  if (c == 10) put(0x6e);
  else if (c == 13) put(0x72);
  else {
    put(0x75);
    put(0x32);
    put(0x30);
    put(0x32);
    put(c == 0x2028 ? 0x38 : 0x39);
  }
}

/** The source of a pattern as it would be written between slashes. */
export function patternSource(s: usize): Value {
  if (lengthOf(s) == 0) return boxString(lit("(?:)"));
  charsOf(s);
  chargeFuel(lengthOf(s) >> 4);
  beginCount();
  if (!putSource(s)) return boxString(s);
  const signal = beginWrite();
  if (signal != 0) return signal;
  chargeFuel(lengthOf(s) >> 2);
  putSource(s);
  return written();
}

function hexDigit(n: u32): u32 {
  return n < 10 ? 0x30 + n : 0x57 + n;
}
function putHex(c: u32): void {
  put(0x5c);
  if (c < 256) put(0x78);
  else {
    put(0x75);
    put(hexDigit(c >> 12));
    put(hexDigit((c >> 8) & 15));
  }
  put(hexDigit((c >> 4) & 15));
  put(hexDigit(c & 15));
}

/** Letter of the control escape for c; 0 if c has no such escape. */
function controlLetter(c: u32): u32 {
  return c == 9 ? 0x74 : c == 10 ? 0x6e : c == 11 ? 0x76 : c == 12 ? 0x66 : c == 13 ? 0x72 : 0;
}

function isSyntax(c: u32): bool {
  switch (c) {
    case 0x5e: case 0x24: case 0x5c: case 0x2e: case 0x2a: case 0x2b: case 0x3f: case 0x28: case 0x29: case 0x5b: case 0x5d: case 0x7b: case 0x7d: case 0x7c: case 0x2f:
      return true;
  }
  return false;
}
function isOtherPunctuator(c: u32): bool {
  switch (c) {
    case 0x2c: case 0x2d: case 0x3d: case 0x3c: case 0x3e: case 0x23: case 0x26: case 0x21: case 0x25: case 0x3a: case 0x3b: case 0x40: case 0x7e: case 0x27: case 0x60: case 0x22:
      return true;
  }
  return false;
}

/** https://tc39.es/ecma262/#sec-encodeforregexpescape */
function putEscaped(s: usize): void {
  const n = lengthOf(s);
  for (let i = 0; i < n; i++) {
    const c = <u32>codePointOf(s, i);
    if (c > 0xffff) {
      put(<u32>codeUnitAt(s, i));
      put(<u32>codeUnitAt(s, ++i));
    } else if (i == 0 && (c - 0x30 < 10 || ((c | 0x20) - 0x61 < 26 && c < 0x80))) putHex(c);
    else if (isSyntax(c)) {
      put(0x5c);
      put(c);
    } else if (controlLetter(c) != 0) {
      put(0x5c);
      put(controlLetter(c));
    } else if (isOtherPunctuator(c) || isWhiteSpaceOrTerminator(<i32>c) || c - 0xd800 < 0x800) putHex(c);
    else put(c);
  }
}

/** https://tc39.es/ecma262/#sec-regexp.escape */
export function escapeForPattern(s: usize): Value {
  if (flatteningBytes(s) != 0 && !reserve(flatteningBytes(s))) return RETRY;
  charsOf(s);
  chargeFuel(lengthOf(s) >> 2);
  beginCount();
  putEscaped(s);
  const signal = beginWrite();
  if (signal != 0) return signal;
  chargeFuel(lengthOf(s) >> 1);
  putEscaped(s);
  return written();
}
