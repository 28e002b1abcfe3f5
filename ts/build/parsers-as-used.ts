// Owns what the bundle makes of the text of the parser: as it is used, with the options that the compiler gives it
// (compiler/parse.ts) and without what it does not look at. Must never change what it answers then: only what it costs.

/** What is written otherwise, and in how many places at least: a parser that is written in another way must not go unnoticed. */
type Change = readonly [pattern: RegExp, replacement: string, places: number];

const MERIYAH: readonly Change[] = [
  // Nodes get their place when they are finished. Where they have no room for it, each of them becomes two objects, which is a third
  // of what the collector has to move while a large program is compiled.
  [/\{(\s*)type: /g, "{$1start: 0, end: 0, type: ", 100],
  // Most lists have a few elements. One that begins as `[]` gets room for seventeen with its first, one that begins like this for four.
  [/const (\w+) = \[\];/g, "const $1 = new globalThis.Array();", 20],
  // Where a token begins is asked by every rule that could begin with it.
  [
    /get tokenStart\(\) \{\s*return (\{[^}]*\});\s*\}/g,
    "lastStart = { index: -1, line: 0, column: 0 };\n" +
      "get tokenStart() { return this.lastStart.index === this.tokenIndex ? this.lastStart : (this.lastStart = $1); }",
    1,
  ],
  // Most blocks declare nothing.
  [/^/g, "const NO_BINDINGS = new Map();\n", 1],
  [/variableBindings = new Map\(\);/g, "variableBindings = NO_BINDINGS;", 1],
  [
    /(\w+)\.variableBindings\.set\(/g,
    "($1.variableBindings === NO_BINDINGS ? ($1.variableBindings = new Map()) : $1.variableBindings).set(",
    2,
  ],
  // ranges: { start: true, end: true }
  [/const \{ ranges \} = (?:this\.|parser\.)?options;/g, "", 4],
  [/if \(ranges\) \{/g, "if (true) {", 4],
  [/if \(ranges\.(?:start|end)\)/g, "if (true)", 8],
  [/if \(ranges\.range\)/g, "if (false)", 4],
  // None of these: what depends on them falls out of the bundle. They are asked for each token and each node.
  [/\bparser\.options\.(?:jsx|raw|loc|onComment)\b/g, "false", 14],
  [/\bthis\.options\.loc\b/g, "false", 1],
  [/const \{ onToken \} = this\.options;/g, "const onToken = false;", 1],
];

/** The text of a file of the parser as it is used; null for any other file. */
export function parserAsUsed(file: string, text: string): string | null {
  return file.endsWith("/meriyah/dist/meriyah.mjs") ? rewritten(text, MERIYAH) : null;
}

function rewritten(text: string, changes: readonly Change[]): string {
  let changed = text;
  for (const [pattern, replacement, places] of changes) {
    const found = changed.match(pattern)?.length ?? 0;
    if (found < places) throw new Error(`the parser is written in another way: ${pattern} is there ${found} times`);
    changed = changed.replace(pattern, replacement);
  }
  return changed;
}
