// What goes wrong: failing tools, lost workers, missing tools, runs that break their workers, stores that cannot keep runs.

import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { RunError, StoreConflictError } from "../../ts/errors.ts";
import { createRunner, type Runner, type RunnerOptions, type RunnerTool } from "../../ts/runner/index.ts";
import { MemoryStore } from "../../ts/stores/memory.ts";
import type { SnapshotStore } from "../../ts/stores/store.ts";
import { testRuntime } from "../support/runtime.ts";
import { Clock, guest, Ledger, runnerOn } from "./host.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

let clock: Clock;
let store: MemoryStore;
let ledger: Ledger;
beforeEach(() => {
  clock = new Clock();
  store = new MemoryStore();
  ledger = new Ledger();
});

const ONE = `let out; try { out = await work(input); } catch (error) { out = error.name + ": " + error.message; } out`;

function runner(tools: RunnerOptions["tools"], more: Partial<RunnerOptions> = {}): Runner {
  return runnerOn(runtime, clock, { store, tools, leaseMs: 1000, ...more });
}

async function started(on: Runner, source = ONE, input: unknown = "x"): Promise<string> {
  const { id } = await on.start(guest(runtime, source, ["work"]), { inputs: { input } });
  return id;
}

describe("a tool that fails", () => {
  it("is tried again after growing delays, with one key, and the guest sees one call", async () => {
    let failures = 3;
    const work: RunnerTool = {
      call: ledger.tool("work", () => {
        if (failures-- > 0) throw new Error("busy");
        return "made";
      }),
      retry: { attempts: 4, delayMs: 1000, factor: 3, maxDelayMs: 5000, jitter: 0 },
    };
    const on = runner({ work });
    const id = await started(on);
    for (const delay of [1000, 3000, 5000]) {
      expect(await on.drive(id)).toMatchObject({ status: "waiting", dueAt: clock.time + delay });
      clock.pass(delay - 1);
      expect((await on.wake()).runs).toEqual([]);
      clock.pass(1);
    }
    await on.wake();
    expect(await on.get(id)).toMatchObject({ status: "done", output: "made", usage: { hostCalls: 1 } });
    expect(ledger.calls.map(({ ctx }) => ctx.attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(ledger.calls.map(({ ctx }) => ctx.idempotencyKey)).size).toBe(1);
    expect((await on.events(id)).filter(({ type }) => type === "retried")).toHaveLength(3);
  });

  it("gives the guest its last error, and is not tried again where the rule says so", async () => {
    const call = ledger.tool("work", () => {
      throw new RangeError("never");
    });
    const again = runner({ work: { call, retry: { attempts: 2, delayMs: 10, jitter: 0 } } });
    const first = await started(again);
    await again.drive(first);
    clock.pass(10);
    await again.wake();
    expect(await again.get(first)).toMatchObject({ status: "done", output: "RangeError: never" });
    expect(ledger.calls).toHaveLength(2);
    const not = runner({ work: { call, retry: { attempts: 9, retryIf: (error) => !(error instanceof RangeError) } } });
    const second = await started(not);
    expect(await not.drive(second)).toMatchObject({ status: "done", output: "RangeError: never" });
    expect(ledger.calls).toHaveLength(3);
  });

  it("spreads its attempts by chance, or by a source that is given", async () => {
    const work = { call: () => Promise.reject(new Error("no")), retry: { attempts: 2, delayMs: 1000, jitter: 0.5 } };
    const dueAfter = async (random?: () => number): Promise<number> => {
      const on = runner({ work }, { random });
      const { dueAt } = await on.drive(await started(on));
      return dueAt! - clock.time;
    };
    expect(await dueAfter(() => 0)).toBe(1000);
    expect(await dueAfter(() => 0.5)).toBe(750);
    const many = await Promise.all(Array.from({ length: 8 }, () => dueAfter()));
    for (const delay of many) expect(delay > 499 && delay <= 1000).toBe(true);
    expect(new Set(many).size).toBeGreaterThan(4);
  });

  it("is given up when its time is over, and told so", async () => {
    let signal: AbortSignal | undefined;
    const work: RunnerTool = { timeoutMs: 20, call: (ctx) => ((signal = ctx.signal), new Promise(() => {})) };
    const on = runner({ work });
    const id = await started(on);
    expect(await on.drive(id)).toMatchObject({ output: "TimeoutError: the call took longer than 20 ms" });
    expect(signal!.aborted).toBe(true);
  });

  it("whose answer cannot enter the guest is a TypeError there", async () => {
    const on = runner({ work: () => ({ f: () => 1 }) });
    const id = await started(on);
    expect((await on.drive(id)).output).toMatch(/^TypeError: the answer cannot enter the program: .*f/);
  });
});

describe("a worker that is lost in a call", () => {
  /** Leaves a call claimed by a worker that never comes back. */
  async function lost(work: RunnerTool): Promise<string> {
    const on = runner({ work: { ...work, call: () => new Promise(() => {}) } }, { owner: "lost" });
    const id = await started(on);
    void on.drive(id);
    await expect.poll(async () => (await on.get(id)).calls).toMatchObject([{ state: "claimed" }]);
    return id;
  }

  it("keeps its lease until that is over", async () => {
    const work = { call: ledger.tool("work"), uncertain: "retry" } as const;
    const id = await lost(work);
    const on = runner({ work });
    expect(await on.drive(id)).toMatchObject({ status: "running", lease: { owner: "lost", until: clock.time + 1000 } });
    expect(ledger.calls).toEqual([]);
    clock.pass(1000);
    expect(await on.drive(id)).toMatchObject({ status: "done", output: "x" });
    expect(ledger.calls.map(({ ctx }) => ctx.attempt)).toEqual([2]);
  });

  it("by policy: a person decides", async () => {
    for (const [decision, output, calls] of [
      [{ approve: true }, "x", 1],
      [{ respond: "it had run" }, "it had run", 0],
      [{ deny: true }, "DeniedError: the call work was denied", 0],
    ] as const) {
      ledger.calls.length = 0;
      const work = { call: ledger.tool("work") };
      const id = await lost(work);
      clock.pass(1000);
      const on = runner({ work });
      expect(await on.drive(id)).toMatchObject({ status: "waiting" });
      const [call] = await on.pending(id);
      expect(call).toMatchObject({ why: "uncertain", attempt: 1, args: ["x"] });
      await on.answer(id, call!.callId, decision);
      expect(await on.drive(id)).toMatchObject({ status: "done", output });
      expect(ledger.calls).toHaveLength(calls);
    }
  });

  it("by policy: the guest gets an Error", async () => {
    const work = { call: ledger.tool("work"), uncertain: "fail" } as const;
    const id = await lost(work);
    clock.pass(1000);
    const on = runner({ work });
    expect((await on.drive(id)).output).toMatch(/^UncertainCallError: .*the call may have run$/);
    expect(ledger.calls).toEqual([]);
  });

  it("is fenced off when it wakes after all: what it brings is forgotten, and its calls are told to stop", async () => {
    let finish = (_value: string): void => {};
    let signal: AbortSignal | undefined;
    const slow: RunnerTool = {
      call: (ctx) => ((signal = ctx.signal), new Promise((resolve) => (finish = resolve))),
      uncertain: "retry",
    };
    const sleeper = runner({ work: slow });
    const id = await started(sleeper);
    const sleeping = sleeper.drive(id);
    await expect.poll(() => signal).toBeDefined();
    clock.pass(1000);
    const other = runner({ work: { call: ledger.tool("work", () => "the other's"), uncertain: "retry" } });
    expect(await other.drive(id)).toMatchObject({ status: "done", output: "the other's" });
    finish("the sleeper's");
    expect(await sleeping).toMatchObject({ status: "done", output: "the other's" });
    expect(ledger.calls).toHaveLength(1);
    expect((await other.events(id)).filter(({ type }) => type === "answered" || type === "done")).toHaveLength(2);
  });

  it("makes no call if its lease was over when the claim was stored, and another has taken over", async () => {
    let sleeps = true;
    const slow = new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name !== "putMany" && name !== "put") return typeof value === "function" ? value.bind(target) : value;
        return async (...args: unknown[]) => {
          const result: unknown = await (value as (...args: unknown[]) => unknown).apply(target, args);
          if (sleeps && (await other.get(id)).calls.some(({ state }) => state === "claimed")) {
            sleeps = false;
            clock.pass(5000);
            await other.drive(id);
          }
          return result;
        };
      },
    });
    const tools = (name: string) => ({ work: { call: ledger.tool(name), uncertain: "retry" as const } });
    const other = runner(tools("second"));
    const id = await started(other);
    await runner(tools("first"), { store: slow }).drive(id);
    expect(sleeps).toBe(false);
    expect(ledger.names).toEqual(["second"]);
    expect(await other.get(id)).toMatchObject({ status: "done", output: "x" });
  });

  it("renews a lease that was over when the claim was stored, if no worker took over, and makes the call once", async () => {
    const slow = new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name !== "putMany" && name !== "put") return typeof value === "function" ? value.bind(target) : value;
        return (...args: unknown[]) => {
          clock.pass(700);
          return (value as (...args: unknown[]) => unknown).apply(target, args);
        };
      },
    });
    const first = runner({ work: { call: ledger.tool("work") } }, { store: slow, leaseMs: 600 });
    const id = await started(first);
    // Each write takes longer than the lease.
    expect(await first.drive(id)).toMatchObject({ status: "done", output: "x" });
    expect(ledger.names).toEqual(["work"]);
  });

  it("renews its lease as long as it lives", async () => {
    let finish = (_value: string): void => {};
    const store = new MemoryStore();
    const on = createRunner({
      runtime,
      store,
      leaseMs: 90,
      tools: { work: () => new Promise((resolve) => (finish = resolve)) },
    });
    const id = await started(on);
    const driving = on.drive(id);
    await new Promise((resolve) => setTimeout(resolve, 250));
    const { lease } = await on.get(id);
    expect(lease!.until).toBeGreaterThan(Date.now());
    finish("made");
    expect(await driving).toMatchObject({ status: "done", output: "made" });
  });

  it("that is told to end gives calls time, stores what they bring, and gives the lease back", async () => {
    const work: RunnerTool = {
      call: ({ signal }, how: string) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => {
            if (how === "answers") resolve("in time");
            else if (how === "fails") reject(new Error("stopped"));
          });
        }),
    };
    for (const [how, calls] of [
      ["answers", []],
      ["fails", [{ state: "waiting" }]],
      ["hangs", [{ state: "claimed" }]],
    ] as const) {
      const controller = new AbortController();
      const on = runner({ work }, { graceMs: 40 });
      const id = await started(on, ONE, how);
      const driving = on.drive(id, { signal: controller.signal });
      await expect.poll(async () => (await on.get(id)).calls).toMatchObject([{ state: "claimed" }]);
      controller.abort(new Error("shutting down"));
      const left = await driving;
      expect(left).toMatchObject({ lease: undefined, calls });
      if (how === "answers") expect(left).toMatchObject({ status: "done", output: "in time" });
      if (how === "hangs") expect(await runner({ work }).drive(id)).toMatchObject({ calls: [{ state: "waiting" }] });
    }
  });
});

