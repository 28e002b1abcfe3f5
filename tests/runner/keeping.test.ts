// How runs are kept: sealed, found again, bounded in size and in what they may use.

import * as fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { Runner, RunnerOptions, RunnerTool } from "../../ts/runner/index.ts";
import { decodeValue, encodeValue } from "../../ts/runner/values.ts";
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
beforeEach(() => {
  clock = new Clock();
  store = new MemoryStore();
});

const text = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
const key = (id: string, fill: number) => ({ id, key: new Uint8Array(32).fill(fill) });
const ASK = `const secret = "sesame"; console.log(secret); secret + (await ask(secret))`;

function runner(more: Partial<RunnerOptions> = {}): Runner {
  return runnerOn(runtime, clock, { store, tools: { ask: {} }, ...more });
}

async function held(on: Runner, id?: string, tags?: readonly string[]): Promise<string> {
  const run = await on.start(guest(runtime, ASK, ["ask"]), { id, tags });
  await on.drive(run.id);
  return run.id;
}

async function finish(on: Runner, id: string): Promise<unknown> {
  for (const { callId } of await on.pending(id)) await on.answer(id, callId, { respond: "!" });
  return (await on.drive(id)).output;
}

describe("a sealed record", () => {
  it("shows ids, status, tags and times, and nothing else", async () => {
    const on = runner({ keys: [key("k1", 1)] });
    const id = await held(on, "run-1", ["blue"]);
    const all = await Promise.all((await store.list()).map(async (one) => one + text((await store.get(one))!.bytes)));
    expect(all.join()).toMatch(/run-1.*waiting.*blue/s);
    expect(all.join()).not.toMatch(/sesame|guest\.js|ask/);
    expect(await finish(on, id)).toBe("sesame!");
    const open = await held(runner({ prefix: "open/" }));
    expect(text((await store.get(`open/r/default/${open}`))!.bytes)).toMatch(/sesame/);
  });

  it("opens with the old key after a rotation, and is sealed anew as the run goes on", async () => {
    const id = await held(runner({ keys: [key("old", 1)] }));
    const both = runner({ keys: [key("new", 2), key("old", 1)] });
    expect(await both.pending(id)).toHaveLength(1);
    const onlyNew = runner({ keys: [key("new", 2)] });
    await expect(onlyNew.get(id)).rejects.toMatchObject({
      reason: "key",
      message: expect.stringMatching(/"old"/) as string,
    });
    await both.answer(id, (await both.pending(id))[0]!.callId, { respond: "!" });
    expect(await onlyNew.drive(id)).toMatchObject({ output: "sesame!" });
    expect((await onlyNew.events(id)).length).toBeGreaterThan(4);
  });

  it("is refused if it is another's, was changed, or has no seal", async () => {
    const on = runner({ keys: [key("k", 1)] });
    const id = await held(on, "mine");
    const place = "fermata/r/default/mine";
    const { bytes } = (await store.get(place))!;
    const damaged = { code: "FERMATA_RUN", reason: "damaged" };
    // Another tenant's, under the same id, by copying the entry.
    await store.put("fermata/r/stranger/mine", bytes);
    await expect(on.forTenant("stranger").get("mine")).rejects.toMatchObject(damaged);
    await expect(on.forTenant("stranger").drive("mine")).rejects.toMatchObject(damaged);
    // Another run of the same tenant.
    await store.put("fermata/r/default/other", bytes);
    await expect(on.get("other")).rejects.toMatchObject(damaged);
    // Each byte of the clear part is covered by the seal, as is the rest.
    const spread = Array.from({ length: 60 }, (_, i) => Math.floor((i * (bytes.length - 1)) / 59));
    for (const at of spread) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      await store.put(place, changed);
      await expect(on.get(id), `byte ${at}`).rejects.toMatchObject({ code: "FERMATA_RUN" });
    }
    for (const length of [0, 3, 7, 8, 20, bytes.length - 1]) {
      await store.put(place, bytes.slice(0, length));
      await expect(on.get(id), `${length} bytes`).rejects.toMatchObject(damaged);
    }
    // Unsealed, as an attacker without the key would write it.
    const forged = new MemoryStore();
    await held(runnerOn(runtime, clock, { store: forged, tools: { ask: {} } }), "mine");
    await store.put(place, (await forged.get(place))!.bytes);
    await expect(on.get(id)).rejects.toMatchObject({
      ...damaged,
      message: expect.stringMatching(/not sealed/) as string,
    });
    await store.put(place, bytes);
    expect(await finish(on, id)).toBe("sesame!");
  });
});

