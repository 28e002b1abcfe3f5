// Owns the tests of recordings: wherever one goes, the program is there as it was, and nothing is asked twice. Must never measure time.

import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Moment, Recording } from "../../ts/api/recording.ts";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { SuspendedState } from "../../ts/api/state.ts";
import { AbortError, GuestError, StateError } from "../../ts/errors.ts";
import { Random, seedOf } from "../fuzz/random.ts";
import { recordingProblem } from "../fuzz/recordings.ts";
import { bytesAt } from "../support/recording.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;

beforeAll(async () => {
  runtime = await testRuntime();
});

const START = { seed: 1, now: 1000 } as const;

const LOOP = `let total = 0;
function add(n) {
  const before = total;
  total += n;
  return before;
}
for (let i = 1; i <= 4; i++) {
  add(i);
}
total;`;

function recordingOf(source: string, every = 1): Recording {
  return runtime.compile(source, { filename: "p.js", step: true }).startRecording({ ...START, every });
}

/** Line and what a variable holds. */
function shown(recording: Recording, name: string): readonly [number | undefined, unknown] {
  return [recording.here.line, recording.variables().find((one) => one.name === name)?.value];
}

/** All moments from the first to the last. */
function forwards(recording: Recording): Moment[] {
  const moments = [recording.goTo(recording.first)];
  while (!recording.isAtEnd) moments.push(recording.stepForward()!);
  return moments;
}

function backwards(recording: Recording): Moment[] {
  recording.goTo(recording.last);
  const moments = [recording.here];
  for (let moment = recording.stepBack(); moment !== undefined; moment = recording.stepBack()) moments.push(moment);
  return moments.toReversed();
}

/** A moment without what was measured. */
function bare({ usage, ...moment }: Moment): unknown {
  return { ...moment, reason: undefined, fuel: usage.fuel, hostCalls: usage.hostCalls };
}

describe("steps and breakpoints", () => {
  it("go over calls, out of functions, and stop at lines", () => {
    const recording = recordingOf(LOOP);
    expect(recording.runTo(8)).toMatchObject({ line: 8, depth: 1 });
    expect(recording.stepOver()).toMatchObject({ line: 8, depth: 1 });
    expect(recording.stepForward()).toMatchObject({ line: 3, depth: 2 });
    expect(shown(recording, "total")[1]).toBe(1);
    expect(recording.stepOut()).toMatchObject({ line: 8, depth: 1 });
    expect(recording.stepOver({ lines: [5] })).toMatchObject({ line: 5, depth: 2 });
    expect(recording.stepOut()).toMatchObject({ line: 8 });
    expect(recording.runTo([4, 10])).toMatchObject({ line: 4 });
    expect(recording.runTo([10, 99])).toMatchObject({ line: 10 });
    expect(recording.stepOver()).toBeUndefined();
    expect(recording.here.status).toBe("complete");
    recording.goTo(recording.first);
    expect(recording.stepOver()?.line).toBe(7);
    expect(recording.stepOver({ lines: [4] })?.line).toBe(8);
    expect(recording.stepOver({ lines: [4], filename: "other.js" })?.line).toBe(8);
    expect(recording.stepOver({ lines: [4], filename: "p.js" })?.line).toBe(4);
  });
});

