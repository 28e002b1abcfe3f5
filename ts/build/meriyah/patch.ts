// Owns how a patch over the published text of meriyah is written down and applied. Must never guess: where the text is not exactly the
// one that a patch was written for, nothing is built.

/** One text and what is there instead; it is there exactly once, or, in one function, as often as is said. */
export type Edit =
  | readonly [text: string, replacement: string]
  | readonly [text: string, replacement: string, inFunction: string, times: number];

/** One mistake of the parser, mended. */
export interface Patch {
  /** Unique; the tests of the patch go by it. */
  readonly name: string;
  /** What is wrong without it. */
  readonly why: string;
  readonly edits: readonly Edit[];
}

/** The text with every patch in it. Throws where a text that a patch replaces is not there as often as it was. */
export function applyPatches(text: string, patches: readonly Patch[], version: string): string {
  let patched = text;
  for (const { name, edits } of patches) {
    for (const [find, replacement, inFunction, times = 1] of edits) {
      const [from, to] = inFunction === undefined ? [0, patched.length] : rangeOf(patched, inFunction);
      const parts = patched.slice(from, to).split(find);
      if (parts.length - 1 !== times) {
        throw new Error(
          `meriyah ${version} is not the text that the patch "${name}" was written for. This is there ${parts.length - 1} times instead of ${times}:\n${find}\n` +
            "If the new version has the fix, delete the patch; if not, write it again (ts/build/meriyah).",
        );
      }
      patched = patched.slice(0, from) + parts.join(replacement) + patched.slice(to);
    }
  }
  return patched;
}

/** Where a function of the top level begins and ends; an empty range if it is not there. */
function rangeOf(text: string, name: string): [from: number, to: number] {
  const from = text.indexOf(`\nfunction ${name}(`);
  return from < 0 ? [0, 0] : [from, text.indexOf("\n}\n", from)];
}