describe("finding runs", () => {
  it("by status, tag and due time, a page at a time, each once, for one tenant only", async () => {
    const on = runner();
    const sleeper = guest(runtime, "await new Promise((resolve) => setTimeout(resolve, input)); 1", []);
    for (let i = 0; i < 7; i++) await held(on, `asks-${i}`, i % 2 === 0 ? ["even", "a/b c"] : ["odd"]);
    for (let i = 0; i < 5; i++) {
      await on.start(sleeper, { id: `sleeps-${i}`, inputs: { input: 1000 * (5 - i) } });
      await on.drive(`sleeps-${i}`);
    }
    await held(on.forTenant("other"), "asks-0", ["even"]);
    const all = async (options: Parameters<Runner["list"]>[0]): Promise<string[]> => {
      const ids: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await on.list({ ...options, limit: 2, cursor });
        expect(page.runs.length).toBeLessThanOrEqual(2);
        ids.push(...page.runs.map(({ id }) => id));
        if (page.cursor === undefined) return ids;
        cursor = page.cursor;
      }
    };
    expect(await all({})).toHaveLength(12);
    expect(await all({ tag: "even" })).toEqual(["asks-0", "asks-2", "asks-4", "asks-6"]);
    expect(await all({ tag: "a/b c" })).toHaveLength(4);
    expect(await all({ dueBefore: clock.time + 3001 })).toEqual(["sleeps-4", "sleeps-3", "sleeps-2"]);
    expect(await all({ status: "waiting" })).toHaveLength(12);
    await finish(on, "asks-2");
    expect(await all({ status: "done" })).toEqual(["asks-2"]);
    expect(await all({ status: "waiting", tag: "even" })).toEqual(["asks-0", "asks-4", "asks-6"]);
    expect((await on.forTenant("other").list()).runs.map(({ id, tenant }) => [id, tenant])).toEqual([
      ["asks-0", "other"],
    ]);
    await expect(on.list({ limit: 0 })).rejects.toThrow(RangeError);
  });

  it("wakes those that are due, in order, and reads no others", async () => {
    const program = guest(runtime, "await new Promise((resolve) => setTimeout(resolve, input)); 1", []);
    const on = runner();
    for (let i = 0; i < 30; i++) {
      await on.start(program, { id: `r${i}`, inputs: { input: (i + 1) * 1000 } });
      await on.drive(`r${i}`);
    }
    const read: string[] = [];
    const watched: SnapshotStore = Object.assign(Object.create(store) as SnapshotStore, {
      conditional: true,
      get: (one: string) => (read.push(one), store.get(one)),
      put: store.put.bind(store),
      list: store.list.bind(store),
      delete: store.delete.bind(store),
      putMany: store.putMany.bind(store),
    });
    clock.pass(9500);
    const report = await runner({ store: watched }).wake(undefined, { concurrency: 1 });
    expect(report.runs.map(({ id }) => id)).toEqual(["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"]);
    expect(report.nextDueAt).toBe(clock.time + 500);
    const records = new Set(read.filter((one) => one.startsWith("fermata/r/")));
    expect([...records].map((one) => one.split("/r").at(-1)).sort()).toEqual([
      "0",
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
      "8",
    ]);
  });

  it("refuses names that could reach into other keys", async () => {
    const on = runner();
    for (const id of ["", "a/b", "../x", "x".repeat(129), "é", 7 as unknown as string]) {
      await expect(on.get(id)).rejects.toMatchObject({ reason: "name" });
      await expect(on.start(guest(runtime, "1", []), { id })).rejects.toMatchObject({ reason: "name" });
      expect(() => on.forTenant(id)).toThrow(/a tenant has 1 to 128/);
    }
  });
});

