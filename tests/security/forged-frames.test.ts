// Snapshots and prelude frames that a stranger made up with care: every number by itself is possible, but not together. Each of these wrote or
// read where it must not, on the build before it was mended.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { SECTIONS } from "../../ts/defs/snapshot-format.ts";
import { type LimitError, SnapshotError, type State, type SuspendedState } from "../../ts/index.ts";
import { internalTarget } from "../fuzz/natives/internal.ts";
import { findPlaces, type GraphPlaces, readNumbers, writeNumbers } from "../fuzz/snapshots/numbers.ts";
import { testRuntime, WASM } from "../snapshot/support.ts";
import { withSections } from "./forge.ts";

/** The checking build finds a wrong access that does not trap. */
const CHECK = fileURLToPath(new URL("../../build/fermata.check.wasm", import.meta.url));
const wasm = existsSync(CHECK) ? CHECK : WASM;
const runtime = await testRuntime(wasm);

/** Numbers by which COUNTS has them. */
const FRAMES = 6;

/** The bytes with the numbers of their graph, and their counts, changed. */
function forged(
  bytes: Uint8Array,
  change: (numbers: bigint[], places: GraphPlaces, counts: bigint[]) => readonly bigint[],
): Uint8Array {
  return withSections(bytes, (sections) => {
    const numbers = readNumbers(sections.get(SECTIONS.graph)!);
    const counts = readNumbers(sections.get(SECTIONS.counts)!);
    sections.set(SECTIONS.graph, writeNumbers(change(numbers, findPlaces(numbers), counts)));
    sections.set(SECTIONS.counts, writeNumbers(counts));
  });
}

function held(source: string, externals: Record<string, "sync" | "async"> = { ask: "sync" }): Uint8Array {
  const state = runtime.compile(source, { filename: "held.js", externals }).start();
  if (state.status === "complete") throw new Error("the program does not wait");
  return state.snapshot().dump({ level: 0 });
}

it("so many frames that their records would begin below address 0", () => {
  const bytes = held(`function f(n) { return n ? f(n - 1) + 1 : ask("x"); } f(3)`);
  const many = 200_000;
  const made = forged(bytes, (numbers, { frames: [first, second, third] }, counts) => {
    counts[FRAMES] = BigInt(many);
    const far = numbers.slice(second!.record, third!.record);
    // Distance from the frame below, in registers: some fifty of these lead out of the machine's memory.
    far[4] = 0x3ffffn;
    const distant = Array.from({ length: 500 }, () => far).flat();
    return [
      ...numbers.slice(0, first!.record - 1),
      BigInt(many),
      ...numbers.slice(first!.record, second!.record),
      ...distant,
      ...Array<bigint>(many).fill(0n),
    ];
  });
  expect(() => runtime.load(made)).toThrow("bad frame");
});

it("so many arguments that they would begin below address 0", () => {
  const bytes = held(`function f(a = ask("x"), ...rest) { return rest.length; } f(undefined, 1, 2, 3)`);
  for (const count of [1000, 50_000, 100_000, 123_150]) {
    const made = forged(bytes, (numbers, { frames }) => {
      numbers[frames.at(-1)!.record + 2] = BigInt(count);
      return numbers;
    });
    expect(() => runtime.load(made)).toThrow("bad control record");
  }
});

it.each([
  ["runs", `async function* g() { await ask(1); yield 1; } g().next(); 1`],
  ["awaits what it was ended with", `async function* g() {} g().return(ask(1)); 1`],
])("an async generator that %s has a request that this is for", (_, source) => {
  const bytes = held(source, { ask: "async" });
  let queues = 0;
  const made = forged(bytes, (numbers, { end }) => {
    for (let i = end; i < numbers.length - 5; i++) {
      // The head of a queue: its first request becomes a value that no field names as such.
      if (numbers[i] !== 43n || numbers[i + 1] !== 1n || numbers[i + 2] !== 0n) continue;
      [numbers[i + 1], numbers[i + 3], numbers[i + 5]] = [0n, 20n, 0n];
      queues++;
    }
    return numbers;
  });
  expect(queues).toBe(1);
  expect(() => runtime.load(made)).toThrow("bad coroutine or generator");
});

