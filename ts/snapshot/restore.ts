// Owns the way from the parts of a snapshot to a machine that stands where it was taken. The parts come from a stranger: the core
// verifies them, and a machine in which that failed is given back to be cleared.

import { RUN_STATUS } from "../defs/layout.ts";
import { COUNTS, FAULTS } from "../defs/snapshot-format.ts";
import { InternalError, SnapshotError } from "../errors.ts";
import { linkAs } from "../vm/evaluate.ts";
import { linkInto } from "../vm/launch.ts";
import type { Machine, MachinePool } from "../vm/machine.ts";
import { writeValue } from "../vm/marshal.ts";
import { checkCallNames, fuelUsed } from "../vm/run-loop.ts";
import {
  environmentOf,
  FOREIGN_PROGRAM,
  snapshotExports,
  type Environment,
  type SnapshotExports,
} from "./environment.ts";
import { sameBytes, type Parts } from "./parts.ts";

/** Words of what snapshotInput answers: first what goes in, then where things are to be put. */
const INPUT = {
  graph: 0,
  texts: 1,
  numbers: 2,
  counts: 3,
  ids: 11,
  limit: 12,
  programs: 13,
  images: 20,
  secret: 21,
} as const;
const OUTPUT = { graph: 14, texts: 15, numbers: 16, ids: 17, codes: 18 } as const;

/**
 * Memory that machines may use while they are read: what is priced before it is made is priced at the most it could take, which for the keys of
 * an object is three times what they come to.
 */
function readingBytes(memoryLimit: number): number {
  return Math.min(0x3fff_ffff, 4 * memoryLimit + (1 << 20));
}

/** The prelude function that this code is today, 0 if it is not what it was. */
function codeToday(
  environment: Environment,
  exports: SnapshotExports,
  { file, indices }: Parts["prelude"]["images"][number],
  index: number,
): number {
  const today = environment.prelude[file];
  const original = indices[index - 1];
  if (today === undefined || original === undefined) return 0;
  return exports.snapshotFunction(today.program, original);
}

function isToday(environment: Environment, { file, indices, image }: Parts["prelude"]["images"][number]): boolean {
  if (environment.prelude[file] === undefined) return false;
  try {
    return sameBytes(environment.extract(file, indices), image);
  } catch {
    // Numbers that this build's file does not have.
    return false;
  }
}

/** Links prelude code that another build wrote, if that was a released one; the address of the program. */
function linkForeign(environment: Environment, machine: Machine, bytes: Uint8Array): number {
  const images = machine.foreignImages;
  const image = environment.trust.check(bytes);
  const at = machine.exports.transferSpace(image.length);
  machine.views.u8.set(image, at);
  const program = machine.exports.snapshotLink(at, image.length, FOREIGN_PROGRAM + images.length);
  if (program === 0) throw new SnapshotError("malformed", "prelude code in the snapshot does not link");
  images.push(image);
  return program;
}

/** Addresses of code cells by ordinal. */
function linkPrelude(environment: Environment, machine: Machine, { images, codes }: Parts["prelude"]): number[] {
  const exports = snapshotExports(machine);
  machine.foreignImages.length = 0;
  const programs = images.map((image) =>
    isToday(environment, image) ? 0 : linkForeign(environment, machine, image.image),
  );
  return codes.map(({ image, index }) => {
    const code =
      programs[image] === 0
        ? codeToday(environment, exports, images[image]!, index)
        : exports.snapshotFunction(programs[image]!, index);
    if (code === 0) throw new SnapshotError("malformed", "the snapshot names prelude code that it does not bring");
    return code;
  });
}