describe("the life of a run", () => {
  it("is started once under an id, however often it is asked for", async () => {
    const on = runner();
    const program = guest(runtime, ASK, ["ask"]);
    const views = await Promise.all(Array.from({ length: 4 }, () => runner().start(program, { id: "one" })));
    expect(new Set(views.map(({ createdAt, id }) => `${id} ${createdAt}`)).size).toBe(1);
    await on.drive("one");
    expect(await on.start(program, { id: "one" })).toMatchObject({ status: "waiting" });
    expect(await on.pending("one")).toHaveLength(1);
  });

  it("ends where it is when canceled, also while a call is made", async () => {
    let signal: AbortSignal | undefined;
    const ask: RunnerTool = { call: (ctx) => ((signal = ctx.signal), new Promise(() => {})) };
    const on = runner({ tools: { ask } });
    const { id } = await on.start(guest(runtime, ASK, ["ask"]));
    const driving = on.drive(id);
    await expect.poll(() => signal).toBeDefined();
    await on.cancel(id, { by: "Ingrid", reason: "enough" });
    expect(await driving).toMatchObject({ status: "canceled", calls: [], lease: undefined });
    expect(signal!.aborted).toBe(true);
    expect((await on.events(id)).at(-1)).toMatchObject({ type: "canceled", by: "Ingrid", reason: "enough" });
    expect(await on.drive(id)).toMatchObject({ status: "canceled" });
    expect(await on.expire(id)).toMatchObject({ status: "canceled" });
  });

  it("leaves nothing behind when deleted, which an active run refuses", async () => {
    const on = runner();
    const id = await held(on, "x", ["t"]);
    await expect(on.delete(id)).rejects.toMatchObject({ reason: "active" });
    await on.cancel(id);
    await on.delete(id);
    await on.delete(id);
    expect(await store.list()).toEqual([]);
    await expect(on.get(id)).rejects.toMatchObject({ reason: "not-found" });
  });

  it("forks: both go on, with calls of their own", async () => {
    const ledger = new Ledger();
    const tools = { ask: {}, send: ledger.tool("send") as never, pay: { call: ledger.tool("pay"), approval: true } };
    const source = `const answer = await ask(); const paid = await pay(answer); paid + 1`;
    const on = runner({ tools });
    const { id } = await on.start(guest(runtime, source, ["ask", "pay"]));
    await on.drive(id);
    const fork = await on.fork(id);
    expect(fork).toMatchObject({ forkOf: id, status: "running" });
    for (const [run, value] of [
      [id, 10],
      [fork.id, 20],
    ] as const) {
      await on.answer(run, (await on.pending(run))[0]!.callId, { respond: value });
      await on.drive(run);
      await on.answer(run, (await on.pending(run))[0]!.callId, { approve: true });
      expect((await on.drive(run)).output).toBe(value + 1);
    }
    expect(new Set(ledger.calls.map(({ ctx }) => ctx.idempotencyKey)).size).toBe(2);
    expect((await on.events(fork.id))[0]).toMatchObject({ type: "started", forkOf: id, seq: 1 });
    await expect(on.fork(id)).rejects.toMatchObject({ reason: "ended" });
  });

  it("is described without running: the line that awaits an approval, and its variables", async () => {
    const ledger = new Ledger();
    const on = runner({
      tools: { find: async () => ({ amount: 420 }), pay: { call: ledger.tool("pay"), approval: true } },
    });
    const source = `const invoice = await find();\nconst note = "for " + invoice.amount;\nawait pay(note);\nnote + "!"`;
    const { id } = await on.start(guest(runtime, source, ["find", "pay"]));
    await on.drive(id);
    const { snapshot } = await on.inspect(id);
    const [awaiting] = snapshot!.suspended!;
    expect(awaiting).toMatchObject({ filename: "guest.js", line: 3, call: snapshot!.calls[0]!.id });
    expect(awaiting!.scopes![0]!.variables).toMatchObject([{ name: "note", value: { text: '"for 420"' } }]);
    expect(ledger.calls).toEqual([]);
  });

  it("is described without running: age, program, arguments, source line", async () => {
    const on = runner();
    const id = await held(on);
    clock.pass(5000);
    const { ageMs, snapshot, run } = await on.inspect(id);
    expect([ageMs, run.status, snapshot?.status]).toEqual([5000, "waiting", "suspended"]);
    expect(snapshot?.programs).toMatchObject([{ filename: "guest.js", source: ASK }]);
    expect(snapshot?.calls).toMatchObject([{ name: "ask", args: ["sesame"] }]);
    expect(run.updatedAt).toBe((await on.get(id)).updatedAt);
  });

  it("keeps what a failed guest said", async () => {
    const on = runner();
    const program = guest(runtime, `console.log("so far");\nawait ask();\nnull.x`, ["ask"]);
    const { id } = await on.start(program);
    await on.drive(id);
    await finish(on, id);
    const { status, error, stdout } = await on.get(id);
    expect([status, stdout]).toEqual(["failed", "so far\n"]);
    expect(error).toMatchObject({ code: "FERMATA_GUEST", name: "TypeError", filename: "guest.js", line: 3 });
    const atOnce = await on.start(guest(runtime, "throw new RangeError('no')", []));
    expect(atOnce).toMatchObject({ status: "failed", error: { name: "RangeError", message: "no" } });
    const unkept = await on.start(guest(runtime, "() => 1", []));
    expect(unkept).toMatchObject({ status: "failed", error: { code: "FERMATA_MARSHAL" } });
  });
});