describe("stepping", () => {
  it("stops before every statement, and goes back over the same stops", async () => {
    const recording = recordingOf(LOOP);
    const seen: number[] = [recording.here.line!];
    for (let moment = recording.stepForward(); moment?.line !== undefined; moment = recording.stepForward())
      seen.push(moment.line);
    expect(seen.slice(0, 8)).toEqual([1, 7, 8, 3, 4, 5, 8, 3]);
    expect(recording.here.status).toBe("complete");
    expect(recording.stepForward()).toBeUndefined();
    const back: (number | undefined)[] = [];
    for (let moment = recording.stepBack(); moment !== undefined; moment = recording.stepBack()) back.push(moment.line);
    expect(back.toReversed()).toEqual(seen);
    expect(recording.stepBack()).toBeUndefined();
    expect(recording.here.position).toBe(recording.first);
  });

  it("records a drive of which nothing was seen, with few checkpoints or many", async () => {
    for (const every of [1, 7, 1e9]) {
      const recording = recordingOf(LOOP, every);
      expect((await recording.drive()).status).toBe("complete");
      expect(recording.state).toMatchObject({ output: 10 });
      const there = forwards(recording).map(bare);
      expect(there.length).toBe(20);
      expect(backwards(recording).map(bare)).toEqual(there);
    }
  });

  it("runs to a line, past the end of what is recorded", () => {
    const recording = recordingOf(LOOP);
    expect(recording.runTo(4)?.line).toBe(4);
    expect(shown(recording, "n")).toEqual([4, 1]);
    expect(recording.runTo(4, { filename: "other.js" })).toBeUndefined();
    expect(recording.here.status).toBe("complete");
    expect(recording.goTo(recording.first).line).toBe(1);
    recording.runTo(4);
    recording.runTo(4);
    expect(shown(recording, "n")).toEqual([4, 2]);
    expect(recording.runTo(99)).toBeUndefined();
    expect(recording.isAtEnd).toBe(true);
  });

  it("goes back to where a variable got its value", async () => {
    const recording = recordingOf(LOOP);
    await recording.drive();
    recording.stepBack();
    expect(shown(recording, "total")).toEqual([10, 10]);
    for (const before of [6, 3, 1, 0]) {
      recording.backTo("total");
      expect(shown(recording, "total")).toEqual([4, before]);
    }
    expect(recording.backTo("total")?.line).toBe(1);
    expect(() => recording.backTo("total")).toThrow(RangeError);
    expect(() => recording.backTo("nothing")).toThrow("no variable nothing");
  });

  it("goes back to where the content of an object changed, and to the call that made a local one", async () => {
    const source = `const list = [];
function fill(to, item) {
  const pair = [item, item];
  to.push(pair);
  return pair;
}
let last = fill(list, 1);
last = fill(list, 2);
list;`;
    const recording = recordingOf(source);
    await recording.drive();
    recording.stepBack();
    expect(recording.backTo("last")?.line).toBe(8);
    recording.goTo(recording.last);
    recording.stepBack();
    expect(recording.backTo("list")?.line).toBe(4);
    expect(recording.variables().find(({ name }) => name === "to")).toMatchObject({
      kind: "parameter",
      value: [[1, 1]],
    });
    expect(recording.backTo("item")?.line).toBe(8);
  });
});

describe("calls", () => {
  const SOURCE = `const first = ask("one");
console.log(first);
const [a, b] = await Promise.all([fetchIt(first), fetchIt(first + 1)]);
await new Promise((resolve) => setTimeout(resolve, 5));
const t = Date.now();
console.log(a.n, b.n, Math.random());
a.n + b.n;`;
  const program = () =>
    runtime.compile(SOURCE, { filename: "p.js", step: true, externals: { ask: "sync", fetchIt: "async" } });

  it("replays answers, and asks nobody again", async () => {
    const ask = vi.fn<(question: string) => number>(() => 4);
    const fetchIt = vi.fn<(n: number) => Promise<object>>(async (n) => ({ n }));
    for (const every of [1, 1e9]) {
      ask.mockClear();
      fetchIt.mockClear();
      const recording = program().startRecording({ ...START, every });
      const end = await recording.drive({ tools: { ask, fetchIt } });
      expect(recording.state).toMatchObject({ output: 9 });
      const there = forwards(recording);
      expect(there.map(({ line, status, calls }) => [line, status, calls.map(({ name }) => name)])).toEqual([
        [1, "paused", []],
        [1, "suspended", ["ask"]],
        [2, "paused", []],
        [3, "paused", []],
        [undefined, "suspended", ["fetchIt", "fetchIt"]],
        [4, "paused", []],
        [undefined, "suspended", ["setTimeout"]],
        [5, "paused", []],
        [6, "paused", []],
        [7, "paused", []],
        [undefined, "complete", []],
      ]);
      expect(there.at(-1)).toEqual(end);
      expect(backwards(recording).map(bare)).toEqual(there.map(bare));
      expect([ask.mock.calls.length, fetchIt.mock.calls.length]).toEqual([1, 2]);
    }
  });

  it("is the same program at every place, byte for byte, in whatever order the places are visited", async () => {
    const tools = { ask: () => 4, fetchIt: async (n: number) => ({ n }) };
    const recording = program().startRecording({ ...START, every: 5 });
    await recording.drive({ tools });
    const there = forwards(recording).slice(0, -1);
    const bytes = there.map(({ position }) => (recording.goTo(position), bytesAt(recording)));
    expect(new Set(bytes).size).toBe(bytes.length);
    for (let i = 0, k = 0; i < there.length; i++, k = (k + 5) % there.length) {
      expect(bare(recording.goTo(there[k]!.position))).toEqual(bare(there[k]!));
      expect(bytesAt(recording)).toBe(bytes[k]);
    }
  });

  it("is at its end again when the run goes on, and takes another answer only in a fork", async () => {
    const recording = program().startRecording(START);
    const held = await recording.drive({ hold: ["ask"], tools: { fetchIt: async (n: number) => ({ n }) } });
    expect([held.status, held.calls[0]!.args]).toEqual(["suspended", ["one"]]);
    recording.goTo(recording.first);
    const { state } = recording;
    if (state?.status !== "suspended") throw new Error("not suspended");
    expect(state.answer("ask", 7, { fuel: 1 }).status).toBe("paused");
    expect(recording.isAtEnd).toBe(true);
    recording.goTo(held.position);
    expect(recording.here).toMatchObject({ status: "suspended", line: 1 });
    const other = recording.fork();
    if (other.status !== "suspended") throw new Error("not suspended");
    expect(
      (await other.answer("ask", 1).drive({ tools: { ask: () => 0, fetchIt: async (n) => ({ n }) } })).stdout,
    ).toMatch(/^1\n/);
    expect(recording.stepForward()).toMatchObject({ status: "paused", line: 2 });
    expect(recording.variables().find(({ name }) => name === "first")?.value).toBe(7);
    expect(() => (recording.goTo(recording.last), state.answer("ask", 8))).toThrow(StateError);
  });
});

