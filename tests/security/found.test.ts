// Snapshots that a campaign of the fuzzer found: each made the core read or write where it must not, on the build before it was mended.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { InternalError, type State } from "../../ts/index.ts";
import { testRuntime } from "../snapshot/support.ts";

const FOLDER = fileURLToPath(new URL("fixtures", import.meta.url));
/** The checking build finds a wrong access that does not trap. */
const CHECK = fileURLToPath(new URL("../../build/fermata.check.wasm", import.meta.url));

let runtime: Runtime;
beforeAll(async () => {
  runtime = existsSync(CHECK) ? await testRuntime(CHECK) : await testRuntime();
});

/** Runs what the bytes hold for a while; whatever ends it must be said in words. */
function run(bytes: Uint8Array): unknown {
  const limits = { fuel: 100_000, timeMs: 5000, memoryBytes: 8 << 20 };
  try {
    let state: State = runtime.load(bytes, { limits }).restore();
    for (let i = 0; i < 20 && state.status !== "complete"; i++) {
      state =
        state.status === "paused"
          ? state.resume()
          : state.resumeCalls(new Map(state.calls.map(({ id }) => [id, { value: 1 }])));
    }
    return state.status;
  } catch (error) {
    return error;
  }
}

test.each(readdirSync(FOLDER).filter((name) => name.endsWith(".snapshot")))("%s", (name) => {
  expect(run(readFileSync(`${FOLDER}/${name}`))).not.toBeInstanceOf(InternalError);
});

test("push of nothing to an array without elements", () => {
  const source = "const a = [], none = []; [a.push(), a.push(...none), a.length, Array.prototype.push.call(a)].join()";
  expect(runtime.compile(source, { filename: "push.js" }).start()).toMatchObject({ output: "0,0,0,0" });
});
