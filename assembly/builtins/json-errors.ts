// Owns the messages of JSON.parse, worded as V8 words them. Must never look at the parser's state.
import { Value } from "../core/value";
import { lit, throwError } from "../errors/throw";
import { Atom, atomAt } from "../generated/intrinsics";
import { ErrorKind } from "../generated/layout";
import { numberToString } from "../primitives/convert";
import { isTwoByte, lengthOf } from "../strings/cells";
import { charsOf } from "../strings/rope";
import { fromCodeUnit, substring } from "../strings/single-chars";
import { codeUnitAt, concat, equals } from "../strings/string";

export const enum Fault {
  END, TOKEN, NO_DIGITS, NUMBER, FRACTION, EXPONENT, UNTERMINATED, CONTROL, ESCAPE, UNICODE, NAME_OR_BRACE, NAME, COLON, BRACE, BRACKET, TRAILING,
}

/** `what`, followed by " at position 5 (line 1 column 6)" */
function positioned(what: string, text: usize, at: i32): usize {
  let line: i32 = 1;
  let start: i32 = 0;
  const wide = isTwoByte(text);
  const chars = charsOf(text);
  for (let i = 0; i < at; i++) {
    const c: u32 = wide ? <u32>load<u16>(chars + (<usize>i << 1)) : <u32>load<u8>(chars + <usize>i);
    if (c == 10 || (c == 13 && !(i + 1 < lengthOf(text) && codeUnitAt(text, i + 1) == 10))) {
      line++;
      start = i + 1;
    }
  }
  let s = concat(concat(lit(what), lit(" at position ")), numberToString(<f64>at));
  s = concat(concat(s, lit(" (line ")), numberToString(<f64>line));
  s = concat(concat(s, lit(" column ")), numberToString(<f64>(at - start + 1)));
  return concat(s, lit(")"));
}

/** Unexpected token 'x', …"around it"… is not valid JSON */
function unexpectedToken(text: usize, at: i32): usize {
  const length = lengthOf(text);
  let s = concat(concat(lit("Unexpected token '"), fromCodeUnit(codeUnitAt(text, at))), lit("', "));
  if (length <= 20) return concat(concat(concat(s, lit('"')), text), lit('" is not valid JSON'));
  const from = at < 10 ? 0 : at - 10;
  const to = at >= 10 && at >= length - 10 ? length : min(length, at + 10);
  if (at >= 10) s = concat(s, lit("..."));
  s = concat(concat(concat(s, lit('"')), substring(text, from, to)), lit('"'));
  if (at < 10 || at < length - 10) s = concat(s, lit("..."));
  return concat(s, lit(" is not valid JSON"));
}

/** True if the text is probably a value that was converted by String and not by JSON.stringify. */
function isSpecial(text: usize): bool {
  return equals(text, atomAt(Atom.undefined)) || equals(text, atomAt(Atom.NaN)) || equals(text, atomAt(Atom.Infinity)) || equals(text, lit("[object Object]"));
}

export function syntaxError(fault: i32, text: usize, at: i32): Value {
  let message: usize;
  switch (fault) {
    case Fault.TOKEN:
      if (isSpecial(text)) message = concat(concat(lit('"'), text), lit('" is not valid JSON'));
      else if (codeUnitAt(text, at) == 0x22) message = positioned("Unexpected string in JSON", text, at);
      else if (codeUnitAt(text, at) == 0x2d || <u32>(codeUnitAt(text, at) - 0x30) <= 9) message = positioned("Unexpected number in JSON", text, at);
      else message = unexpectedToken(text, at);
      break;
    case Fault.NO_DIGITS: message = positioned("No number after minus sign in JSON", text, at); break;
    case Fault.NUMBER: message = positioned("Unexpected number in JSON", text, at); break;
    case Fault.FRACTION: message = positioned("Unterminated fractional number in JSON", text, at); break;
    case Fault.EXPONENT: message = positioned("Exponent part is missing a number in JSON", text, at); break;
    case Fault.UNTERMINATED: message = positioned("Unterminated string in JSON", text, at); break;
    case Fault.CONTROL: message = positioned("Bad control character in string literal in JSON", text, at); break;
    case Fault.ESCAPE: message = positioned("Bad escaped character in JSON", text, at); break;
    case Fault.UNICODE: message = positioned("Bad Unicode escape in JSON", text, at); break;
    case Fault.NAME_OR_BRACE: message = positioned("Expected property name or '}' in JSON", text, at); break;
    case Fault.NAME: message = positioned("Expected double-quoted property name in JSON", text, at); break;
    case Fault.COLON: message = positioned("Expected ':' after property name in JSON", text, at); break;
    case Fault.BRACE: message = positioned("Expected ',' or '}' after property value in JSON", text, at); break;
    case Fault.BRACKET: message = positioned("Expected ',' or ']' after array element in JSON", text, at); break;
    case Fault.TRAILING: message = positioned("Unexpected non-whitespace character after JSON", text, at); break;
    default: message = lit("Unexpected end of JSON input"); break;
  }
  return throwError(ErrorKind.SyntaxError, message);
}
