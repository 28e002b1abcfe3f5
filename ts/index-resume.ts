// Owns the list of exports of `fermata-vm/resume` on every host: all of the package but what compiles. Must never import anything that
// only one host has, nor the compiler.

export { createResumeRuntimeFrom, ResumeRuntime, type ResumeRuntimeOptions } from "./api/resume-runtime.ts";
export { Program, type RunOptions } from "./api/program.ts";
export { type BundleOptions, type CompileOptions, type Files, type ProgramType } from "./api/compile.ts";
export type { CompileLimits } from "./compiler/compile-limits.ts";
export type { StartOptions } from "./machine/launch.ts";
export type { CallEvent, DriveOptions, Tool, Tools, ToolTree } from "./api/driver.ts";
export type { LibraryOption, LibraryResolver } from "./api/libraries.ts";
export type { Library } from "./machine/library.ts";
export type { TimeZones, ZoneRules, ZoneType } from "./machine/zone-rules.ts";
export {
  defineTools,
  typed,
  type DefinedTools,
  type InputTypes,
  type ToolDefinition,
  type ToolDefinitions,
  type ToolsOf,
  type ToolsOptions,
  type TypedRunOptions,
  type TypeOf,
  type TypeText,
} from "./api/define-tools.ts";
export type { Externals } from "./machine/externals.ts";
export type { ImportAttributes, LoadedModule, ModuleLoader, ModuleSource } from "./api/module-types.ts";
export type { ExternalMode, Language, PauseReason } from "./machine/records.ts";
export { DEFAULT_LIMITS, type Limits, type ResolvedLimits } from "./machine/limits.ts";
export { PausedState, SuspendedState, type ResumeOptions, type State, type StateDriveOptions } from "./api/state.ts";
export type { RecordOptions } from "./api/recorder.ts";
export { Recording, type BreakOptions, type Moment, type MomentStatus } from "./api/recording.ts";
export type { Variable } from "./snapshot/variables.ts";
export type { VariableKind } from "./compiler/variable-map.ts";
export { CompleteState } from "./api/complete.ts";
export type { Answer } from "./machine/answers.ts";
export type { CallKind, PendingCall } from "./machine/pending-calls.ts";
export type { DescribedCall, SliceControl, SliceListener } from "./machine/run-loop.ts";
export type { Usage } from "./machine/run.ts";
export {
  Snapshot,
  type DumpOptions,
  type InspectOptions,
  type Inspection,
  type InspectedFrame,
  type InspectedProgram,
  type InspectedScope,
  type LoadOptions,
  type PreviewType,
  type SnapshotContext,
  type ScopedFrame,
  type SnapshotKey,
  type SuspendedFrame,
  type ValuePreview,
} from "./api/snapshot.ts";
export type { BatchStore } from "./stores/batch-store.ts";
export type {
  SnapshotStore,
  StoreDeleteOptions,
  StoredSnapshot,
  StoreListOptions,
  StorePutOptions,
  StoreReadOptions,
  StoreWatchOptions,
  StoreWrite,
} from "./stores/store.ts";
export {
  AbortError,
  AnswerError,
  CompileError,
  FermataError,
  GuestError,
  InternalError,
  LimitError,
  MarshalError,
  MissingExternalError,
  MissingModuleError,
  RunError,
  SnapshotError,
  StateError,
  type StateProblem,
  StoreConflictError,
  StoreError,
  type AnswerErrorReason,
  type FailedRun,
  type FermataErrorCode,
  type LimitName,
  type RunErrorReason,
  type SnapshotErrorReason,
  type SourcePosition,
} from "./errors.ts";
