// A library that comes into a realm in which a guest has run uses what the guest has put there. What that takes is the guest's: its fuel, its
// time, its limits.

import { beforeAll, expect, test } from "vitest";
import { type Library, LimitError } from "../../ts/index.ts";
import type { Runtime } from "../../ts/api/runtime.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  const bare = await testRuntime();
  const library: Library = bare.compileLibrary({
    name: "test/doubles",
    version: "1.0.0",
    script: "globalThis.doubles = [1, 2, 3].map((n) => 2 * n);",
  });
  runtime = await testRuntime({ libraries: [library] });
});

const ENDLESS = "Array.prototype.map = function () { for (;;); };";
const LONG = "Array.prototype.map = function () { for (let i = 0; i < 300000; i++); return [i => i]; };";

test.each([
  ["time", { timeMs: 30 }, "timeMs"],
  ["fuel", { fuel: 20_000, onFuel: "fail" }, "fuel"],
] as const)("%s of the run ends it", async (_, limits, name) => {
  const session = runtime.session({ limits });
  await session.run(ENDLESS);
  const error: unknown = await session.run("doubles").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LimitError);
  expect((error as LimitError).limit).toBe(name);
  if (name === "fuel") expect((error as LimitError).allowed).toBe(20_000);
  // The session is as usable as after any other limit.
  expect((await session.run("1 + 1")).output).toBe(2);
});

test("it is counted, and the same in every run", async () => {
  const used = async (): Promise<number> => {
    const session = runtime.session({ seed: 1, now: 0 });
    await session.run(LONG);
    const { usage } = await session.run("doubles.length");
    return usage.fuel;
  };
  const fuel = await used();
  expect(fuel).toBeGreaterThan(300_000);
  expect(await used()).toBe(fuel);
});

test("it uses up the fuel of a run that pauses", async () => {
  const session = runtime.session({ limits: { fuel: 1000 } });
  await session.run(LONG);
  expect(session.start("doubles.length").status).toBe("paused");
});

test("one that fails leaves nothing, and can come later", async () => {
  const session = runtime.session({ limits: { fuel: 1e6, onFuel: "fail" } });
  await session.run("const { map } = Array.prototype; Array.prototype.map = () => { globalThis.left = 1; throw 5; };");
  for (let times = 0; times < 2; times++) {
    const error: unknown = await session.run("doubles").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "GuestError", message: expect.stringContaining("test/doubles") });
  }
  expect((await session.run("Array.prototype.map = map; typeof left")).output).toBe("undefined");
  expect((await session.run("doubles")).output).toEqual([2, 4, 6]);
  const copy = runtime.session({ from: runtime.load(session.snapshot().dump()) });
  expect((await copy.run("doubles.length")).output).toBe(3);
});

test("a module that the guest asks for pays, too", async () => {
  const program = runtime.compile(`${ENDLESS} await import("./other.js")`, { filename: "a.js" });
  const loader = () => "export default doubles;";
  const error: unknown = await program.run({ loader, limits: { timeMs: 30 } }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LimitError);
  expect((error as LimitError).limit).toBe("timeMs");
});
