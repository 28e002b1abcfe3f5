import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { Decision, Runner, RunnerOptions } from "../../ts/runner/index.ts";
import { MemoryStore } from "../../ts/stores/memory.ts";
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

const CAUGHT = `const outcomes = [];
for (const name of input) {
  try { outcomes.push(await pay(name)); } catch (error) { outcomes.push(error.name + ": " + error.message); }
}
outcomes`;

function runner(tools: RunnerOptions["tools"] = { pay: { call: ledger.tool("pay"), approval: true } }): Runner {
  return runnerOn(runtime, clock, { store, tools });
}

async function held(names: readonly string[], tools?: RunnerOptions["tools"]): Promise<string> {
  const { id } = await runner(tools).start(guest(runtime, CAUGHT, ["pay"]), { inputs: { input: names } });
  await runner(tools).drive(id);
  return id;
}

/** Decides about the one call that waits, and goes on. */
async function decide(id: string, decision: Decision, tools?: RunnerOptions["tools"]): Promise<void> {
  const [call, ...others] = await runner(tools).pending(id);
  expect(others).toEqual([]);
  expect(await runner(tools).answer(id, call!.callId, decision)).toMatchObject({ accepted: true });
  await runner(tools).drive(id);
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("it resolved"),
    (error: unknown) => error,
  );
}

describe("a person's decision", () => {
  it("approves, edits, responds or denies", async () => {
    const id = await held(["a", "b", "c", "d", "e"]);
    await decide(id, { approve: true });
    await decide(id, { edit: ["B"], by: "Ingrid" });
    await decide(id, { respond: new Map([["c", -0]]) });
    await decide(id, { deny: true, by: "Ingrid", reason: "too much" });
    await decide(id, { deny: true });
    const { output } = await runner().get(id);
    expect(output).toEqual([
      "a",
      "B",
      new Map([["c", -0]]),
      "DeniedError: the call pay was denied by Ingrid: too much",
      "DeniedError: the call pay was denied",
    ]);
    expect(ledger.calls.map(({ args }) => args)).toEqual([["a"], ["B"]]);
    const decided = (await runner().events(id)).filter(({ type }) => type === "decided");
    expect(decided.map((event) => "decision" in event && [event.decision, event.by, event.reason])).toEqual([
      ["approve", undefined, undefined],
      ["edit", "Ingrid", undefined],
      ["respond", undefined, undefined],
      ["deny", "Ingrid", "too much"],
      ["deny", undefined, undefined],
    ]);
  });

  it("counts once: a second one changes nothing and says so, before the run goes on and after", async () => {
    const id = await held(["a", "b"]);
    const [{ callId } = { callId: 0 }] = await runner().pending(id);
    await runner().answer(id, callId, { approve: true });
    for (const second of [{ approve: true }, { deny: true }, { respond: 1 }] as const) {
      expect(await runner().answer(id, callId, second)).toMatchObject({ accepted: false, why: "answered" });
    }
    await runner().drive(id);
    expect(await runner().answer(id, callId, { deny: true })).toMatchObject({ accepted: false, why: "answered" });
    await decide(id, { approve: true });
    expect(await runner().answer(id, callId, { deny: true })).toMatchObject({ accepted: false, why: "ended" });
    expect(await runner().get(id)).toMatchObject({ status: "done", output: ["a", "b"] });
  });

  it("is refused for a run, a call or a tenant that is not there, and for what is no decision", async () => {
    const id = await held(["a"]);
    const [{ callId } = { callId: 0 }] = await runner().pending(id);
    expect(await rejection(runner().answer("other", callId, { approve: true }))).toMatchObject({ reason: "not-found" });
    const stranger = runner().forTenant("stranger");
    expect(await rejection(stranger.answer(id, callId, { approve: true }))).toMatchObject({ reason: "not-found" });
    expect(await rejection(stranger.get(id))).toMatchObject({ reason: "not-found" });
    for (const unknown of [callId + 1, -1, 1.5, NaN, "1" as unknown as number]) {
      expect(await rejection(runner().answer(id, unknown, { approve: true }))).toMatchObject({
        reason: "unknown-call",
      });
    }
    for (const bad of [{}, { approve: false }, { approve: true, deny: true }, { edit: "x" }, { deny: 0 }]) {
      expect(await rejection(runner().answer(id, callId, bad as Decision))).toBeInstanceOf(TypeError);
    }
    // A note that is no text would be shown, and would be a part of the guest's error.
    for (const note of [{ by: {} }, { by: 5 }, { reason: ["x"] }, { reason: null }]) {
      const noted = { deny: true, ...note } as unknown as Decision;
      expect(await rejection(runner().answer(id, callId, noted))).toBeInstanceOf(TypeError);
      expect(await rejection(runner().cancel(id, note as never))).toBeInstanceOf(TypeError);
    }
    const unkept = await rejection(runner().answer(id, callId, { respond: { f: () => 1 } }));
    expect(unkept).toMatchObject({ code: "FERMATA_MARSHAL", path: "respond.f" });
    // Nothing of that was taken.
    await decide(id, { approve: true });
    expect(await runner().get(id)).toMatchObject({ status: "done", output: ["a"] });
  });

  it("cannot change a call that is being made", async () => {
    let finish = (_value: string): void => {};
    const tools = { pay: () => new Promise((resolve) => (finish = resolve)) };
    const one = runner(tools);
    const { id } = await one.start(guest(runtime, CAUGHT, ["pay"]), { inputs: { input: ["a"] } });
    const driving = one.drive(id);
    await expect.poll(async () => (await one.get(id)).calls).toMatchObject([{ state: "claimed" }]);
    const { calls } = await one.get(id);
    expect(await runner(tools).answer(id, calls[0]!.id, { deny: true })).toMatchObject({
      accepted: false,
      why: "running",
    });
    finish("made");
    expect(await driving).toMatchObject({ status: "done", output: ["made"] });
  });

  it("is taken while the run is being driven, by this runner or another, and nothing is lost", async () => {
    const source = `const [slow, asked] = await Promise.all([work(), pay("x")]); [slow, asked]`;
    for (const isOther of [false, true]) {
      let finish = (_value: string): void => {};
      const tools = {
        work: () => new Promise((resolve) => (finish = resolve)),
        pay: { call: ledger.tool("pay"), approval: true },
      };
      const one = runner(tools);
      const { id } = await one.start(guest(runtime, source, ["work", "pay"]));
      const driving = one.drive(id);
      await expect.poll(() => one.pending(id)).toHaveLength(1);
      const [call] = await one.pending(id);
      const before = ledger.calls.length;
      await (isOther ? runner(tools) : one).answer(id, call!.callId, { approve: true });
      // The same runner notices at once; another's answer is noticed at the next commit.
      if (!isOther) await expect.poll(() => ledger.calls.length).toBe(before + 1);
      finish("done");
      expect(await driving).toMatchObject({ status: "done", output: ["done", "x"] });
      expect(ledger.calls.length).toBe(before + 1);
    }
  });

  it("answers tools that only people can answer", async () => {
    const tools = { pay: {} };
    const id = await held(["a"], tools);
    const [call] = await runner(tools).pending(id);
    expect(call).toMatchObject({ why: "hold", args: ["a"] });
    const error = await rejection(runner(tools).answer(id, call!.callId, { approve: true }));
    expect(error).toMatchObject({ code: "FERMATA_RUN", message: expect.stringMatching(/respond or deny/) as string });
    await decide(id, { respond: 7 }, tools);
    expect(await runner(tools).get(id)).toMatchObject({ output: [7] });
  });

  it("is needed where the tool's rule says so, or fails", async () => {
    const approval = async (_ctx: unknown, name: unknown): Promise<boolean | string> => {
      await Promise.resolve();
      if (name === "bad") throw new Error("no rule for it");
      return name === "big" ? "it is big" : false;
    };
    const tools = { pay: { call: ledger.tool("pay"), approval } };
    const id = await held(["small", "big", "bad"], tools);
    expect(ledger.calls.map(({ args }) => args)).toEqual([["small"]]);
    expect((await runner(tools).pending(id))[0]).toMatchObject({ args: ["big"], why: "approval", reason: "it is big" });
    await decide(id, { approve: true }, tools);
    expect((await runner(tools).pending(id))[0]).toMatchObject({ reason: "the approval rule failed: no rule for it" });
    await decide(id, { deny: true }, tools);
    expect(ledger.calls.map(({ args }) => args)).toEqual([["small"], ["big"]]);
  });
});

