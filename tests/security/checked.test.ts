// Programs and snapshots on the checking build, where an access outside of what may be accessed is a trap.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { State } from "../../ts/index.ts";
import { testRuntime } from "../snapshot/support.ts";

const CHECK = fileURLToPath(new URL("../../build/fermata.check.wasm", import.meta.url));
const runtime = await testRuntime(CHECK);

it("adding nothing to an array writes nowhere", () => {
  const source =
    "const a = [], b = []; [a.push(), a.push(...b), a.length, [].unshift(...b), [].splice(0, 0, ...b).length]";
  expect(runtime.compile(source, { language: "javascript" }).start()).toMatchObject({
    status: "complete",
    output: [0, 0, 0, 0, 0],
  });
});

it("a string iterator whose place is before its string has come to its end", () => {
  // As a fuzzer left it: %StringIteratorPrototype%.next read what lies before the text.
  const bytes = readFileSync(new URL("fixtures/string-iterator-before-its-string.snapshot", import.meta.url));
  let state: State = runtime.load(bytes).restore();
  for (let stop = 0; stop < 12 && state.status !== "complete"; stop++) {
    if (state.status === "paused") state = state.resume({ fuel: 300 });
    else state = state.resumeCalls(new Map(state.calls.map(({ id }) => [id, { value: undefined }])));
  }
  expect(state.usage.fuel).toBeGreaterThan(0);
});
