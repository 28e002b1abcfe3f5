// Owns the changes that the bundler makes to the text of the parser: the options the compiler always passes (compiler/parse.ts) are
// folded in, and unused features are dropped. Must never change a parse result, only its cost.

/** A replacement, and the least number of places where it must apply: a new version of the parser must not go unnoticed. */
type Change = readonly [pattern: RegExp, replacement: string, places: number];

const MERIYAH: readonly Change[] = [
  // Nodes get their place when they are finished. A node without room for it becomes two objects, and these extra objects are a third
  // of the work of the host's collector while a large program is compiled.
  [/\{(\s*)type: /g, "{$1start: 0, end: 0, type: ", 100],
  // Most lists have a few elements. `[]` gets room for seventeen with its first element, `new Array()` for four.
  [/const (\w+) = \[\];/g, "const $1 = new globalThis.Array();", 20],
  // The compiler always passes the same few objects of options.
  [
    /^/g,
    "const NORMALIZED = new WeakMap();\n" +
      "function normalizedOptions(given) {\n  let known = NORMALIZED.get(given);\n" +
      "  if (known === undefined) NORMALIZED.set(given, (known = normalizeOptions(given)));\n  return known;\n}\n",
    1,
  ],
  [/this\.options = normalizeOptions\(rawOptions\);/g, "this.options = normalizedOptions(rawOptions);", 1],
  // Identifiers and literals are flat. They are copied for each property `{ name }`, and the host's clone takes a microsecond.
  [/return structuredClone\((\w+)\);/g, "return { ...$1 };", 2],
  // Every rule that could begin with a token asks where it begins.
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
  // These options are never set, so the code that depends on them drops out of the bundle. They are read for each token and node.
  [/\bparser\.options\.(?:jsx|raw|loc|onComment)\b/g, "false", 14],
  [/\bthis\.options\.loc\b/g, "false", 1],
  [/const \{ onToken \} = this\.options;/g, "const onToken = false;", 1],
];

/** The text of a file of the parser with the changes applied; null for any other file. */
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
