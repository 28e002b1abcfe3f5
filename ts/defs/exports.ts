// Owns the list of functions that the wrapper calls in the core, with their signatures, and of those that the core imports. The
// TypeScript interfaces are generated from it, and ts/build/check-wasm.ts compares it with the built wasm.
//
// Types: u32 and i32 (addresses, counts), bool (0 or 1), f64; through as-bind also bytes (Uint8Array) and words (Uint32Array).

export type ExportType = "u32" | "i32" | "bool" | "f64" | "bytes" | "words" | "void";

export interface CoreExport {
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, type: ExportType])[];
  readonly result: ExportType;
  readonly text: string;
}

/** `signature`: name(parameter: type, …): type */
function row(signature: string, text = ""): CoreExport {
  const match = /^(\w+)\((.*)\): (\w+)$/.exec(signature);
  if (match === null) throw new Error(`bad signature ${signature}`);
  const [, name, list, result] = match as unknown as [string, string, string, ExportType];
  const parameters = list === "" ? [] : list.split(", ").map((part) => part.split(": ") as [string, ExportType]);
  return { name, parameters, result, text };
}

export const EXPORT_GROUPS: readonly {
  readonly name: string;
  readonly text: string;
  /** Whether the interface has the memory, too. */
  readonly memory: boolean;
  readonly exports: readonly CoreExport[];
}[] = [
  {
    name: "SnapshotExports",
    text: "Exports for snapshots (assembly/snapshot/exports.ts).",
    memory: false,
    exports: [
      row("snapshotRoom(bytes: u32): u32", "Makes room above the heap; returns its address."),
      row("snapshotWrite(list: u32, count: u32, ids: u32, idCount: u32, atoms: u32, end: u32): u32", "Writes the machine; returns the address of SNAPSHOT_RESULT."),
      row("touchedObjects(): u32", "Returns the address of the list of base objects that may have changed: their count, then their addresses."),
      row("differences(from: u32, to: u32, copy: u32, out: u32): u32", "Lists the runs of memory that differ from a copy, or from zeros: address and bytes of each; returns how many."),
      row("markDeadRegisters(frame: u32): void", "Marks the registers of the stack, or of a FRAME cell, that nothing will read; the machine must not run any more."),
      row("snapshotInput(): u32", "Returns the address of SNAPSHOT_INPUT."),
      row("snapshotOpen(): bool", "Makes room for the streams and tables; false if the counts are not possible."),
      row("snapshotRead(): u32", "Reads the streams; returns 0, or a number of FAULTS | place in the graph << 8."),
      row("snapshotFunction(program: u32, index: u32): u32", "Returns the code of a prelude function; 0 if there is no such function."),
    ],
  },
  {
    name: "ColdExports",
    text: "Exports that are called through as-bind.",
    memory: false,
    exports: [
      row("link(image: bytes, filename: bytes, lines: words, id: u32): u32", "Links a program image under `id`; returns 0, or a number of LINK_ERRORS | byte of the image << 8."),
    ],
  },
  {
    name: "CoreExports",
    text: "Hot exports of the core (assembly/host/). Addresses and counts are numbers; a boolean is 0 or 1.",
    memory: true,
    exports: [
      row("mailbox(): u32"),
      row("transferArea(): u32"),
      row("transferAreaSize(): u32"),
      row("transferSpace(bytes: u32): u32"),
      row("initialize(memoryLimit: u32, stackDepth: u32, stdoutLimit: u32, hostCallLimit: u32): void"),
      row("setLimits(memoryLimit: u32, stackDepth: u32, stdoutLimit: u32, hostCallLimit: u32): void"),
      row("setClock(milliseconds: f64): void"),
      row("setTimeZone(at: u32): i32"),
      row("clock(): f64"),
      row("usedMemory(): u32"),
      row("hold(): void"),
      row("defineExternals(at: u32, wrapped: bool): bool"),
      row("defineInputs(at: u32): bool"),
      row("startProgram(index: u32): void"),
      row("beginLibrary(): i32"),
      row("driveLibrary(fuel: i32): i32"),
      row("endLibrary(status: u32, charged: i32): void"),
      row("abandon(): void"),
      row("drive(fuel: i32): i32"),
      row("answer(id: u32, at: u32, isError: bool): i32"),
      row("answerFromMailbox(id: u32): i32"),
      row("answerAndDrive(fuel: i32): i32"),
      row("answerHeldAndDrive(at: u32, isError: bool, fuel: i32): i32"),
      row("writeSource(): void"),
      row("keepEvaluated(count: u32, serial: u32): void"),
      row("nextEvaluated(program: u32): u32"),
      row("evaluatedSerial(program: u32): u32"),
      row("answerEvaluated(program: u32): void"),
      row("answerSourceError(at: u32): bool"),
      row("isNeeded(program: u32): bool"),
      row("pinEvaluated(neededOnly: bool): u32"),
      row("unpin(count: u32): void"),
      row("writeOutput(): i32"),
      row("writeThrownName(): void"),
      row("writeThrownPlace(): void"),
      row("writeException(): void"),
      row("writeValueAt(at: u32, lenient: bool): bool", "Writes the value at an address."),
      row("globalSlot(name: u32): u32", "Returns the address of the value of a global; 0 if there is none."),
      row("writeText(which: i32, from: i32): void"),
      row("textLength(which: i32): i32"),
      row("nextCall(record: u32): u32"),
      row("callDueOf(record: u32): f64"),
      row("writeCallName(record: u32): void"),
      row("writeCallArguments(record: u32): bool"),
      row("regExpSpace(units: u32): u32"),
      row("regExpCheck(at: u32, units: u32, flags: u32): u32"),
      row("snapshotLink(at: u32, bytes: u32, id: u32): u32", "Links code of the prelude; returns the address of its program, 0 if the code is refused."),
      row("unpackBase(from: u32, at: u32, end: u32): void", "Unpacks the base image (assembly/host/unpack.ts)."),
      row("unpackPrelude(from: u32, out: u32, at: u32, end: u32, list: u32): u32", "Unpacks the images of the prelude; returns their end."),
    ],
  },
];

/** Functions of the wrapper that the core imports from `fermata` (ts/machine/core.ts). */
export const CORE_IMPORTS = ["sourceText", "expressionText", "preludeCode"] as const;
