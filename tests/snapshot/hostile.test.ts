// Snapshots are bytes from a stranger. Whatever is done to them: a typed error or a machine that runs, never a trap, a hang, or
// anything outside its memory.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { crc32 } from "../../ts/bytes/crc32.ts";
import { SECTIONS } from "../../ts/defs/snapshot-format.ts";
import type { State } from "../../ts/index.ts";
import { readContainer, writeContainer } from "../../ts/snapshot/container.ts";
import { PROGRAMS } from "./programs.ts";
import { answerTo, compile, START, testRuntime } from "./support.ts";
import { cpuMs } from "../support/cpu-time.ts";

const COUNT = Number(process.env.FERMATA_FUZZ ?? 10_000);
const CHECKSUM = 4;
const HEAD = 8;

let runtime: Runtime;
const corpus: { name: string; bytes: Uint8Array }[] = [];

beforeAll(async () => {
  runtime = await testRuntime();
  for (const program of PROGRAMS) {
    let state: State = compile(runtime, program).start({ ...START, limits: { fuel: 40 } });
    for (let i = 0; i < 12 && state.status !== "complete"; i++) {
      corpus.push({ name: `${program.name} ${i}`, bytes: state.snapshot().dump({ level: 0, elapsed: false }) });
      state = goOn(state, 11 + 3 * i);
    }
  }
});

function goOn(state: State, fuel: number): State {
  if (state.status === "complete") return state;
  if (state.status === "paused") return state.resume({ fuel });
  const call = state.calls[0]!;
  return state.resumeCalls(new Map([[call.id, call.kind === "timer" ? { value: undefined } : answerTo(call)]]), {
    fuel,
  });
}

/** Deterministic: a failure can be found again by its number. */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e37_79b1) >>> 0;
  }
  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 0x1_0000_0000) * n);
  }
}

function mutate(dice: Dice, bytes: Uint8Array, from: number, to: number): Uint8Array {
  const out = bytes.slice();
  const how = dice.below(6);
  for (let times = dice.below(3) === 0 ? 1 + dice.below(4) : 1; times > 0; times--) {
    const at = from + dice.below(to - from);
    const other = from + dice.below(to - from);
    if (how === 0) out[at]! ^= 1 << dice.below(8);
    else if (how === 1) out[at] = dice.below(256);
    else if (how === 2) out[at]! += dice.below(2) === 0 ? 1 : -1;
    else if (how === 3) [out[at], out[other]] = [out[other]!, out[at]!];
    else if (how === 4) out.copyWithin(at, other, Math.min(other + dice.below(8), to));
    else return Uint8Array.from([...out.subarray(0, at), ...out.subarray(Math.min(to, at + 1 + dice.below(4)))]);
  }
  return out;
}

/** Where a section stands in bytes that are not deflated. */
function rangeOf(bytes: Uint8Array, tag: number): [number, number] {
  const section = readContainer(bytes, 1 << 28).sections.get(tag)!;
  return [section.byteOffset - bytes.byteOffset, section.byteOffset - bytes.byteOffset + section.length];
}

describe("mutated snapshots", () => {
  it(`never trap or hang: ${COUNT} of them`, () => {
    const traps: string[] = [];
    let refused = 0;
    let ran = 0;
    let slowest = 0;
    for (let i = 0; i < COUNT; i++) {
      const dice = new Dice(i + 1);
      const { name, bytes } = corpus[dice.below(corpus.length)]!;
      // Mostly the graph, which nobody else looks at; else all of it.
      const [from, to] = dice.below(5) === 0 ? [HEAD, bytes.length] : rangeOf(bytes, SECTIONS.graph);
      const mutated = mutate(dice, bytes, from, to);
      // In half of them the checksum is mended.
      if (dice.below(2) === 0 || from !== HEAD)
        new DataView(mutated.buffer).setUint32(CHECKSUM, crc32(mutated, HEAD), true);
      const began = cpuMs();
      let state: State | undefined;
      try {
        state = runtime.load(mutated).restore();
      } catch (error) {
        const { name: kind, message } = error as Error;
        if (kind !== "SnapshotError" || message.includes("the core failed"))
          traps.push(`${i} (${name}): load: ${kind}: ${message}`);
        refused++;
      }
      if (state !== undefined) {
        try {
          for (let stop = 0; stop < 20 && state.status !== "complete"; stop++) state = goOn(state, 300);
          ran++;
        } catch (error) {
          // A mutated program or frame of the prelude may run into the checks of the interpreter; see "run" below.
          if (
            !["GuestError", "LimitError", "SnapshotError", "MarshalError", "InternalError"].includes(
              (error as Error).name,
            )
          )
            traps.push(`${i} (${name}): run: ${String(error)}`);
        }
      }
      slowest = Math.max(slowest, cpuMs() - began);
    }
    console.log(`${COUNT} mutated snapshots: ${refused} refused, ${ran} ran, slowest ${slowest.toFixed(0)} ms`);
    expect(traps).toEqual([]);
    expect(refused).toBeGreaterThan(COUNT / 2);
    expect(slowest).toBeLessThan(2000);
  }, 300_000);
});

describe("containers", () => {
  const reasonOf = (bytes: Uint8Array): string => {
    try {
      runtime.load(bytes);
      return "none";
    } catch (error) {
      return (error as { reason?: string }).reason ?? String(error);
    }
  };
  const good = (): Uint8Array => corpus[0]!.bytes.slice();

  it("refuse bytes that are not a snapshot", () => {
    expect(reasonOf(new Uint8Array(0))).toBe("not-a-snapshot");
    expect(reasonOf(new TextEncoder().encode("PK\x03\x04 something else entirely"))).toBe("not-a-snapshot");
  });

  it("refuse other versions", () => {
    const bytes = good();
    bytes[3] = 99;
    expect(reasonOf(bytes)).toBe("unsupported-version");
  });

  it("refuse damage", () => {
    const bytes = good();
    bytes[bytes.length >> 1]! ^= 1;
    expect(reasonOf(bytes)).toBe("checksum");
    expect(reasonOf(good().subarray(0, 100))).toBe("checksum");
    expect(reasonOf(good().subarray(0, 6))).toBe("truncated");
  });

  it("refuse more than is allowed, and bombs", () => {
    expect(() => runtime.load(good(), { snapshotBytes: 100 })).toThrow(
      expect.objectContaining({ reason: "too-large" }),
    );
    const bomb = writeContainer("", new Map([[SECTIONS.graph, new Uint8Array(80 << 20)]]), 9);
    expect(bomb.length).toBeLessThan(200_000);
    expect(reasonOf(bomb)).toBe("too-large");
  });

  it("are deflated section by section, and the same at every level", () => {
    const { sections, buildId } = readContainer(good(), 1 << 28);
    for (const level of [0, 1, 3, 6, 9] as const) {
      const again = readContainer(writeContainer(buildId, sections, level), 1 << 28);
      expect([...again.sections].map(([tag, bytes]) => [tag, Buffer.from(bytes).toString("hex")])).toEqual(
        [...sections].map(([tag, bytes]) => [tag, Buffer.from(bytes).toString("hex")]),
      );
    }
  });
});
