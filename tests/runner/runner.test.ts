import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { MemoryStore } from "../../ts/stores/memory.ts";
import { testRuntime } from "../support/runtime.ts";
import { Clock, guest, Ledger, runnerOn, START } from "./host.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

const hour = 3_600_000;

describe("a run", () => {
  it("goes through calls, an approval and a timer, and any runner on the store goes on with it", async () => {
    const clock = new Clock();
    const store = new MemoryStore();
    const ledger = new Ledger();
    const tools = {
      search: (query: string) => [`${query} 1`, `${query} 2`],
      pay: {
        call: ledger.tool("pay", (to: string, amount: number) => `${to} got ${amount}`),
        approval: (_: unknown, __: unknown, amount: unknown) => (amount as number) > 100 && "large",
      },
    };
    const runner = () => runnerOn(runtime, clock, { store, tools });
    const program = guest(
      runtime,
      `const found = await search(input.what);
       console.log("found", found.length);
       const paid = await Promise.all([pay("a", 50), pay("b", 500)]);
       await new Promise((resolve) => setTimeout(resolve, 3600000));
       ({ found, paid, now: Date.now() })`,
      ["search", "pay"],
    );
    const { id, status } = await runner().start(program, { inputs: { input: { what: "x" } }, tags: ["demo"] });
    expect(status).toBe("running");
    expect(ledger.calls).toEqual([]);

    const held = await runner().drive(id);
    expect(held).toMatchObject({ status: "waiting", dueAt: undefined, stdout: "found 2\n", tags: ["demo"] });
    expect(ledger.names).toEqual(["pay"]);
    const [pending, ...others] = await runner().pending(id);
    expect(others).toEqual([]);
    expect(pending).toMatchObject({ name: "pay", args: ["b", 500], why: "approval", reason: "large", runId: id });

    const answer = await runner().answer(id, pending!.callId, { approve: true, by: "Ingrid" });
    expect(answer).toMatchObject({ accepted: true, run: { status: "running", dueAt: clock.time } });
    expect(ledger.names).toEqual(["pay"]);
    const slept = await runner().drive(id);
    expect(slept).toMatchObject({ status: "waiting", dueAt: START + hour });
    expect(ledger.names).toEqual(["pay", "pay"]);
    expect(await runner().drive(id)).toMatchObject({ status: "waiting", updatedAt: slept.updatedAt });

    expect((await runner().wake()).runs).toEqual([]);
    clock.pass(hour);
    const woken = await runner().wake();
    expect(woken).toMatchObject({ errors: [], nextDueAt: undefined, runs: [{ id, status: "done" }] });
    const done = await runner().get(id);
    expect(done.output).toEqual({ found: ["x 1", "x 2"], paid: ["a got 50", "b got 500"], now: START + hour });
    expect(ledger.names).toEqual(["pay", "pay"]);

    const events = await runner().events(id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    const types = [
      "started claimed answered stdout asked claimed answered paused",
      "decided claimed answered paused done",
    ];
    expect(events.map(({ type }) => type).join(" ")).toBe(types.join(" "));
    expect(await runner().events(id, { after: 11 })).toEqual(events.slice(11));
  });
});
