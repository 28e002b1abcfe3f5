// What a program hands to its calls is shown by hosts: over HTTP, and as JSON on the command line. It cannot keep them, however large it says
// it is and however often it shares its parts.

import { expect, test } from "vitest";
import { jsonOf } from "../../ts/cli/show.ts";
import { serveRuns } from "../../ts/hosts/serve.ts";
import { createRunner } from "../../ts/runner/index.ts";
import { MemoryStore } from "../../ts/stores/memory.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();
const runner = createRunner({ runtime, store: new MemoryStore(), tools: { ask: {} } });

async function get(path: string): Promise<{ status: number; body: unknown; length: number }> {
  const response = (await serveRuns(runner, {}, new Request(`http://h.x${path}`)))!;
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text), length: text.length };
}

async function pendingOf(argument: string): Promise<{ ms: number; length: number; args: unknown[] }> {
  const program = runtime.compile(`await ask(${argument})`, { filename: "a.js", externals: ["ask"] });
  const { id } = await runner.start(program);
  await runner.drive(id);
  const began = process.cpuUsage();
  const { status, body, length } = await get(`/runs/${id}/pending`);
  expect(status).toBe(200);
  return { ms: process.cpuUsage(began).user / 1000, length, args: (body as { args: unknown[] }[])[0]!.args };
}

test.each([
  ["parts that are shared", "(() => { let a = [1]; for (let i = 0; i < 40; i++) a = [a, a]; return a })()"],
  ["texts that are shared", "(() => { const s = 'x'.repeat(1e5); return Array(500).fill(s) })()"],
  ["an array that is almost empty", "Array(2 ** 32 - 1)"],
  ["deep nesting", "(() => { let a = [1]; for (let i = 0; i < 100000; i++) a = [a]; return a })()"],
  ["many bytes", "new Uint8Array(8e6)"],
  ["long names", "(() => { const o = {}; for (let i = 0; i < 9; i++) o['x'.repeat(1e6) + i] = o; return o })()"],
])("%s", async (_, argument) => {
  const { ms, length, args } = await pendingOf(argument);
  expect(ms).toBeLessThan(5000);
  expect(length).toBeLessThan(100e6);
  expect(args).toHaveLength(1);
  const began = process.cpuUsage();
  expect(jsonOf(args).length).toBeLessThan(5e6);
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000);
});

test("ordinary values are shown whole", async () => {
  const { args } = await pendingOf(
    "{ a: [1, , -0, NaN, 'x', null], b: 5n, c: new Map([['k', new Set([1])]]), d: new Date(0), e: new Uint8Array([1, 2]), __proto__: null }",
  );
  expect(args).toEqual([
    { a: [1, null, 0, null, "x", null], b: "5", c: [["k", [1]]], d: "1970-01-01T00:00:00.000Z", e: [1, 2] },
  ]);
  const cyclic: Record<string, unknown> = { n: 1n, f: Infinity, error: new RangeError("no") };
  cyclic["self"] = cyclic;
  cyclic["__proto__x"] = JSON.parse('{"__proto__":{"a":1}}') as object;
  expect(JSON.parse(jsonOf(cyclic))).toEqual({
    n: "1n",
    f: "Infinity",
    error: { name: "RangeError", message: "no" },
    self: "[circular]",
    __proto__x: JSON.parse('{"__proto__":{"a":1}}') as object,
  });
});

test("a path that is no path is refused", async () => {
  expect(await get("/runs/%ff")).toMatchObject({ status: 400, body: { error: { name: "BadRequest" } } });
  expect(await serveRuns(runner, {}, new Request("http://h.x/%ff"))).toBeUndefined();
});