describe("failures", () => {
  const SOURCE = `let user = { name: "Ida" };
user = null;
console.log("so far");
user.name;`;

  it("shows the place of a failure, and goes back from it", async () => {
    for (const every of [1, 1e9]) {
      const recording = recordingOf(SOURCE, every);
      const failure = await recording.drive().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(GuestError);
      expect(recording.here).toMatchObject({ status: "failed", line: 4, stdout: "so far\n", error: failure });
      expect(recording.state).toBeUndefined();
      expect(recording.stepForward()).toBeUndefined();
      expect(recording.backTo("user")?.line).toBe(2);
      expect(recording.variables()).toMatchObject([{ name: "user", value: { name: "Ida" } }]);
      expect(recording.runTo(4)).toMatchObject({ status: "failed" });
      await expect(recording.drive()).rejects.toThrow("the run has failed");
    }
  });

  it("fails in a step as it does in a drive", () => {
    const recording = recordingOf(SOURCE);
    expect(() => recording.runTo(9)).toThrow(GuestError);
    expect(recording.here).toMatchObject({ status: "failed", line: 4 });
    expect(recording.stepBack()).toMatchObject({ status: "paused", line: 3 });
    const other = recording.fork();
    if (other.status !== "paused") throw new Error("not paused");
    expect(() => other.resume()).toThrow(GuestError);
  });

  it("can be driven on after an abort, and after fuel ran out", async () => {
    const program = runtime.compile(`const a = await get(); let n = 0; while (n < 100) n++; a + n;`, {
      step: true,
      externals: ["get"],
    });
    const recording = program.startRecording({ ...START, limits: { fuel: 50 } });
    const controller = new AbortController();
    const get = () => {
      expect(() => recording.here).toThrow("is going on");
      controller.abort();
      return new Promise(() => {});
    };
    const aborted = recording.drive({ tools: { get }, signal: controller.signal });
    await expect(aborted).rejects.toThrow();
    expect(recording.here).toMatchObject({ status: "suspended" });
    const { state } = recording;
    if (state?.status !== "suspended") throw new Error("not suspended");
    expect(state.answer("get", 1)).toMatchObject({ status: "paused", reason: "fuel" });
    expect(recording.here).toMatchObject({ status: "paused", reason: "fuel", line: 1 });
    expect((await recording.drive({ limits: { fuel: 1e6 }, tools: { get: () => 0 } })).status).toBe("complete");
    expect(recording.state).toMatchObject({ output: 101 });
    expect(backwards(recording)).toHaveLength(forwards(recording).length);
  });
});

