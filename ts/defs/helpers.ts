// Owns which prelude functions compiled programs call by number, with the HELPER instruction: what statements and classes do that is
// rare, and calls guest code. Append only: positions are numbers in portable bytecode. A helper is never a value that a guest gets hold of.

export const HELPERS = [
  // using (ts/prelude/disposable.js)
  "addDisposable",
  "disposeAll",
  "beginDisposal",
  "disposeStep",
  "disposalFailed",
  "endDisposal",
  // accessors and decorators (ts/prelude/decorators.js)
  "accessorGetter",
  "accessorSetter",
  "beginDecoration",
  "addElement",
  "elementFunction",
  "applyDecorators",
  "initializeElement",
  "finishElement",
  "runDecoration",
  // names that are looked for at run time, declarations of evaluated code (ts/prelude/evaluate.js)
  "withObject",
  "withHas",
  "scopeHas",
  "scopeGet",
  "scopeSet",
  "scopeDelete",
  "isEval",
  "evalDirect",
  "declareVariable",
  "declareFunction",
  "checkGlobalVariable",
  "canDeclareGlobal",
  "declareGlobalVariable",
  "declareGlobalFunction",
  // references (ts/prelude/operators.js)
  "superBase",
  "superRead",
  "superWrite",
  "superWriteSloppy",
  "hasGlobal",
  // decorators of one element
  "applyElement",
  // object patterns with more keys than registers (ts/prelude/operators.js)
  "opObjectRest",
] as const;

export type HelperName = (typeof HELPERS)[number];

/** Most arguments a helper takes. */
export const MAX_HELPER_ARGUMENTS = 8;
