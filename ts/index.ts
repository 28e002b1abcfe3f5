// Owns the list of exports of the package root on every host; `createRuntime` comes from the host's entry (ts/hosts). Must never
// import anything that only one host has.

export { createRuntimeFrom, Runtime, type RuntimeOptions } from "./vm/runtime.ts";
export { Program, type BundleOptions, type CompileOptions, type Files, type RunOptions } from "./vm/program.ts";
export type { CompileLimits } from "./vm/compile-limits.ts";
export type { StartOptions } from "./vm/launch.ts";
export type { DriveOptions, Tool, Tools } from "./vm/driver.ts";
export type { ImportAttributes, LoadedModule, ModuleLoader, ModuleSource } from "./vm/modules.ts";
export type { ExternalMode, Language, PauseReason } from "./vm/machine.ts";
export { DEFAULT_LIMITS, type Limits, type ResolvedLimits } from "./vm/limits.ts";
export { PausedState, SuspendedState, type ResumeOptions, type State, type StateDriveOptions } from "./vm/state.ts";
export { CompleteState } from "./vm/complete.ts";
export type {
  Answer,
  CallKind,
  DescribedCall,
  PendingCall,
  SliceControl,
  SliceListener,
  Usage,
} from "./vm/run-loop.ts";
export { Session, type ChunkOptions, type SessionOptions } from "./vm/session.ts";
export {
  Snapshot,
  type DumpOptions,
  type Inspection,
  type InspectedFrame,
  type InspectedProgram,
  type LoadOptions,
  type SnapshotContext,
  type SnapshotKey,
} from "./snapshot/snapshot.ts";
export {
  CompileError,
  FermataError,
  GuestError,
  InternalError,
  LimitError,
  MarshalError,
  MissingExternalError,
  MissingModuleError,
  SnapshotError,
  StateError,
  StoreConflictError,
  StoreError,
  type FailedRun,
  type FermataErrorCode,
  type LimitName,
  type SnapshotErrorReason,
  type SourcePosition,
} from "./errors.ts";
