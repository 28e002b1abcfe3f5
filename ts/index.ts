// Owns the list of exports of the package root on every host; `createRuntime` comes from the host's entry (ts/hosts). Must never
// import anything that only one host has.

export * from "./index-resume.ts";
export { createRuntimeFrom, Runtime, type RuntimeOptions } from "./api/runtime.ts";
export { libraryModule, type LibrarySource } from "./api/library-build.ts";
export { Session, type ChunkOptions, type SessionOptions } from "./api/session.ts";