describe("a run that is stuck", () => {
  it("for want of a tool goes on when the tool is back", async () => {
    const id = await started(runner({}));
    const on = runner({});
    expect(await on.drive(id)).toMatchObject({
      status: "stuck",
      reason: { kind: "missing", names: ["work"], message: "missing external function: work" },
    });
    expect((await on.list({ status: "stuck" })).runs.map((run) => run.id)).toEqual([id]);
    const before = await on.get(id);
    expect(await on.drive(id)).toEqual(before);
    const mended = runner({ work: () => "back" });
    clock.pass(60_000);
    expect(await mended.wake()).toMatchObject({ runs: [{ id, status: "done" }] });
    expect(await mended.get(id)).toMatchObject({ output: "back", reason: undefined });
    expect((await mended.list({ status: "stuck" })).runs).toEqual([]);
  });

  it("lets its other calls be answered first", async () => {
    const source = `const [a, b] = await Promise.all([work("a"), gone("b")]); a + b`;
    const program = guest(runtime, source, ["work", "gone"]);
    const on = runner({ work: ledger.tool("work", () => "a") as never });
    const { id } = await on.start(program);
    expect(await on.drive(id)).toMatchObject({ status: "stuck", calls: [{ name: "gone" }] });
    expect(await runner({ work: () => "A", gone: () => "B" }).drive(id)).toMatchObject({
      status: "done",
      output: "aB",
    });
  });

  it("because it ended its workers is kept with the reason, and goes on when told to", async () => {
    const id = await started(runner({}));
    // Each worker takes the lease and is never heard of again.
    const dying = (): SnapshotStore => {
      let puts = 0;
      const die = (): Promise<never> => new Promise(() => {});
      return {
        conditional: true,
        get: (key) => store.get(key),
        list: (prefix, options) => store.list(prefix, options),
        delete: (key, options) => store.delete(key, options),
        put: (key, bytes, options) => (puts > 0 ? die() : store.put(key, bytes, options)),
        putMany: (writes) => (puts++ > 0 ? die() : store.putMany(writes)),
      };
    };
    for (let i = 0; i < 3; i++) {
      void createRunner({ runtime, store: dying(), now: clock.now, leaseMs: 1000, tools: { work: () => 1 } }).drive(id);
      await new Promise((resolve) => setTimeout(resolve, 30));
      clock.pass(1000);
    }
    const on = runner({ work: () => "made" }, { strikes: 3 });
    await on.wake();
    expect(await on.get(id)).toMatchObject({
      status: "stuck",
      reason: { kind: "poison", message: "3 turns without progress: its workers ended without a word" },
    });
    clock.pass(86_400_000);
    expect(await on.wake()).toMatchObject({ runs: [], errors: [] });
    expect(await on.drive(id, { force: true })).toMatchObject({ status: "done", output: "made" });
  });

  it("because its snapshot cannot be used any more is tried again with growing delays, then kept", async () => {
    const work = { approval: true, call: ledger.tool("work") };
    const id = await started(runner({ work }));
    const broken = Object.assign(Object.create(runtime) as Runtime, {
      load: () => {
        throw new RunError("version", "a snapshot of tomorrow");
      },
    });
    const on = runnerOn(broken, clock, { store, tools: { work }, strikes: 3 });
    const delays: number[] = [];
    for (let i = 0; i < 3; i++) {
      const { status, dueAt } = await on.drive(id);
      if (status !== "waiting") break;
      delays.push(dueAt! - clock.time);
      clock.time = dueAt!;
    }
    expect(delays).toEqual([2000, 4000]);
    expect(await on.get(id)).toMatchObject({
      status: "stuck",
      reason: { kind: "poison", message: "3 turns without progress: RunError: a snapshot of tomorrow" },
    });
  });

  it("does not keep others from their turn", async () => {
    const on = runner({ work: () => "made" });
    const bad = await started(on);
    const good = await started(on);
    const key = `fermata/r/default/${bad}`;
    const { bytes } = (await store.get(key))!;
    bytes[bytes.length - 1]! ^= 1;
    bytes[bytes.length - 200]! ^= 1;
    await store.put(key, bytes.slice(0, 40));
    const report = await on.wake();
    expect(report.runs.map(({ id }) => id)).toEqual([good]);
    expect(report.errors).toMatchObject([{ id: bad, error: { code: "FERMATA_RUN", reason: "damaged" } }]);
    expect(await on.list()).toMatchObject({ runs: [{ id: good }], damaged: [{ id: bad }] });
  });
});

