// Owns the step from the wasm module to machines: what the core exports, the base image that travels in the wasm, making
// and resetting instances. Must never keep a machine: the pool is the runtime's.

import { InternalError } from "../errors.ts";
import { ABI_HASH } from "../generated/machine.ts";
import { instantiate, readDescriptor, type ColdExports, type Descriptor } from "./as-bind.ts";
import { BASE_VERSION } from "./base-image.ts";
import { stringsIn, unpackCells } from "./base-packing.ts";
import { knownExpressionText } from "./expression-text.ts";
import { limitWord, type ResolvedLimits } from "./limits.ts";
import { Machine } from "./machine.ts";
import { PreludeCode } from "./prelude-code.ts";
import { unpackPrelude } from "./prelude-streams.ts";

/** Hot exports of the core (assembly/host/exports.ts). Addresses and counts are numbers; a boolean comes as 0 or 1. */
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
  hasEvaluated(serial: number): number;
  nextEvaluated(serial: number): number;
  answerEvaluated(serial: number): number;
  answerSourceError(at: number): number;
  isNeeded(serial: number): number;
  pinEvaluated(neededOnly: number): number;
  unpin(count: number): void;
  tellOutput(): number;
  tellThrownName(): void;
  tellException(): void;
  tellText(which: number, from: number): void;
  textLength(which: number): number;
  nextCall(record: number): number;
  callDueOf(record: number): number;
  tellCallName(record: number): void;
  tellCallArguments(record: number): number;
  regExpSpace(units: number): number;
  regExpCheck(at: number, units: number, flags: number): number;
  /** Links code of the prelude; address of its program, 0 if it is refused. */
  snapshotLink(at: number, bytes: number, id: number): number;
  /** Completes the cells of the base image (assembly/host/complete-base.ts). */
  completeBase(at: number, end: number): void;
}

/** u32 version, 8 bytes ABI hash, then four u32: VM block address and length, base address and length. */
const BASE_HEADER = 28;
const PAGE = 65536;

/** Memory that linking the prelude may take. */
const LINK_ROOM = 1 << 24;

/** The source of the program with that number in the core (assembly/interpreter/source-text.ts). */
function sourceOf(machine: Machine, program: number): string | undefined {
  const record = program >= 0x8000_0000 ? machine.evaluated.get(program - 0x8000_0000) : machine.programs[program];
  return record?.source;
}

/** Writes part of a program's source for the core (assembly/interpreter/source-text.ts). */
function writeSource(machine: Machine, program: number, start: number, length: number, at: number): number {
  const source = sourceOf(machine, program);
  if (source === undefined || start + length > source.length) return -1;
  let wide = 0;
  for (let i = start; i < start + length && wide === 0; i++) if (source.charCodeAt(i) > 255) wide = 1;
  if (at === 0) return wide;
  const { u8, u16 } = machine.views;
  for (let i = 0; i < length; i++) {
    const unit = source.charCodeAt(start + i);
    if (wide === 1) u16[at / 2 + i] = unit;
    else u8[at + i] = unit;
  }
  return wide;
}

/** Most words the core takes for an expression. */
const MAX_WORDS = 160;

/** Writes how messages name an expression of a program. */
function writeExpression(machine: Machine, program: number, offset: number, what: number, at: number): number {
  const source = sourceOf(machine, program);
  if (source === undefined || offset > source.length) return 0;
  const text = knownExpressionText(source, offset, what).slice(0, MAX_WORDS);
  const { u16 } = machine.views;
  for (let i = 0; i < text.length; i++) u16[at / 2 + i] = text.charCodeAt(i);
  return text.length;
}

/** Writes code of the prelude into a machine's heap (assembly/bytecode/prelude-code.ts). */
function writePreludeCode(machine: Machine, cell: Uint8Array, at: number): number {
  if (at !== 0) machine.views.u8.set(cell, at);
  return cell.length;
}

/** A compiled core with its pristine base image. */
export class Core {
  readonly module: WebAssembly.Module;
  readonly #prelude: Uint8Array;
  #preludeImages: readonly Uint8Array[] | undefined;
  readonly #descriptor: Descriptor;
  readonly #block: Uint8Array;
  readonly #blockAt: number;
  readonly #cells: Uint8Array<ArrayBuffer>;
  #isComplete = false;
  readonly #cellsAt: number;
  readonly #preludeCode: PreludeCode;

