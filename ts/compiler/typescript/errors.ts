// Owns the one error the TypeScript stripper throws. Must never compute lines, columns or code frames: the caller has
// the source and turns the offset into a place.

/** Source that is not TypeScript, or TypeScript that this compiler does not support. */
export class TypeScriptSyntaxError extends SyntaxError {
  override readonly name: string = "TypeScriptSyntaxError";
  /** Where in the source, in UTF-16 code units from its start. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
