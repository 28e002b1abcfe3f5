// Owns reading the parts of a snapshot into a machine in the captured state. The parts come from a stranger: the core verifies
// them, and a machine in which that failed is returned to the pool to be cleared. Must never trust a part before it is verified.

//
//   counts, sizes ─▶ snapshotOpen ─▶ addresses      link programs and prelude      streams in ─▶ snapshotRead ─▶ 0, or fault and place
//
// A machine goes back to the pool after any failure. `isSuspect` says how much of it must then be cleared: all of it, once unverified bytes
// have been at work in it. `broken`: a trap left it anywhere, and it is thrown away.
import { SNAPSHOT_INPUT as INPUT, SNAPSHOT_OUTPUT as OUTPUT } from "../defs/exchange.ts";
import { RUN_STATUS } from "../defs/layout.ts";
import { CARRIED_PROGRAM } from "../defs/program-ids.ts";
import { COUNTS, FAULTS } from "../defs/snapshot-format.ts";
import { InternalError, SnapshotError } from "../errors.ts";
import type { SnapshotExports } from "../generated/core-exports.ts";
import { linkAs } from "../machine/evaluate.ts";
import { linkInto } from "../machine/launch.ts";
import type { Machine } from "../machine/machine.ts";
import { writeValue } from "../machine/marshal.ts";
import type { MachinePool } from "../machine/pool.ts";
import { checkCallNames } from "../machine/run-loop.ts";
import { fuelUsed } from "../machine/run.ts";
import { type Environment, environmentOf, snapshotExports } from "./environment.ts";
import { type Parts, sameBytes } from "./parts.ts";

/**
 * Returns the memory limit while a snapshot is read. `reserve` charges the worst case up front, and for object keys that is three
 * times what is used in the end.
 */
function readingBytes(memoryLimit: number): number {
  return Math.min(0x3fff_ffff, 4 * memoryLimit + (1 << 20));
}

/** Returns this build's function for that prelude code, 0 if it has no such function. */
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
    // This build's file does not have functions with these numbers.
    return false;
  }
}

/** Links prelude code of another build, if that was released; returns the address of its program. */
function linkCarried(environment: Environment, machine: Machine, bytes: Uint8Array): number {
  const images = machine.carriedPrelude;
  const image = environment.trust.check(bytes);
  const at = machine.exports.transferSpace(image.length);
  machine.views.u8.set(image, at);
  const program = machine.exports.snapshotLink(at, image.length, CARRIED_PROGRAM + images.length);
  if (program === 0) throw new SnapshotError("malformed", "prelude code in the snapshot does not link");
  images.push(image);
  return program;
}

/** Links the prelude code of a snapshot; returns the addresses of code cells by ordinal. */
function linkPrelude(environment: Environment, machine: Machine, { images, codes }: Parts["prelude"]): number[] {
  const exports = snapshotExports(machine);
  machine.carriedPrelude.length = 0;
  const programs = images.map((image) =>
    isToday(environment, image) ? 0 : linkCarried(environment, machine, image.image),
  );
  return codes.map(({ image, index }) => {
    const code =
      programs[image] === 0
        ? codeToday(environment, exports, images[image]!, index)
        : exports.snapshotFunction(programs[image]!, index);
    if (code === 0)
      throw new SnapshotError("malformed", "malformed snapshot: it names prelude code that it does not contain");
    return code;
  });
}

