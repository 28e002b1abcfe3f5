// Owns the step from the wasm module to machines: the exports of the core, the base image contained in the wasm, making and
// resetting instances. Must never keep a machine: the pool belongs to the runtime.

import { hexOf } from "../bytes/hex.ts";
import { BASE_HEAD, BASE_HEAD_BYTES, BASE_VERSION } from "../defs/exchange.ts";
import { STATIC_DATA } from "../defs/layout.ts";
import { MAX_EXPRESSION_UNITS } from "../defs/limits.ts";
import { UNPACK_ROOM } from "../defs/packed-format.ts";
import { EVALUATED_PROGRAM } from "../defs/program-ids.ts";
import { InternalError } from "../errors.ts";
import { ABI_HASH } from "../generated/machine.ts";
import { type Descriptor, instantiate, readDescriptor } from "./as-bind.ts";
import type { ColdExports, CoreExports } from "../generated/core-exports.ts";
import type { FrontEnd } from "./front-end.ts";
import { knownExpressionText } from "./expression-text.ts";
import { hostZones } from "./host-zones.ts";
import { limitWord, type ResolvedLimits } from "./limits.ts";
import { Machine } from "./machine.ts";
import { PreludeCode } from "./prelude-code.ts";
import type { TimeZones } from "./zone-rules.ts";

const PAGE = 65536;

/** Bytes of memory that linking the prelude may take. */
const LINK_ROOM = 1 << 24;

