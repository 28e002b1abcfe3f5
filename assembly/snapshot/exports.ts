// Owns the list of the functions that the wrapper calls for snapshots.
export { snapshotRoom, snapshotWrite } from "./write";
export { snapshotFunction, snapshotInput, snapshotLink, snapshotOpen, snapshotRead } from "./read";
export { touchedObjects } from "../objects/touched";
export { differences } from "./differences";
export { markDeadRegisters } from "./write-stack";