describe("a store without compare-and-set", () => {
  it("is refused, whether it says so or not", async () => {
    expect(() => createRunner({ runtime, store: {} as SnapshotStore })).toThrow(/has no get/);
    const saysSo = Object.assign(new MemoryStore(), { conditional: false as boolean }) as SnapshotStore;
    expect(() => createRunner({ runtime, store: saysSo })).toThrow(/no compare-and-set/);
    const silent: SnapshotStore = {
      get: (key) => store.get(key),
      put: (key, bytes) => store.put(key, bytes),
      delete: (key) => store.delete(key),
      list: (prefix) => store.list(prefix),
    };
    await expect(started(createRunner({ runtime, store: silent }))).rejects.toThrow(/no compare-and-set/);
    expect(await store.list()).toEqual([]);
    const half: SnapshotStore = {
      ...silent,
      put: (key, bytes, { ifVersion } = {}) =>
        ifVersion === null ? store.put(key, bytes, { ifVersion }) : store.put(key, bytes),
    };
    await expect(started(createRunner({ runtime, store: half }))).rejects.toThrow(/no compare-and-set/);
    const good: SnapshotStore = { ...silent, put: (key, bytes, options) => store.put(key, bytes, options) };
    const id = await started(createRunner({ runtime, store: good, tools: { work: () => 1 } }));
    expect(await createRunner({ runtime, store: good, tools: { work: () => 1 } }).drive(id)).toMatchObject({
      output: 1,
    });
    await expect(good.put("x", new Uint8Array(), { ifVersion: "no" })).rejects.toThrow(StoreConflictError);
  });
});