  /** @throws InternalError when the module is no core of this very build */
  constructor(module: WebAssembly.Module) {
    this.module = module;
    this.#descriptor = readDescriptor(module);
    const [section] = WebAssembly.Module.customSections(module, "fermata.base");
    const [prelude] = WebAssembly.Module.customSections(module, "fermata.prelude");
    if (section === undefined || prelude === undefined) throw new InternalError("the wasm has no base image");
    const bytes = new Uint8Array(section);
    const view = new DataView(section);
    const hash = Array.from(bytes.subarray(4, 12), (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (bytes.length < BASE_HEADER || view.getUint32(0, true) !== BASE_VERSION || hash !== ABI_HASH) {
      throw new InternalError("the wasm belongs to another build of Fermata");
    }
    const blockLength = view.getUint32(16, true);
    const cellsLength = view.getUint32(24, true);
    this.#blockAt = view.getUint32(12, true);
    this.#block = bytes.subarray(BASE_HEADER, BASE_HEADER + blockLength);
    this.#cellsAt = view.getUint32(20, true);
    this.#cells = unpackCells(bytes.subarray(BASE_HEADER + blockLength), cellsLength);
    this.#prelude = new Uint8Array(prelude);
    this.#preludeCode = new PreludeCode({
      images: () => this.preludeImages,
      base: () => this.baseCells,
      linker: () => {
        const machine = this.create();
        machine.exports.initialize(LINK_ROOM, 0, 0, 0);
        return machine;
      },
    });
  }

  /** The images of the files of the prelude, in order: made when the first is needed. */
  get preludeImages(): readonly Uint8Array[] {
    return (this.#preludeImages ??= unpackPrelude(this.#prelude, stringsIn(this.#cells)));
  }

  /** Code of the prelude, linked; see {@link PreludeCode.cell}. */
  get preludeCode(): PreludeCode {
    return this.#preludeCode;
  }

  /** End of the base image in memory. */
  get baseEnd(): number {
    return this.#cellsAt + this.#cells.length;
  }

  /** The pristine cells of the base image, for comparisons. Nobody may write to them. */
  get baseCells(): { readonly at: number; readonly bytes: Uint8Array } {
    // The first machine makes what has not travelled.
    if (!this.#isComplete) this.create();
    return { at: this.#cellsAt, bytes: this.#cells };
  }

  /** A new instance with the base image in it. */
  create(): Machine {
    const imports = {
      fermata: {
        sourceText: (program: number, start: number, length: number, at: number) =>
          writeSource(machine, program >>> 0, start >>> 0, length >>> 0, at >>> 0),
        expressionText: (program: number, offset: number, what: number, at: number) =>
          writeExpression(machine, program >>> 0, offset >>> 0, what, at >>> 0),
        preludeCode: (program: number, index: number, at: number) =>
          writePreludeCode(machine, this.#preludeCode.cell(program >>> 0, index >>> 0), at >>> 0),
      },
    };
    const { exports, cold } = instantiate(this.module, this.#descriptor, imports);
    const machine = new Machine(exports as unknown as CoreExports, cold as unknown as () => ColdExports);
    const pages = Math.ceil(this.baseEnd / PAGE) - machine.memoryBytes / PAGE;
    if (pages > 0) machine.exports.memory.grow(pages);
    this.#restore(machine);
    if (!this.#isComplete) this.#complete(machine);
    return machine;
  }

  /** Has the first machine make what of the base image has not travelled; what that does to its VM block is undone. */
  #complete(machine: Machine): void {
    machine.exports.completeBase(this.#cellsAt, this.baseEnd);
    this.#cells.set(machine.views.u8.subarray(this.#cellsAt, this.baseEnd));
    this.#isComplete = true;
    this.#restore(machine);
  }

  /** Prepares a machine for a run under these limits. */
  begin(machine: Machine, limits: ResolvedLimits): void {
    machine.exports.initialize(
      limitWord(limits.memoryBytes),
      limitWord(limits.stackDepth),
      limitWord(limits.stdoutBytes),
      limitWord(limits.hostCalls),
    );
  }

  /** Makes a used machine as good as new: nothing of what ran in it is left. */
  reset(machine: Machine): void {
    const { u8 } = machine.views;
    // The collector's two spaces may lie anywhere above the base image, so all that was ever used of it goes.
    u8.fill(0, this.baseEnd, Math.min(u8.length, machine.highWater()));
    this.#restore(machine);
    machine.forget();
  }

  #restore(machine: Machine): void {
    const { u8 } = machine.views;
    u8.set(this.#block, this.#blockAt);
    u8.set(this.#cells, this.#cellsAt);
  }
}
