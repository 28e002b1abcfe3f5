// Owns the list of the words that are reserved everywhere. Must never hold one that only strict code, modules or generators reserve.
// https://tc39.es/ecma262/#prod-ReservedWord

export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  "break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with".split(
    " ",
  ),
);