function fill(environment: Environment, machine: Machine, parts: Parts): void {
  const exports = snapshotExports(machine);
  const input = exports.snapshotInput() >>> 2;
  const { addresses } = environment;
  const { u32 } = machine.views;
  u32[input + INPUT.GRAPH] = parts.graph.length;
  u32[input + INPUT.TEXTS] = parts.texts.length;
  u32[input + INPUT.NUMBERS] = parts.numbers.length;
  COUNTS.forEach((_, i) => (u32[input + INPUT.COUNTS + i] = parts.counts[i]!));
  u32[input + INPUT.IDS] = addresses.length;
  u32[input + INPUT.GRANTED] = readingBytes(parts.run.limits.memoryBytes);
  u32[input + INPUT.PROGRAMS] = parts.programs.length;
  u32[input + INPUT.IMAGES] = parts.programs.reduce((sum, { image }) => sum + image.length, 0);
  // Drawn for this one reading: keys that were chosen to collide under one secret do not collide under another
  // (assembly/snapshot/distinct.ts).
  u32[input + INPUT.SECRET] = Math.random() * 0x1_0000_0000;
  if (parts.prelude.codes.length !== parts.counts[COUNTS.indexOf("codes")])
    throw new SnapshotError("malformed", "malformed snapshot: it lacks the prelude code that it needs");
  // Until it is verified, bytes may have made the core write anywhere.
  machine.isSuspect = true;
  if (exports.snapshotOpen() === 0)
    throw new SnapshotError("malformed", "malformed snapshot: its counts are impossible");
  const count = linkPrograms(machine, parts.programs);
  const codes = linkPrelude(environment, machine, parts.prelude);
  // Taken only now: opening and linking have grown the memory.
  const views = machine.views;
  const place = (i: number): number => views.u32[input + i]!;
  views.u8.set(parts.graph, place(OUTPUT.GRAPH));
  views.u8.set(parts.texts, place(OUTPUT.TEXTS));
  views.u8.set(parts.numbers, place(OUTPUT.NUMBERS));
  views.u32.set(addresses, place(OUTPUT.IDS) >>> 2);
  views.u32.set(codes, place(OUTPUT.CODES) >>> 2);
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

/** Links all programs; returns how many of them were compiled from strings, which are the last ones. */
function linkPrograms(machine: Machine, programs: Parts["programs"]): number {
  let evaluated = 0;
  programs.forEach((program, id) => {
    if (!program.isEvaluated) {
      if (evaluated > 0)
        throw new SnapshotError("malformed", "malformed snapshot: its programs are in the wrong order");
      linkInto(machine, program);
      return;
    }
    linkAs(machine, program, writeValue(program.filename, "filename").slice(), id);
    machine.addEvaluated(machine.nextSerial++, program);
    evaluated++;
  });
  return evaluated;
}

/** No run has used more fuel than this: sums up to here are exact, also after a slice is added. */
const MAX_FUEL = 2 ** 52;

/**
 * Checks that the core's counters are possible in a run: the remaining limits are computed from them. The verifier in the core has no
 * limits to compare them with.
 */
function checkCounters(machine: Machine): void {
  const calls = machine.word("nextCallId");
  if (fuelUsed(machine) > MAX_FUEL || calls > MAX_CALLS || machine.word("hostCalls") > calls)
    throw new SnapshotError("malformed", "malformed snapshot: its usage counters are impossible");
}

/** Ids of calls and timers have 32 bits. */
const MAX_CALLS = 0xffff_0000;

/** Checks that the core and the host agree about why the run stopped. */
function checkStatus(machine: Machine, { run }: Parts): void {
  const status = machine.word("status");
  const isRest = status === RUN_STATUS.DONE || status === RUN_STATUS.WAITING || status === RUN_STATUS.SYNC_CALL;
  if (!isRest && run.pausedBy === undefined)
    throw new SnapshotError("malformed", `malformed snapshot: status ${status} without a reason for the pause`);
}

/**
 * Restores a machine in the captured state.
 *
 * @throws SnapshotError if the verifier refuses it
 */
export function restoreParts(pool: MachinePool, parts: Parts): Machine {
  const machine = pool.acquire();
  try {
    pool.core.begin(machine, parts.run.limits);
    fill(environmentOf(pool.core), machine, parts);
    machine.run = { ...parts.run };
    // A peak that was measured says more than the core's estimate of it.
    if (parts.run.peakBytes > 0) machine.setWord("peakMemory", 0);
    checkStatus(machine, parts);
    checkCounters(machine);
    checkCallNames(machine);
    // Verified in full: what the reader used is in the core's account of its memory, as after any program.
    machine.isSuspect = false;
    return machine;
  } catch (error) {
    // The memory written by the core can be trusted no more than the bytes.
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      machine.broken = true;
      pool.release(machine);
      throw new SnapshotError("malformed", `the core failed on the snapshot: ${error.message}`, { cause: error });
    }
    machine.isSuspect = true;
    pool.release(machine);
    if (error instanceof InternalError) throw new SnapshotError("malformed", error.message, { cause: error });
    throw error;
  }
}