describe("what a run may use", () => {
  const LOOP = `let n = 0; for (let i = 0; i < input; i++) n += i; await ask(); for (let i = 0; i < input; i++) n += i; n`;

  it("is counted over its whole life, and spent in turns", async () => {
    const on = runner({ tools: { ask: () => 1 } });
    const limits = { fuel: 1_000_000, turnFuel: 50_000 };
    const enough = await on.start(guest(runtime, LOOP, ["ask"]), { inputs: { input: 100_000 }, limits });
    expect(enough.status).toBe("running");
    expect(enough.usage.fuel).toBeLessThan(60_000);
    const done = await on.drive(enough.id);
    expect(done).toMatchObject({ status: "done", output: 9_999_900_000 });
    expect(done.usage.fuel).toBeGreaterThan(200_000);
    const tooMuch = await on.start(guest(runtime, LOOP, ["ask"]), { inputs: { input: 600_000 }, limits });
    const failed = await on.drive(tooMuch.id);
    expect(failed).toMatchObject({ status: "failed", error: { code: "FERMATA_LIMIT", name: "LimitError" } });
    expect(failed.error!.message).toMatch(/fuel \(allowed 1000000/);
    expect(failed.usage.fuel).toBeLessThan(1_100_000);
    expect(failed.usage.hostCalls).toBe(1);
  });

  it("is the same after any number of holds: calls", async () => {
    const on = runner({ tools: { ask: () => 1 } });
    const source = `let n = 0; for (;;) n += await ask();`;
    const { id } = await on.start(guest(runtime, source, ["ask"]), { limits: { hostCalls: 5 } });
    expect(await on.drive(id)).toMatchObject({ status: "failed", usage: { hostCalls: 5 } });
  });

  it("caps calls in flight for a run and for a tenant", async () => {
    let now = 0;
    let most = 0;
    const ask = async (): Promise<number> => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      return 1;
    };
    const program = guest(runtime, `(await Promise.all(Array.from({ length: 12 }, () => ask()))).length`, ["ask"]);
    const drive = async (more: Partial<RunnerOptions>, runs: number): Promise<number> => {
      most = 0;
      const on = runner({ tools: { ask }, ...more });
      const ids = await Promise.all(Array.from({ length: runs }, async () => (await on.start(program)).id));
      for (const { status, output } of await Promise.all(ids.map((id) => on.drive(id)))) {
        expect([status, output]).toEqual(["done", 12]);
      }
      return most;
    };
    expect(await drive({ callsPerRun: 3 }, 1)).toBe(3);
    expect(await drive({ callsPerTenant: 5 }, 3)).toBe(5);
    expect(await drive({}, 1)).toBe(12);
  });

  it("does not grow with its history: a thousand calls, one after the other", { timeout: 60_000 }, async () => {
    const on = runner({ tools: { ask: () => 1 } });
    const sizes: number[] = [];
    const watched: SnapshotStore = Object.assign(Object.create(store) as SnapshotStore, {
      get: store.get.bind(store),
      list: store.list.bind(store),
      putMany: store.putMany.bind(store),
      put: (one: string, bytes: Uint8Array, options: object) => {
        if (one.includes("/r/")) sizes.push(bytes.length);
        return store.put(one, bytes, options);
      },
    });
    const { id } = await on.start(
      guest(runtime, `let n = 0; for (let i = 0; i < 1000; i++) n += await ask(i); n`, ["ask"]),
    );
    const done = await runner({ store: watched, tools: { ask: () => 1 } }).drive(id);
    expect(done).toMatchObject({ status: "done", output: 1000 });
    expect(sizes.length).toBeGreaterThan(990);
    const [early, late] = [Math.max(...sizes.slice(40, 140)), Math.max(...sizes.slice(-100))];
    expect(late).toBeLessThan(early * 1.1);
    const events = await on.events(id);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 2002 }, (_, i) => i + 1));
    expect(await on.events(id, { after: 1500 })).toEqual(events.slice(1500));
  });
});

