// Owns the patches about `await` and `using`.
import type { Patch } from "./patch.ts";

export const AWAIT_PATCHES: readonly Patch[] = [
  {
    name: "option globalAwait",
    why: "A script has no top-level await, and a module is strict: what a REPL or a console runs is neither.",
    edits: [
      [
        `    if (parser.options.impliedStrict)
        context |= 1;
`,
        `    if (parser.options.impliedStrict)
        context |= 1;
    if (parser.options.globalAwait)
        context |= 2048;
`,
      ],
      [
        `            (context & 2) === 0 &&
            (context & 4096) === 0) {
            parser.report(30, KeywordDescTable[parser.getToken() & 255]);`,
        `            (context & 2) === 0 &&
            (context & 4096) === 0 &&
            !parser.options.globalAwait) {
            parser.report(30, KeywordDescTable[parser.getToken() & 255]);`,
      ],
    ],
  },
];