function fill(environment: Environment, machine: Machine, parts: Parts): void {
  const exports = snapshotExports(machine);
  const input = exports.snapshotInput() >>> 2;
  const { addresses } = environment;
  const { u32 } = machine.views;
  u32[input + INPUT.graph] = parts.graph.length;
  u32[input + INPUT.texts] = parts.texts.length;
  u32[input + INPUT.numbers] = parts.numbers.length;
  COUNTS.forEach((_, i) => (u32[input + INPUT.counts + i] = parts.counts[i]!));
  u32[input + INPUT.ids] = addresses.length;
  u32[input + INPUT.limit] = readingBytes(parts.run.limits.memoryBytes);
  u32[input + INPUT.programs] = parts.programs.length;
  u32[input + INPUT.images] = parts.programs.reduce((sum, { image }) => sum + image.length, 0);
  u32[input + INPUT.secret] = Math.random() * 0x1_0000_0000;
  if (parts.prelude.codes.length !== parts.counts[COUNTS.indexOf("codes")])
    throw new SnapshotError("malformed", "the snapshot does not bring the prelude code it needs");
  if (exports.snapshotOpen() === 0) throw new SnapshotError("malformed", "the snapshot's counts make no sense");
  machine.usedAboveHeap = true;
  const count = linkPrograms(machine, parts.programs);
  const codes = linkPrelude(environment, machine, parts.prelude);
  const views = machine.views;
  const place = (i: number): number => views.u32[input + i]!;
  views.u8.set(parts.graph, place(OUTPUT.graph));
  views.u8.set(parts.texts, place(OUTPUT.texts));
  views.u8.set(parts.numbers, place(OUTPUT.numbers));
  views.u32.set(addresses, place(OUTPUT.ids) >>> 2);
  views.u32.set(codes, place(OUTPUT.codes) >>> 2);
  const answer = exports.snapshotRead();
  if (answer !== 0) {
    const [name, text] = FAULTS[answer & 255] ?? ["NONE", `fault ${answer & 255}`];
    throw new SnapshotError(
      name === "LARGE" ? "too-large" : "malformed",
      `${text} (at byte ${answer >>> 8} of the graph)`,
    );
  }
  machine.exports.keepEvaluated(count, machine.nextSerial - count);
}

/** Links all programs, and answers how many of them, the last ones, were compiled from strings. */
function linkPrograms(machine: Machine, programs: Parts["programs"]): number {
  let evaluated = 0;
  programs.forEach((program, id) => {
    if (!program.isEvaluated) {
      if (evaluated > 0) throw new SnapshotError("malformed", "programs stand in the wrong order");
      linkInto(machine, program);
      return;
    }
    linkAs(machine, program, writeValue(program.filename, "filename").slice(), id);
    machine.addEvaluated(machine.nextSerial++, program);
    evaluated++;
  });
  return evaluated;
}

/** More fuel than this no run has used: sums up to here are exact, and so is what a slice adds. */
const MOST_FUEL = 2 ** 52;

/** The core's counters must be ones that a run can come to: what is left of the limits is worked out from them. */
function checkCounters(machine: Machine): void {
  const calls = machine.word("nextCallId");
  if (fuelUsed(machine) > MOST_FUEL || calls > MOST_CALLS || machine.word("hostCalls") > calls)
    throw new SnapshotError("malformed", "the snapshot's account of what was used makes no sense");
}

/** Calls and timers have numbers of 32 bits. */
const MOST_CALLS = 0xffff_0000;

/** The core's account and the host's must agree about why it stands still. */
function checkStatus(machine: Machine, { run }: Parts): void {
  const status = machine.word("status");
  const isRest = status === RUN_STATUS.DONE || status === RUN_STATUS.WAITING || status === RUN_STATUS.SYNC_CALL;
  if (!isRest && run.pausedBy === undefined)
    throw new SnapshotError("malformed", `the snapshot does not say why it stands still (status ${status})`);
}

/**
 * A machine as it was when the snapshot was taken.
 *
 * @throws SnapshotError when the verifier refuses it
 */
export function restoreParts(pool: MachinePool, parts: Parts): Machine {
  const machine = pool.acquire();
  try {
    pool.core.begin(machine, parts.run.limits);
    fill(environmentOf(pool.core), machine, parts);
    machine.run = { ...parts.run };
    checkStatus(machine, parts);
    checkCounters(machine);
    checkCallNames(machine);
    return machine;
  } catch (error) {
    // Whatever the core made of it, the memory is to be trusted no more than the bytes.
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      machine.broken = true;
      pool.release(machine);
      throw new SnapshotError("malformed", `the core failed on the snapshot: ${error.message}`, { cause: error });
    }
    machine.usedAboveHeap = true;
    pool.release(machine);
    if (error instanceof InternalError) throw new SnapshotError("malformed", error.message, { cause: error });
    throw error;
  }
}
