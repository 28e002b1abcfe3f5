// Owns the list of prelude functions that compiled programs call by number, with the HELPER instruction: rare operations of
// statements and classes that call guest code. Append only: positions are numbers in portable bytecode. A helper must never become
// a value that a guest can reach.

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
  // names resolved at run time, declarations of evaluated code (ts/prelude/evaluate.js)
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
  // what library programs share and no guest sees (ts/prelude/library.js)
  "libraryHost",
] as const;

export type HelperName = (typeof HELPERS)[number];

/** Largest number of arguments of a helper. */
export const MAX_HELPER_ARGUMENTS = 8;
