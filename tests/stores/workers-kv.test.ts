import { beforeAll, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { WorkersKvPrograms, type WorkersKvLike } from "../../ts/stores/workers-kv.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

class Namespace implements WorkersKvLike {
  readonly values = new Map<string, ArrayBuffer>();

  async get(key: string): Promise<ArrayBuffer | null> {
    return this.values.get(key) ?? null;
  }

  async put(key: string, value: ArrayBuffer): Promise<void> {
    this.values.set(key, value);
  }
}

it("gives a snapshot the program to which it refers, in a runtime that never saw its source", async () => {
  const namespace = new Namespace();
  for (const program of [
    runtime.compile("const a = await ask(1); a + 1", { externals: ["ask"] }),
    runtime.compile(
      { "a.ts": 'import { b } from "./b.ts"; export default (await ask(b)) + 1', "b.ts": "export const b = 1" },
      { entry: "a.ts", externals: ["ask"] },
    ),
  ]) {
    const hash = await new WorkersKvPrograms(namespace, runtime).put(program);
    const state = program.start();
    if (state.status !== "suspended") throw new Error(state.status);
    const bytes = state.snapshot().dump({ program: "reference" });
    const other = await testRuntime();
    const found = await new WorkersKvPrograms(namespace, other).get(hash);
    expect(found?.hash).toBe(hash);
    const restored = other.load(bytes, { program: found }).restore();
    if (restored.status !== "suspended") throw new Error(restored.status);
    expect(restored.resume(41)).toMatchObject({ status: "complete" });
  }
});

it("gives nothing for what is not there, not yet, or not what its name says", async () => {
  const namespace = new Namespace();
  const programs = new WorkersKvPrograms(namespace, runtime);
  const hash = await programs.put(runtime.compile("1"));
  const other = await programs.put(runtime.compile("2"));
  expect(await programs.get("0".repeat(64))).toBeUndefined();
  const [first, second] = [...namespace.values.keys()] as [string, string];
  namespace.values.set(first, namespace.values.get(second)!);
  expect(await programs.get(hash)).toBeUndefined();
  namespace.values.set(second, namespace.values.get(second)!.slice(0, 40));
  expect(await programs.get(other)).toBeUndefined();
});
