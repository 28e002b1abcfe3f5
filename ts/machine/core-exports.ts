// Owns the types of the core's exports. Addresses and counts are numbers; a boolean is 0 or 1.

/** Exports of assembly/snapshot/exports.ts. */
export interface SnapshotExports {
  snapshotRoom(bytes: number): number;
  snapshotWrite(copy: number, idOf: number, addresses: number, ids: number, end: number): number;
  snapshotInput(): number;
  snapshotOpen(): number;
  snapshotRead(): number;
  snapshotFunction(program: number, index: number): number;
}

/** Exports that are called through as-bind. */
export interface ColdExports {
  /** Links a program image under `id`; returns 0, or LinkError | byte of the image << 8. */
  link(image: Uint8Array, filename: Uint8Array, lines: Uint32Array, id: number): number;
}

/** Hot exports of the core (assembly/host/exports.ts). Addresses and counts are numbers; a boolean is 0 or 1. */
export interface CoreExports {
  readonly memory: WebAssembly.Memory;
  mailbox(): number;
  transferArea(): number;
  transferAreaSize(): number;
  transferSpace(bytes: number): number;
  initialize(memoryLimit: number, stackDepth: number, stdoutLimit: number, hostCallLimit: number): void;
  setLimits(memoryLimit: number, stackDepth: number, stdoutLimit: number, hostCallLimit: number): void;
  setClock(milliseconds: number): void;
  setTimeZone(at: number): number;
  clock(): number;
  usedMemory(): number;
  hold(): void;
  defineExternals(at: number): number;
  defineInputs(at: number): number;
  startProgram(index: number): void;
  abandon(): void;
  drive(fuel: number): number;
  answer(id: number, at: number, isError: number): number;
  answerMailed(id: number): number;
  answerAndDrive(fuel: number): number;
  answerHeldAndDrive(at: number, isError: number, fuel: number): number;
  tellSource(): void;
  keepEvaluated(count: number, serial: number): void;
  nextEvaluated(program: number): number;
  evaluatedSerial(program: number): number;
  answerEvaluated(program: number): void;
  answerSourceError(at: number): number;
  isNeeded(program: number): number;
  pinEvaluated(neededOnly: number): number;
  unpin(count: number): void;
  tellOutput(): number;
  tellThrownName(): void;
  tellThrownPlace(): void;
  tellException(): void;
  tellText(which: number, from: number): void;
  textLength(which: number): number;
  nextCall(record: number): number;
  callDueOf(record: number): number;
  tellCallName(record: number): void;
  tellCallArguments(record: number): number;
  regExpSpace(units: number): number;
  regExpCheck(at: number, units: number, flags: number): number;
  /** Links code of the prelude; returns the address of its program, 0 if the code is refused. */
  snapshotLink(at: number, bytes: number, id: number): number;
  /** Unpacks the base image (assembly/host/unpack.ts). */
  unpackBase(from: number, at: number, end: number): void;
  /** Unpacks the images of the prelude; returns their end. */
  unpackPrelude(from: number, out: number, at: number, end: number, list: number): number;
}
