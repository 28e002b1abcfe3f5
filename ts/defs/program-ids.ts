// Owns the ranges of program ids: the number in a PROGRAM cell that says where its code comes from. Ids are not in snapshots.
// Programs of the guest are numbered from 0, in the order in which they were linked.

/** Ids of prelude code that a snapshot of another build has brought, from here up. */
export const CARRIED_PROGRAM = 0x4000_0000;
/** Programs compiled from strings are named to the wrapper by their serial number plus this. */
export const EVALUATED_PROGRAM = 0x8000_0000;
/** Ids of the files of this build's prelude, from here up. */
export const PRELUDE_PROGRAM = 0xffff_0000;
