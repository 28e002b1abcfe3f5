// Owns which prelude functions compiled programs call by number, with the HELPER instruction: what statements and classes do that is
// rare, and calls guest code. Append only: positions are numbers in portable bytecode. Helpers must be safe with any arguments.

export const HELPERS = [
  // using (ts/prelude/disposable.js)
  "addDisposable",
  "disposeAll",
  "beginDisposal",
  "disposeStep",
  "disposalFailed",
  "endDisposal",
] as const;

export type HelperName = (typeof HELPERS)[number];

/** Most arguments a helper takes. */
export const MAX_HELPER_ARGUMENTS = 8;
