// Owns the format of patches to the published text of meriyah, and their application. Must never guess: if the text is not exactly the
// one that a patch was written for, the build fails.

/** A text and its replacement. The text must occur exactly once, or exactly `times` times in the named function. */
export type Edit =
  | readonly [text: string, replacement: string]
  | readonly [text: string, replacement: string, inFunction: string, times: number];

/** The correction of one mistake in the parser. */
export interface Patch {
  /** Unique: the tests of a patch find it by this name. */
  readonly name: string;
  /** The mistake it corrects. */
  readonly why: string;
  readonly edits: readonly Edit[];
}

/** Applies every patch. Throws if a text to be replaced does not occur as often as its patch says. */
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
