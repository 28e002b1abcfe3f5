// Owns the numbers of the kinds of source that a guest evaluates, by which ts/prelude/evaluate.js asks for them.

/** `(0, eval)(x)`, `eval(x)`, and `Function(x)`. The other kinds of functions follow FUNCTION, in the order of FunctionKindNumber. */
export const SOURCE_KIND = { INDIRECT: 0, DIRECT: 1, FUNCTION: 2 } as const;
