// Owns how a patch over the published text of meriyah is written down and applied. Must never guess: where the text is not exactly the
// one that a patch was written for, nothing is built.

/** One mistake of the parser, mended. */
export interface Patch {
  /** Unique; the tests of the patch go by it. */
  readonly name: string;
  /** What is wrong without it. */
  readonly why: string;
  /** Each text is there exactly once. */
  readonly edits: readonly (readonly [text: string, replacement: string])[];
}

/** The text with every patch in it. Throws where a text that a patch replaces is missing, or is there twice. */
export function applyPatches(text: string, patches: readonly Patch[], version: string): string {
  let patched = text;
  for (const { name, edits } of patches) {
    for (const [find, replacement] of edits) {
      const at = patched.indexOf(find);
      const isUnique = at >= 0 && patched.indexOf(find, at + 1) < 0;
      if (!isUnique) {
        throw new Error(
          `meriyah ${version} is not the text that the patch "${name}" was written for: this is there ${at < 0 ? "no longer" : "more than once"}:\n${find}\n` +
            "If the new version has the fix, delete the patch; if not, write it again (ts/build/meriyah).",
        );
      }
      patched = patched.slice(0, at) + replacement + patched.slice(at + find.length);
    }
  }
  return patched;
}