describe("kept values", () => {
  it("come back as they were", () => {
    const cyclic: Record<string, unknown> = {
      date: new Date(0),
      regexp: /a/gi,
      none: undefined,
      list: Object.assign(Array<unknown>(3), { 0: 1, 2: 3 }),
    };
    cyclic["self"] = cyclic;
    cyclic["map"] = new Map<unknown, unknown>([[cyclic, new Set([1n, -0, NaN])]]);
    const back = decodeValue(encodeValue(cyclic)) as typeof cyclic;
    expect(back).toEqual(cyclic);
    expect(back["self"]).toBe(back);
    expect([...(back["map"] as Map<unknown, unknown>).keys()][0]).toBe(back);
    expect(1 in (back["list"] as unknown[])).toBe(false);
    const error = decodeValue(encodeValue(new RangeError("x", { cause: [1] }))) as Error;
    expect([error.name, error.message, error.cause]).toEqual(["RangeError", "x", [1]]);
    for (const bytes of [
      Uint8Array.of(1, 2),
      Float64Array.of(NaN, 1),
      new DataView(new ArrayBuffer(3)),
      new ArrayBuffer(2),
    ]) {
      expect(decodeValue(encodeValue(bytes))).toEqual(bytes);
    }
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(encodeValue(decodeValue(encodeValue(deep)))).toBe(encodeValue(deep));
    for (const bad of [() => 1, Symbol("x"), { a: [Symbol.iterator] }, new URL("https://x.test")]) {
      expect(() => encodeValue(bad)).toThrow(/cannot be kept in a run/);
    }
  });

  it("come back as they were, whatever they are", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expect(decodeValue(encodeValue(value))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });
});
