// Owns better messages for syntax the parser could not read, above all JSX, which looks like a cast. Must never read more than the
// surroundings of the error.

import { deepest, TOO_DEEP } from "../syntax-messages.ts";
import { TypeScriptSyntaxError } from "./errors.ts";

/** The error with a message that says more, if there is one. */
export function explained(error: unknown, source: string): unknown {
  // The host's stack: only nesting far beyond real programs gets here.
  if (error instanceof RangeError) return new TypeScriptSyntaxError(TOO_DEEP, deepest(source));
  if (!(error instanceof TypeScriptSyntaxError)) return error;
  const jsx = beginOfJsx(source, error.offset, error.message);
  return jsx < 0 ? error : new TypeScriptSyntaxError("JSX is not supported: write the equivalent calls", jsx);
}

/** The start of the JSX element that the error at `offset` is about; −1: it is about something else. */
function beginOfJsx(source: string, offset: number, text: string): number {
  if (text.startsWith("Unterminated regular") && source[offset - 1] === "<") return offset - 1;
  if (source[offset] === ">" && source[offset - 1] === "<") return offset - 1;
  // `<a/>` and `<a b="…">`
  const open = /<[A-Za-z][\w.:-]*\s*$/.exec(source.slice(Math.max(0, offset - 200), offset));
  if (open === null || !/^(?:\/\s*>|[\w-]+\s*=\s*["'{])/.test(source.slice(offset, offset + 200))) return -1;
  return offset - open[0].length;
}
