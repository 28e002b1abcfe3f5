// Owns the tables of operators and of words that cannot be operands. Must never depend on where they occur.

/** The precedence of binary operators. */
export const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  [
    ["??"],
    ["||"],
    ["&&"],
    ["|"],
    ["^"],
    ["&"],
    ["==", "!=", "===", "!=="],
    ["<", ">", "<=", ">=", "instanceof", "in", "as", "satisfies"],
    ["<<", ">>", ">>>"],
    ["+", "-"],
    ["*", "/", "%"],
    ["**"],
  ].flatMap((operators, level) => operators.map((operator): [string, number] => [operator, level + 1])),
);
const EXPONENT = 12;
/** Levels of operands that are not binary expressions, above every operator: with a prefix operator, and without. */
export const PREFIXED = EXPONENT + 1;
export const UNARY = EXPONENT + 2;

export const ASSIGNMENT = new Set("= += -= *= /= %= **= <<= >>= >>>= &= |= ^= &&= ||= ??=".split(" "));
/** Operators that can precede an operand. */
export const PREFIX = new Set(["+", "-", "!", "~", "++", "--", "typeof", "void", "delete"]);
/** Punctuators with which an expression can begin. */
export const STARTS = new Set(["(", "[", "{", "`", "/", "/=", "+", "-", "!", "~", "++", "--", "<", "@"]);
/** Words that neither begin an expression nor continue one. */
export const NO_OPERAND = new Set(
  "break case catch const continue debugger default do else enum export extends finally for if return switch throw try var while with".split(
    " ",
  ),
);