describe("a run that its states go on with", () => {
  const SOURCE = `const a = ask(1);
const b = ask(2);
let c;
try { ask(3); } catch (error) { c = error.message; }
const [d, e] = await Promise.all([get(4), get(5)]);
await new Promise((resolve) => setTimeout(resolve, 50));
console.log(Date.now(), a, b.deep[0], c, d.n, e.n);
0;`;

  it.each([1, 1e9])("is recorded by every way to answer, with fuel and without: checkpoints every %i", (every) => {
    const program = runtime.compile(SOURCE, { step: true, externals: { ask: "sync", get: "async" } });
    const recording = program.startRecording({ ...START, every });
    let now = 3000;
    const waiting = (): SuspendedState => {
      for (let { state } = recording; state?.status === "paused"; state = recording.state!)
        state.resume({ fuel: 2, now: now++ });
      const { state } = recording;
      if (state?.status !== "suspended") throw new Error("not suspended");
      return state;
    };
    const shared = { deep: ["two"] };
    waiting().answer("ask", 1);
    waiting().resume(shared, { fuel: 0 });
    shared.deep[0] = "changed since";
    waiting().resumeError(new TypeError("three"), { fuel: 1 });
    const [first, second] = waiting().calls;
    waiting().resumeCalls(new Map([[second!.id, { value: { n: 5 } }]]), { fuel: 0 });
    waiting().answer(first.id, { n: 4 }, { fuel: 0, now: 2000 });
    const [timer] = waiting().calls;
    waiting().resumeTimers(timer.dueAt! + 7);
    while (recording.state?.status === "paused") recording.state.resume();
    const { stdout } = recording.here;
    expect(stdout).toMatch(/^3\d{3} 1 two three 4 5\n$/);
    const there = forwards(recording);
    expect(there.find(({ calls }) => calls[0]?.kind === "timer")!.calls).toEqual([timer]);
    expect(there.at(-2)).toMatchObject({ line: 8, stdout });
    expect(backwards(recording).map(bare)).toEqual(there.map(bare));
  });

  it("sets its clock again where it was set, also between two jobs", () => {
    const source = `const log = [];
async function worker(id) { for (let i = 0; i < 4; i++) { await "x".repeat(300 + id).split("").length; log.push(Date.now()); } await "y".repeat(500).split("").length }
await Promise.all([worker(1), worker(2)]);
console.log(log.join());
0;`;
    const program = runtime.compile(source, { step: true });
    for (let fuel = 1; fuel < 400; fuel += 13) {
      const recording = program.startRecording({ ...START, every: 1e9 });
      for (let now = 2000; recording.state?.status === "paused"; now++) recording.state.resume({ fuel, now });
      const { stdout } = recording.here;
      expect({ fuel, line: recording.stepBack()?.line, stdout: recording.here.stdout }).toEqual({
        fuel,
        line: 5,
        stdout,
      });
    }
  });

  it("steps back by a statement, not by a setting of the clock", () => {
    const recording = recordingOf("let n = 1;\nn++;\nn++;\nn++;");
    recording.runTo(3);
    const { position } = recording.here;
    const { state } = recording;
    if (state?.status !== "paused") throw new Error("not paused");
    state.resume({ fuel: 1, now: 5000 });
    expect(recording.here.line).toBe(4);
    expect(recording.goTo(position + 1)).toMatchObject({ line: 3, position: position + 1 });
    expect(recording.stepBack()?.line).toBe(2);
    expect(recording.stepForward()?.line).toBe(3);
    expect(recording.stepForward()?.line).toBe(4);
  });
});

describe("a storm of calls", () => {
  const SOURCE = `const log = [];
async function worker(id) {
  for (let i = 0; i < 4; i++) {
    const late = new Promise((resolve) => setTimeout(resolve, (id * 7 + i * 3) % 4, "late"));
    log.push(id + ":" + i + "=" + (await Promise.race([job(id * 10 + i), late])));
    for (let k = 0; k < 30; k++);
    if (id === 2) log.push(sum(i).total);
    if (i === 2) try { await fail(id); } catch (error) { log.push(error.message, Date.now()); }
  }
}
await Promise.all([1, 2, 3].map(worker));
log.join();`;

  it.each([1, 1e9])("is gone back through as it went, with checkpoints every %i", async (every) => {
    const random = new Random(every);
    let calls = 0;
    const later = (value: unknown) => new Promise((resolve) => setTimeout(resolve, random.below(5), value));
    const tools = {
      job: (n: number) => (calls++, random.chance(0.3) ? n : later(n)),
      sum: (n: number) => (calls++, random.chance(0.5) ? { total: n } : Promise.resolve({ total: n })),
      fail: () => (calls++, Promise.reject(new RangeError("failed"))),
    };
    const externals = { job: "async", sum: "sync", fail: "async" } as const;
    const recording = runtime.compile(SOURCE, { step: true, externals }).startRecording({ seed: 1, every });
    let most = 20;
    while (recording.state?.status !== "complete") {
      const controller = new AbortController();
      if (most-- > 0) setTimeout(() => controller.abort(), 1 + random.below(4));
      await recording.drive({ tools, signal: controller.signal }).catch((error: unknown) => {
        if (!(error instanceof AbortError)) throw error;
      });
      if (random.chance(0.3)) recording.stepBack();
    }
    const made = calls;
    const there = forwards(recording).slice(0, -1);
    const places = there.filter((_, i) => i % 9 === 0);
    const bytes = places.map(({ position }) => (recording.goTo(position), bytesAt(recording)));
    expect(backwards(recording).slice(0, -1).map(bare)).toEqual(there.map(bare));
    places.forEach((_, i) => {
      const k = (i * 7) % places.length;
      expect(recording.goTo(places[k]!.position).line).toBe(places[k]!.line);
      expect(bytesAt(recording)).toBe(bytes[k]);
    });
    expect(calls).toBe(made);
  });
});

