// Owns the reasons for which the core refuses to link a program image, and the words for them. The number is in the low byte of what
// `link` returns, the byte of the image above it. Append only.

export const LINK_ERRORS = [
  ["NONE", "no error"],
  ["TRUNCATED", "it ends too early, or a number is wider than 32 bits"],
  ["MAGIC", "it is not a program image, or of another version"],
  ["TRAILING", "it has bytes after its end"],
  ["STRING", "bad index or length of a string"],
  ["FUNCTION", "bad count, index or flags of a function"],
  ["LIMIT", "an operand or a count is out of range"],
  ["CONSTANT", "bad index or tag of a constant"],
  ["BIGINT", "a BigInt with no digits or too many"],
  ["OPCODE", "an opcode that is unknown or not allowed there"],
  ["REGISTER", "bad register"],
  ["JUMP", "bad target or direction of a jump"],
  ["HANDLER", "bad exception handler"],
  ["POSITION", "bad source position"],
  ["SIZE", "a function is too large for a cell"],
] as const;

/** Returns the words for a result of `link` that is not 0. */
export function linkErrorText(result: number): string {
  const [, text] = LINK_ERRORS[result & 255] ?? ["", `error ${result & 255}`];
  return `${text} (at byte ${result >>> 8} of the program image)`;
}