it("the text of a match that stopped in the middle is flat: making it so is not paid for", () => {
  const source = `const wide = "\\u4e2d".repeat(2e6), part = wide.slice(1); let rope = "y" + wide; for (let i = 0; i < 4; i++) rope = part + rope;
    const match = /x*x*x*y/.exec("x".repeat(3000)); [match, rope.length]`;
  let state: State = runtime
    .compile(source, { filename: "match.js" })
    .start({ limits: { fuel: 5000, memoryBytes: 256e6 } });
  const placeOf = (snapshot: Uint8Array): number => {
    let place = -1;
    forged(snapshot, (numbers, { end }) => {
      place = numbers.findIndex((n, i) => i >= end && n === 16n && numbers[i + 1] === 30n && numbers[i + 2] === 7n);
      return numbers;
    });
    return place;
  };
  let bytes = new Uint8Array();
  for (let stops = 0; state.status === "paused" && stops < 100; stops++) {
    state = state.resume({ fuel: 50_000 });
    if (state.status !== "paused") break;
    bytes = state.snapshot().dump({ level: 0 });
    if (placeOf(bytes) > 0) break;
  }
  const place = placeOf(bytes);
  expect(place).toBeGreaterThan(0);
  for (let cell = 1n; cell < 20n; cell++) {
    const made = forged(bytes, (numbers) => {
      // Class, slots, and a shape of four numbers come before the slots.
      numbers[place + 8] = (cell << 3n) | 3n;
      return numbers;
    });
    const peak = peakOf(made);
    expect(peak, `cell ${cell}`).toBeLessThan(12e6);
  }
}, 60_000);

/** Most memory that a snapshot takes which may have 8 MB. */
function peakOf(bytes: Uint8Array): number {
  try {
    const state = runtime.load(bytes, { limits: { memoryBytes: 8e6, timeMs: Infinity } }).restore();
    return state.status === "paused" ? state.resume({ fuel: 20_000 }).usage.peakMemoryBytes : 0;
  } catch (error) {
    return error instanceof SnapshotError ? 0 : (error as LimitError).run!.usage.peakMemoryBytes;
  }
}

it("natives of the prelude refuse numbers and states that the prelude never passes", async () => {
  const calls = `
    call("bigIntWrap", 5n, -1e6, false), call("bigIntWrap", -5n, NaN, true), call("dateField", 0, -600000000, 0), call("dateField", 0, 600000000, 0),
    call("typedMove", new BigInt64Array(2), 0, new Float64Array([1e9, 2]), 0, 2), call("typedMove", new Int8Array(2), 0, new BigInt64Array(2), 0, 2),
    call("typedSearch", new Uint8Array(4), 4, -1, 1, 1, 4), call("makeSymbol", {}), call("registeredSymbol", 5),
    call("asyncGeneratorEnqueueReturn", running, 1), call("asyncGeneratorRejectHead", running, 1), call("asyncGeneratorAwaitHead", running, promise),
    call("asyncGeneratorHeadValue", running)`;
  const source = (natives: readonly string[]): string => `
    let probe; new Promise((resolve) => { probe = resolve; });
    const natives = ${JSON.stringify(natives)}, promise = new Promise(() => {});
    const running = (async function* () { await promise; yield 1; })(); running.next();
    function call(name, ...args) { try { probe(natives.indexOf(name), ...args); return name; } catch (error) { return error.message; } }
    begin();
    // The place before the first character of a text.
    call("advanceStringIndex", "\\u4e2d".repeat(9), -1e9, true);
    [${calls}]`;
  const { begin } = await internalTarget(wasm, source);
  const state = begin.restore() as SuspendedState;
  const { output } = state.resume(0) as State & { readonly output: readonly string[] };
  expect(output).toEqual(Array<string>(13).fill("Invalid state"));
});