describe("random programs", () => {
  it.each([8, 21])("are the same at every place, however they are reached: number %i", async (number) => {
    const language = number % 2 === 0 ? "javascript" : "typescript";
    expect(await recordingProblem(runtime, seedOf(1, number), language)).toBeUndefined();
  });
});

describe("limits of time", () => {
  it("give each step time again, as a resume does", async () => {
    let [time, tick] = [0, 1];
    const clock = vi.spyOn(performance, "now").mockImplementation(() => (time += tick));
    try {
      const program = runtime.compile("let n = 0; while (n < 1e9) n++; n", { step: true });
      const recording = program.startRecording({ ...START, limits: { timeMs: 5, onTime: "pause" } });
      expect(await recording.drive()).toMatchObject({ status: "paused", reason: "time" });
      // From here on the clock stands still.
      tick = 0;
      expect(recording.stepForward()).toMatchObject({ status: "paused", reason: "hold" });
      expect(recording.stepForward()).toMatchObject({ status: "paused", reason: "hold" });
    } finally {
      clock.mockRestore();
    }
  });
});

describe("the ring", () => {
  const SOURCE = `let n = 0;
let text = "";
while (n < 3000) {
  n++;
  if (n % 50 === 0) text += tell(n);
}
n;`;

  it("gives up the oldest checkpoints, and says where it begins", async () => {
    const program = runtime.compile(SOURCE, { filename: "p.js", step: true, externals: { tell: "sync" } });
    const tell = vi.fn<(n: number) => string>(String);
    const recording = program.startRecording({ ...START, every: 500, bytes: 60_000 });
    await recording.drive({ tools: { tell } });
    expect(recording.bytes).toBeLessThanOrEqual(60_000);
    expect(recording.first).toBeGreaterThan(1000);
    expect(() => recording.goTo(recording.first - 1)).toThrow(
      /^position \d+ is not in the recording, which goes from \d+ to \d+: what was/,
    );
    expect(() => recording.at(recording.last + 1)).toThrow(RangeError);
    expect(() => recording.goTo(NaN)).toThrow(RangeError);
    const earliest = recording.goTo(recording.first);
    expect(recording.stepBack()).toBeUndefined();
    expect(recording.here).toEqual(earliest);
    const begun = shown(recording, "n")[1] as number;
    expect(recording.runTo(7)).toMatchObject({ line: 7 });
    expect(shown(recording, "n")).toEqual([7, 3000]);
    expect(recording.backTo("text")?.line).toBe(5);
    expect(shown(recording, "n")).toEqual([5, 3000]);
    expect(begun).toBeGreaterThan(100);
    expect(tell).toHaveBeenCalledTimes(60);
  });

  it("keeps fewer checkpoints of what is large, and at least one", async () => {
    const source = `const list = []; for (let i = 0; i < 20000; i++) list.push({ i }); list.length;`;
    const recording = recordingOf(source, 100);
    await recording.drive();
    // A checkpoint of a megabyte must be paid for by a quarter of a million units.
    expect(recording.bytes).toBeLessThan(8_000_000);
    expect(recording.goTo(recording.first).position).toBe(0);
    const small = runtime.compile(source, { step: true }).startRecording({ ...START, bytes: 0 });
    await small.drive();
    small.goTo(small.first);
    expect(small.runTo(1)?.line).toBe(1);
  });

  it("refuses options that mean nothing, and everything once it is disposed", () => {
    const program = runtime.compile("1; 2;", { step: true });
    expect(() => program.startRecording({ every: 0 })).toThrow("every must be");
    expect(() => program.startRecording({ bytes: -1 })).toThrow("bytes must be");
    expect(() => program.startRecording({ evry: 1 } as never)).toThrow("evry");
    const recording = program.startRecording();
    const fork = recording.fork();
    recording[Symbol.dispose]();
    expect(() => recording.here).toThrow("was disposed");
    expect(() => recording.goTo(0)).toThrow(StateError);
    if (fork.status !== "paused") throw new Error("not paused");
    expect(fork.resume()).toMatchObject({ status: "complete", output: 2 });
  });
});