/** Returns the source of the program with that number in the core (assembly/interpreter/source-text.ts). */
function sourceOf(machine: Machine, program: number): string | undefined {
  const record =
    program >= EVALUATED_PROGRAM ? machine.evaluated.get(program - EVALUATED_PROGRAM) : machine.programs[program];
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

/** Writes the text with which messages name an expression of a program. */
function writeExpression(machine: Machine, program: number, offset: number, what: number, at: number): number {
  const source = sourceOf(machine, program);
  if (source === undefined || offset > source.length) return 0;
  const text = knownExpressionText(source, offset, what).slice(0, MAX_EXPRESSION_UNITS);
  const { u16 } = machine.views;
  for (let i = 0; i < text.length; i++) u16[at / 2 + i] = text.charCodeAt(i);
  return text.length;
}

/** Writes code of the prelude into a machine's heap (assembly/bytecode/prelude-code.ts). */
function writePreludeCode(machine: Machine, cell: Uint8Array, at: number): number {
  if (at !== 0) machine.views.u8.set(cell, at);
  return cell.length;
}

/** Unpacking makes the prelude at most this many times as large. */
const MAX_UNPACKED = 3;

/** Grows a machine's memory to reach `end`. */
function reach(machine: Machine, end: number): void {
  const pages = Math.ceil(end / PAGE) - machine.memoryBytes / PAGE;
  if (pages > 0) machine.exports.memory.grow(pages);
}

/** Part of memory. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Length of a run of zeros that identifies a work area of the core; runs in its tables are shorter. */
const SCRATCH_BYTES = 16;
/** Work areas with a smaller gap between them are cleared as one. */
const SCRATCH_GAP = 1024;

/** Finds the core's work areas below the base image: they are zero in a new instance, and lie between its tables. */
function scratchIn(low: Uint8Array): Range[] {
  const ranges: { from: number; to: number }[] = [];
  let end = low.length;
  while (end > STATIC_DATA && low[end - 1] === 0) end--;
  for (let from = STATIC_DATA; from < end; from++) {
    let to = from;
    while (to < end && low[to] === 0) to++;
    const last = ranges.at(-1);
    if (to - from >= SCRATCH_BYTES) {
      if (last !== undefined && from - last.to < SCRATCH_GAP) last.to = to;
      else ranges.push({ from, to });
    }
    from = to;
  }
  return ranges;
}

/** A compiled core with its pristine base image. */
export class Core {
  readonly module: WebAssembly.Module;
  /** The compiler, for its machines; undefined: there is none. */
  readonly frontEnd: FrontEnd | undefined;
  /** Where its machines have time zones from. */
  readonly zones: TimeZones;
  readonly #prelude: Uint8Array;
  #preludeImages: readonly Uint8Array[] | undefined;
  /** The fresh machine in which the images were unpacked. */
  #spare: Machine | undefined;
  readonly #descriptor: Descriptor;
  readonly #block: Uint8Array;
  readonly #blockAt: number;
  readonly #packed: Uint8Array;
  #cells: Uint8Array | undefined;
  readonly #cellsLength: number;
  readonly #cellsAt: number;
  /** Content of a new instance's memory below the base image: mostly the core's tables. */
  #low: Uint8Array | undefined;
  #scratch: readonly Range[] | undefined;
  readonly #preludeCode: PreludeCode;

  /** @throws InternalError if the module is not the core of exactly this build */
  constructor(module: WebAssembly.Module, zones: TimeZones = hostZones, frontEnd?: FrontEnd) {
    this.module = module;
    this.zones = zones;
    this.frontEnd = frontEnd;
    this.#descriptor = readDescriptor(module);
    const [section] = WebAssembly.Module.customSections(module, "fermata.base");
    const [prelude] = WebAssembly.Module.customSections(module, "fermata.prelude");
    if (section === undefined || prelude === undefined) throw new InternalError("the wasm has no base image");
    const bytes = new Uint8Array(section);
    const view = new DataView(section);
    const hash = hexOf(bytes.subarray(BASE_HEAD.ABI_HASH, BASE_HEAD.BLOCK_AT));
    if (
      bytes.length < BASE_HEAD_BYTES ||
      view.getUint32(BASE_HEAD.VERSION, true) !== BASE_VERSION ||
      hash !== ABI_HASH
    ) {
      throw new InternalError("the wasm belongs to another build of Fermata");
    }
    const blockLength = view.getUint32(BASE_HEAD.BLOCK_BYTES, true);
    this.#blockAt = view.getUint32(BASE_HEAD.BLOCK_AT, true);
    this.#block = bytes.subarray(BASE_HEAD_BYTES, BASE_HEAD_BYTES + blockLength);
    this.#cellsAt = view.getUint32(BASE_HEAD.CELLS_AT, true);
    this.#cellsLength = view.getUint32(BASE_HEAD.CELLS_BYTES, true);
    this.#packed = bytes.subarray(BASE_HEAD_BYTES + blockLength);
    this.#prelude = new Uint8Array(prelude);
    this.#preludeCode = new PreludeCode({
      images: () => this.preludeImages,
      base: () => this.baseCells,
      linker: () => {
        const machine = this.#spare ?? this.create();
        this.#spare = undefined;
        machine.exports.initialize(LINK_ROOM, 0, 0, 0);
        return machine;
      },
    });
  }

  /** The images of the prelude's files, in order. They are unpacked when the first is needed, usually to be linked next. */
  get preludeImages(): readonly Uint8Array[] {
    if (this.#preludeImages !== undefined) return this.#preludeImages;
    const machine = this.create();
    const from = this.baseEnd;
    const list = from + ((this.#prelude.length + 7) & ~7);
    const out = list + this.#cellsLength / 4;
    reach(machine, out + MAX_UNPACKED * this.#prelude.length);
    machine.views.u8.set(this.#prelude, from);
    const end = machine.exports.unpackPrelude(from, out, this.#cellsAt, this.baseEnd, list);
    const images: Uint8Array[] = [];
    const { u8, data } = machine.views;
    for (let at = out; at < end; at += 4 + images.at(-1)!.length)
      images.push(u8.slice(at + 4, at + 4 + data.getUint32(at, true)));
    u8.fill(0, from);
    this.#spare = machine;
    return (this.#preludeImages = images);
  }

  /** Code of the prelude, linked; see {@link PreludeCode.cell}. */
  get preludeCode(): PreludeCode {
    return this.#preludeCode;
  }

  /** End of the base image in memory. */
  get baseEnd(): number {
    return this.#cellsAt + this.#cellsLength;
  }

  /** The pristine cells of the base image, for comparisons. They must not be written to. */
  get baseCells(): { readonly at: number; readonly bytes: Uint8Array } {
    this.#cells ??= this.#unpackCells();
    return { at: this.#cellsAt, bytes: this.#cells };
  }

  /** Returns a word of the VM block of a fresh machine. */
  wordOfBlock(address: number): number {
    const { buffer, byteOffset } = this.#block;
    return new DataView(buffer, byteOffset).getUint32(address - this.#blockAt, true);
  }

  /** Makes the cells in the form they have in memory, in an instance that is discarded. */
  #unpackCells(): Uint8Array {
    const machine = this.#instantiate();
    reach(machine, this.baseEnd + this.#packed.length + UNPACK_ROOM);
    const { u8 } = machine.views;
    u8.set(this.#block, this.#blockAt);
    u8.set(this.#packed, this.baseEnd);
    machine.exports.unpackBase(this.baseEnd, this.#cellsAt, this.baseEnd);
    return u8.slice(this.#cellsAt, this.baseEnd);
  }

  /** Makes a new instance with the base image in it. */
  create(): Machine {
    const machine = this.#instantiate();
    reach(machine, this.baseEnd);
    this.#low ??= machine.views.u8.slice(0, this.#cellsAt);
    this.#restore(machine);
    return machine;
  }

  #instantiate(): Machine {
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
    const { zones, frontEnd } = this;
    const machine = new Machine(
      exports as unknown as CoreExports,
      cold as unknown as () => ColdExports,
      zones,
      frontEnd,
    );
    return machine;
  }

  /** Prepares a machine for a run under these limits. */
  begin(machine: Machine, limits: ResolvedLimits): void {
    machine.exports.initialize(
      limitWord(limits.memoryBytes),
      limitWord(limits.stackDepth),
      limitWord(limits.stdoutBytes),
      limitWord(limits.hostCalls),
    );
    // Drawn here, since nothing of it may be known to the guest, or be part of the state.
    machine.setWord("hashSeed", Math.random() * 0x1_0000_0000);
  }

  /** The core's work areas: with the VM block all memory below the base image in which anything of a run can be. */
  get workAreas(): readonly Range[] {
    return (this.#scratch ??= scratchIn(this.#low!));
  }

  /** The VM block of a fresh machine. It must not be written to. */
  get block(): { readonly at: number; readonly bytes: Uint8Array } {
    return { at: this.#blockAt, bytes: this.#block };
  }

  /** Makes a used machine as good as new: nothing of its run is left. */
  reset(machine: Machine): void {
    const { u8 } = machine.views;
    // The collector's two spaces may be anywhere above the base image, so all memory that was ever used is cleared.
    u8.fill(0, this.baseEnd, Math.min(u8.length, machine.highWater()));
    // A stranger's snapshot may have made the core write anywhere in this memory, so no word of it is trusted to be unchanged.
    if (machine.isSuspect) u8.set(this.#low!);
    else {
      // The mailbox, the transfer area, and all other places through which values passed.
      this.#scratch ??= scratchIn(this.#low!);
      for (const { from, to } of this.#scratch) u8.set(this.#low!.subarray(from, to), from);
    }
    this.#restore(machine);
    machine.forget();
  }

  #restore(machine: Machine): void {
    const { u8 } = machine.views;
    u8.set(this.#block, this.#blockAt);
    u8.set(this.baseCells.bytes, this.#cellsAt);
  }
}
