// A machine that a snapshot came into is given to somebody else later: nothing may be left of it, wherever it has written.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Core } from "../../ts/machine/core.ts";
import { WASM } from "./support.ts";

it("is as good as new when it is reset, below the heap, too", () => {
  const core = new Core(new WebAssembly.Module(readFileSync(WASM)));
  const fresh = core.create();
  const machine = core.create();
  machine.exports.memory.grow(3);
  machine.views.u8.fill(0xa5);
  machine.isSuspect = true;
  core.reset(machine);
  const { u8 } = machine.views;
  expect(Buffer.compare(u8.subarray(0, fresh.memoryBytes), fresh.views.u8)).toBe(0);
  expect(u8.subarray(fresh.memoryBytes).every((byte) => byte === 0)).toBe(true);
  expect(machine.isSuspect).toBe(false);
});
