// Owns writing a machine to the parts of a snapshot. Must never change the state of the machine.

//
//   pinEvaluated ─ snapshotRoom ─ copies and tables in ─ snapshotWrite ─ streams out ─ unpin
//
//   room above the heap   │ pristine copies (bytes) │ ids: {address, id} … │ atoms: {hash, reference} … │
//                         list                      ids                   ids + atomsAt                ids + tables.length
//
// Nothing below that room changes, so the machine goes on as if no snapshot had been written.
import { extractFunctions } from "../compiler/image.ts";
import { SNAPSHOT_RESULT as RESULT } from "../defs/exchange.ts";
import { CARRIED_PROGRAM, PRELUDE_PROGRAM } from "../defs/program-ids.ts";
import { COUNTS, FAULTS, MAX_TOUCHED } from "../defs/snapshot-format.ts";
import { SnapshotError } from "../errors.ts";
import type { Core } from "../machine/core.ts";
import { evaluatedPrograms } from "../machine/evaluate.ts";
import type { Machine } from "../machine/machine.ts";
import { guarded, runOf, usageOf } from "../machine/run.ts";
import { type Environment, environmentOf, snapshotExports } from "./environment.ts";
import type { Parts, PreludeParts } from "./parts.ts";

const NOTHING = new Uint8Array(0);
const NO_PRELUDE: PreludeParts = { images: [], codes: [] };

/**
 * Groups prelude functions by the image that contains them. The core names code as {program id, function index}. A program id from
 * PRELUDE_PROGRAM up is a file of this build's prelude; from CARRIED_PROGRAM up, code that an earlier snapshot brought, which this machine
 * keeps to hand it on.
 */
function preludeParts(environment: Environment, machine: Machine, codes: Uint32Array): PreludeParts {
  if (codes.length === 0) return NO_PRELUDE;
  const bySource = new Map<number, { indices: number[]; number: number }>();
  const list: { image: number; index: number }[] = [];
  for (let i = 0; i < codes.length; i += 2) {
    const program = codes[i]!;
    let source = bySource.get(program);
    if (source === undefined) {
      source = { indices: [], number: bySource.size };
      bySource.set(program, source);
    }
    source.indices.push(codes[i + 1]!);
    // In an extract, functions are numbered in the order of the request; function 0 is a stub.
    list.push({ image: source.number, index: source.indices.length });
  }
  const images = [...bySource].map(([program, { indices }]) => {
    if (program >= PRELUDE_PROGRAM) {
      const file = program - PRELUDE_PROGRAM;
      return { file, indices, image: environment.extract(file, indices) };
    }
    const image = machine.carriedPrelude[program - CARRIED_PROGRAM];
    if (image === undefined) throw new SnapshotError("malformed", `code of an unknown program ${program}`);
    return { file: -1, indices: [], image: extractFunctions(image, indices).image };
  });
  return { images, codes: list };
}

/** The result of writing a machine: where the core says the streams are. A stream is two words of the result: address, bytes. */
interface Written {
  readonly word: (i: number) => number;
  readonly stream: (i: number) => Uint8Array;
}

/** Returns the addresses of the base objects that may have changed (assembly/objects/touched.ts); undefined: all of them. */
function touchedIn(machine: Machine, at: number): Uint32Array | undefined {
  const { u32 } = machine.views;
  const count = u32[at]!;
  return count > MAX_TOUCHED ? undefined : u32.subarray(at + 1, at + 1 + count);
}

/** Writes the machine. `neededOnly`: omits evaluated programs that the previous pass found unreferenced. */
function write(environment: Environment, machine: Machine, neededOnly: boolean): Written {
  const exports = snapshotExports(machine);
  const { pristine, tables, idCount, atomsAt } = environment;
  // Evaluated programs hang in a weak chain: the writer must find all of them, or on the second pass those that the first one needed.
  const pinned = machine.exports.pinEvaluated(neededOnly ? 1 : 0);
  const { bytes, count } = pristine.list(touchedIn(machine, exports.touchedObjects() >>> 2));
  const list = exports.snapshotRoom(bytes.length + tables.length + 64);
  const ids = list + bytes.length;
  const { u8 } = machine.views;
  u8.set(bytes, list);
  u8.set(tables, ids);
  const result = exports.snapshotWrite(list, count, ids, idCount, ids + atomsAt, ids + tables.length) >>> 2;
  machine.exports.unpin(pinned);
  // Writing may have grown the memory, and grown memory has new views.
  const after = machine.views;
  const word = (i: number): number => after.u32[result + i]!;
  if (word(RESULT.FAULT) !== 0) {
    throw new SnapshotError(
      "malformed",
      `the state cannot be written: ${FAULTS[word(RESULT.FAULT)]![1]} (cell at ${word(RESULT.CELL)})`,
    );
  }
  const stream = (i: number): Uint8Array => {
    const bytes = word(i + 1);
    return bytes === 0 ? NOTHING : after.u8.slice(word(i), word(i) + bytes);
  };
  return { word, stream };
}

/** Writes a machine at rest. */
export function captureParts(core: Core, machine: Machine): Parts {
  const environment = environmentOf(core);
  return guarded(machine, () => {
    let { word, stream } = write(environment, machine, false);
    let evaluated = evaluatedPrograms(machine);
    // Programs without live functions are omitted: the bytes must not depend on when garbage was collected.
    const needed = evaluated.filter(({ isNeeded }) => isNeeded);
    if (needed.length < evaluated.length) {
      ({ word, stream } = write(environment, machine, true));
      evaluated = needed;
    }
    const codes = stream(RESULT.CODES);
    return {
      buildId: environment.buildId,
      programs: [...machine.programs, ...evaluated.map(({ program }) => program)],
      prelude: preludeParts(environment, machine, new Uint32Array(codes.buffer)),
      counts: COUNTS.map((_, i) => word(RESULT.COUNTS + i)),
      graph: stream(RESULT.GRAPH),
      texts: stream(RESULT.TEXTS),
      numbers: stream(RESULT.NUMBERS),
      run: { ...runOf(machine), peakBytes: usageOf(machine).peakMemoryBytes },
    };
  });
}