describe("a tool in a namespace", () => {
  it("goes by its whole name, and no path leads around a tool's rules", async () => {
    const externals = { pay: { call: "async" } } as const;
    const program = runtime.compile("await pay.call(1)", { filename: "guest.js", externals });
    const ruled = runner({ pay: { call: ledger.tool("pay"), approval: true } });
    const { id } = await ruled.start(program);
    expect(await ruled.drive(id)).toMatchObject({ status: "stuck", reason: { names: ["pay.call"] } });
    expect(ledger.calls).toEqual([]);
    const named = runner({ "pay.call": { call: ledger.tool("pay.call"), approval: true } });
    await named.drive(id);
    expect(await named.pending(id)).toMatchObject([{ name: "pay.call", args: [1], why: "approval" }]);
    expect(await runner({ "pay.call": (n: number) => n + 1 }).drive(id)).toMatchObject({ status: "waiting" });
  });
});

describe("expiry", () => {
  it("of a call reaches the guest as an Error", async () => {
    const tools = { pay: { call: ledger.tool("pay"), approval: true, expiresMs: 1000 } };
    const id = await held(["a", "b"], tools);
    expect(await runner(tools).get(id)).toMatchObject({ dueAt: clock.time + 1000 });
    clock.pass(999);
    await runner(tools).wake();
    expect(await runner(tools).pending(id)).toHaveLength(1);
    clock.pass(1);
    await runner(tools).wake();
    await decide(id, { approve: true }, tools);
    expect((await runner(tools).get(id)).output).toEqual(["ExpiredError: the call pay was not answered in time", "b"]);
    expect(ledger.calls.map(({ args }) => args)).toEqual([["b"]]);
  });

  it("of a run fails what waits and all that is called later, and lets the guest end", async () => {
    const { id } = await runner().start(guest(runtime, CAUGHT, ["pay"]), {
      inputs: { input: ["a", "b"] },
      expiresAt: clock.time + 1000,
    });
    expect(await runner().drive(id)).toMatchObject({ status: "waiting", dueAt: clock.time + 1000 });
    clock.pass(1000);
    await runner().wake();
    const { status, output } = await runner().get(id);
    expect(status).toBe("done");
    expect(output).toEqual(Array(2).fill(expect.stringMatching(/^ExpiredError: the run's deadline has passed/)));
    expect(ledger.calls).toEqual([]);
    expect((await runner().events(id)).filter(({ type }) => type === "expired")).toHaveLength(1);
  });

  it("ends a run that only sleeps: there is nothing to tell it", async () => {
    const program = guest(runtime, "await new Promise((resolve) => setTimeout(resolve, 86400000)); 1", []);
    const { id } = await runner().start(program);
    await runner().drive(id);
    await runner().expire(id);
    await runner().drive(id);
    expect(await runner().get(id)).toMatchObject({
      status: "failed",
      error: { name: "ExpiredError", code: "FERMATA_RUN" },
    });
  });
});

describe("a decision that comes too late, or cannot be followed", () => {
  it("is refused after the call has waited too long, and the guest gets its Error", async () => {
    const tools = { pay: { call: ledger.tool("pay"), approval: true, expiresMs: 5000 } };
    const id = await held(["a"], tools);
    clock.pass(5001);
    const [call] = await runner(tools).pending(id);
    const late = await runner(tools).answer(id, call!.callId, { approve: true });
    expect(late).toMatchObject({ accepted: false, why: "expired" });
    await runner(tools).drive(id);
    expect(ledger.calls).toEqual([]);
    expect(JSON.stringify((await runner(tools).get(id)).output)).toMatch(/Expired/);
  });

  it("is refused after the run's deadline", async () => {
    const id = await held(["a"]);
    const [call] = await runner().pending(id);
    await runner().expire(id, clock.now() + 10);
    clock.pass(11);
    expect(await runner().answer(id, call!.callId, { respond: 1 })).toMatchObject({ accepted: false, why: "expired" });
  });

  it("is refused where nothing can make the edited call, and the call can still be answered", async () => {
    const id = await held(["a"], { pay: {} });
    const [call] = await runner({ pay: {} }).pending(id);
    await expect(runner({ pay: {} }).answer(id, call!.callId, { edit: ["b"] })).rejects.toThrow(/respond or deny/);
    await decide(id, { respond: "by hand" }, { pay: {} });
    expect((await runner({ pay: {} }).get(id)).output).toEqual(["by hand"]);
  });
});

describe("what is not a time, a rule or an option", () => {
  const work = (): number => 1;
  const program = (): ReturnType<typeof guest> => guest(runtime, CAUGHT, ["pay"]);

  it.each([NaN, new Date("nonsense"), "2027-01-01", Infinity, 1e16, -1e300])("is no deadline: %s", async (time) => {
    const id = await held(["a"]);
    await expect(runner().expire(id, time as number)).rejects.toThrow(RangeError);
    await expect(runner().wake(time as number)).rejects.toThrow(RangeError);
    const options = { inputs: { input: [] }, expiresAt: time as number };
    await expect(runner().start(program(), options)).rejects.toThrow(/expiresAt must be a valid Date/);
  });

  it.each([
    [{ tools: { pay: { call: work, approve: true } } }, /tool pay has no option "approve": did you mean "approval"/],
    [{ tools: { pay: { call: work, uncertain: "maybe" } } }, /uncertain must be/],
    [{ tools: { pay: { call: work, timeoutMs: -1 } } }, /timeoutMs must be a number from 0 up/],
    [{ tools: { pay: { call: 5 } } }, /call must be a function/],
    [{ tools: { pay: 5 } }, /must be a function, or an object with rules/],
    [{ tool: {} }, /createRunner has no option "tool"/],
    [{ keys: [] }, /keys is empty/],
    [{ callsPerRun: 0 }, /callsPerRun must be a number from 1 up/],
    [{ strikes: 0 }, /strikes must be/],
  ])("is refused by createRunner: %o", (options, message) => {
    expect(() => runnerOn(runtime, clock, { store, ...(options as Partial<RunnerOptions>) })).toThrow(message);
  });

  it.each([
    [{ expireAt: 5 }, /start has no option "expireAt": did you mean "expiresAt"/],
    [{ limits: { turnFuel: 0 } }, /limits.turnFuel must be a number from 1 up/],
    [{ limits: { foo: 1 } }, /limits has no option "foo"/],
    [{ tags: "abc" }, /tags must be an array/],
  ])("is refused by start: %o", async (options, message) => {
    await expect(runner().start(program(), options as object)).rejects.toThrow(message);
  });
});
