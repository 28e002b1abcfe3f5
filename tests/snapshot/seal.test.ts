// Sealed snapshots: only who has the key reads, changes or makes them.

import { beforeAll, describe, expect, it } from "vitest";
import { SnapshotError, type SuspendedState } from "../../ts/index.ts";
import type { Runtime } from "../../ts/vm/runtime.ts";
import { testRuntime } from "./support.ts";

const key = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
const other = Uint8Array.from({ length: 32 }, (_, i) => i * 5 + 1);

let runtime: Runtime;
let state: SuspendedState;
beforeAll(async () => {
  runtime = await testRuntime();
  const program = runtime.compile(`const secret = "the word is fermata"; await ask(1) + secret.length`, {
    filename: "secret.js",
    externals: ["ask"],
  });
  state = program.start({ seed: 1, now: 0 }) as SuspendedState;
});

function reasonOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SnapshotError) return error.reason;
    throw error;
  }
  return "accepted";
}

describe("a sealed snapshot", () => {
  it("goes on for who has the key, among others or alone", () => {
    const bytes = state.snapshot().dump({ key });
    expect(runtime.load(bytes, { keys: key }).resume(2)).toMatchObject({ status: "complete", output: 21 });
    expect(runtime.load(bytes, { keys: [other, key] }).resume(3)).toMatchObject({ output: 22 });
  });

  it("is refused without the key, with another one, and unsealed where a key is asked for", () => {
    const bytes = state.snapshot().dump({ key });
    expect(reasonOf(() => runtime.load(bytes))).toBe("key");
    expect(reasonOf(() => runtime.load(bytes, { keys: other }))).toBe("key");
    expect(reasonOf(() => runtime.load(bytes, { keys: [] }))).toBe("key");
    expect(reasonOf(() => runtime.load(state.snapshot().dump(), { keys: key }))).toBe("key");
  });

  it("is refused with any bit changed, and cut anywhere", () => {
    const bytes = state.snapshot().dump({ key });
    for (let at = 0; at < bytes.length; at++) {
      const altered = bytes.slice();
      altered[at]! ^= 1 << (at % 8);
      expect(["key", "unsupported-version"], `bit at ${at}`).toContain(
        reasonOf(() => runtime.load(altered, { keys: key })),
      );
      expect(["key", "truncated"], `cut at ${at}`).toContain(
        reasonOf(() => runtime.load(bytes.subarray(0, at), { keys: key })),
      );
    }
  });

  it("shows nothing of the program, and is the same for equal states", () => {
    const bytes = state.snapshot().dump({ key, level: 0, elapsed: false });
    const text = Buffer.from(bytes).toString("latin1");
    expect(text).not.toContain("fermata");
    expect(Buffer.from(state.snapshot().dump({ level: 0 })).toString("latin1")).toContain("fermata");
    expect(Buffer.from(state.snapshot().dump({ key, level: 0, elapsed: false })).equals(Buffer.from(bytes))).toBe(true);
    expect(
      Buffer.from(state.snapshot().dump({ key: other, level: 0, elapsed: false })).equals(Buffer.from(bytes)),
    ).toBe(false);
  });

  it("takes keys of 32 bytes only", () => {
    for (const bad of [new Uint8Array(16), "secret", null, [1, 2]]) {
      expect(() => state.snapshot().dump({ key: bad as Uint8Array })).toThrow(TypeError);
      expect(() => runtime.load(state.snapshot().dump(), { keys: bad as Uint8Array })).toThrow(TypeError);
    }
  });
});
