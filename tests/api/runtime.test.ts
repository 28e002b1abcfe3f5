// The runtime: the pool, broken machines, bytes of programs, what the package exports.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../ts/bytes/sha256.ts";
import * as fermata from "../../ts/index.ts";
import { type CompleteState, type PausedState, SnapshotError, type SuspendedState } from "../../ts/index.ts";
import type { Machine } from "../../ts/machine/machine.ts";
import { decodeProgram, encodeProgram } from "../../ts/machine/program-bytes.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

describe("the pool", () => {
  it("gives every program a clean machine, whatever ran before", async () => {
    const small = await testRuntime({ poolSize: 1 });
    const dirty = small.compile(
      "const secret = 'do not tell'; globalThis.x = [secret, new Map([[secret, 1]])]; Object.prototype.bad = secret; for (let i = 0; i < 20000; i++) x.push({ i }); console.log(secret); 1",
    );
    const probe = small.compile("[typeof x, typeof secret, ({}).bad, Object.keys(globalThis).length]");
    const clean = (probe.start() as CompleteState).output;
    for (let i = 0; i < 5; i++) {
      expect(dirty.start().stdout).toBe("do not tell\n");
      const state = probe.start() as CompleteState;
      expect(state.output).toEqual(clean);
      expect(state.stdout).toBe("");
    }
  });
  it("leaves no trace of a program in memory", async () => {
    const small = await testRuntime({ poolSize: 1 });
    const secret = "xyzzy-plugh-4711";
    small
      .compile(
        `let s = "${secret}" + input; const o = { s, t: s.toUpperCase() }; console.log(s); JSON.stringify(o).length`,
        { inputs: ["input"] },
      )
      .start({ inputs: { input: "!" } });
    const state = small.compile("await f()", { externals: ["f"] }).start() as SuspendedState & {
      readonly machine: { readonly views: { readonly u8: Uint8Array } };
    };
    const memory = Buffer.from(state.machine.views.u8);
    expect(memory.includes(secret)).toBe(false);
    expect(memory.includes(secret.toUpperCase())).toBe(false);
    state.dispose();
  });
  it("discards a machine that has trapped, and keeps working", () => {
    const state = runtime.compile("await f()", { externals: ["f"] }).start() as SuspendedState & {
      readonly machine: { setWord(name: string, value: number): void };
    };
    // A program counter that points nowhere.
    state.machine.setWord("callHead", 0xffff_fff0);
    const error = thrownBy(() => state.resume(1)) as fermata.InternalError;
    expect(error).toMatchObject({ code: "FERMATA_INTERNAL", name: "InternalError" });
    expect((runtime.compile("1 + 1").start() as CompleteState).output).toBe(2);
  });
  it("holds at the very next safepoint when the core itself is asked", () => {
    const program = runtime.compile("let n = 0; while (n < 100) n++; n", {});
    const state = program.start({ limits: { fuel: 5 } }) as PausedState & { readonly machine: Machine };
    const { exports } = state.machine;
    exports.hold();
    const held = state.resume({ fuel: 1000 }) as PausedState;
    expect(held).toMatchObject({ status: "paused", reason: "hold" });
    expect(held.usage.fuel).toBe(state.usage.fuel);
    expect((held.resume({ fuel: 1000 }) as CompleteState).output).toBe(100);
  });
  it("can be disposed of", async () => {
    const other = await testRuntime();
    other.dispose();
    expect(() => other.compile("1").start()).toThrow(/disposed/);
  });
});

describe("the bytes of a program", () => {
  const record = runtime.compile("const s = '\ud800'; f(x)", {
    filename: "a.ts",
    inputs: ["x"],
    externals: { f: "sync", g: "async" },
  }).record;
  const bytes = encodeProgram(record);

  it("come back as the same program", () => {
    const back = decodeProgram(bytes);
    expect(back.hash).toBe(record.hash);
    expect(back).toMatchObject({
      filename: "a.ts",
      source: record.source,
      inputs: ["x"],
      language: "typescript",
      isModule: false,
    });
    expect([...back.externals]).toEqual([
      ["f", "sync"],
      ["g", "async"],
    ]);
  });
  it("are refused when they are cut or changed anywhere, or say so", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(thrownBy(() => decodeProgram(bytes.slice(0, length)))).toBeInstanceOf(SnapshotError);
    }
    // A changed text makes another program; whatever else is changed must be refused, and never fail in another way.
    const failures = Array.from(bytes, (_, i) => {
      const changed = bytes.slice();
      changed[i]! ^= 1 << (i % 8);
      try {
        decodeProgram(changed);
        return undefined;
      } catch (error) {
        return error;
      }
    }).filter((error) => error !== undefined);
    expect(failures.length).toBeGreaterThan(20);
    for (const error of failures) expect(error).toBeInstanceOf(SnapshotError);
  });
  it("have a proper hash", () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const data = Uint8Array.from({ length }, (_, i) => i * 7);
      expect(sha256(data)).toBe(createHash("sha256").update(data).digest("hex"));
    }
  });
});

describe("createRuntimeFrom", () => {
  it("refuses a module that is not the core of this build", async () => {
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    await expect(fermata.createRuntimeFrom({ module: empty })).rejects.toMatchObject({ code: "FERMATA_INTERNAL" });
  });
});

describe("the package", () => {
  it("exports what the documentation names", () => {
    const names = [
      "createRuntimeFrom",
      "createResumeRuntimeFrom",
      "Runtime",
      "ResumeRuntime",
      "Program",
      "Session",
      "Snapshot",
      "CompleteState",
      "SuspendedState",
      "PausedState",
      "Recording",
      "AbortError",
      "AnswerError",
      "RunError",
      "CompileError",
      "GuestError",
      "LimitError",
      "SnapshotError",
      "MarshalError",
      "MissingExternalError",
      "MissingModuleError",
      "StateError",
      "StoreError",
      "StoreConflictError",
      "InternalError",
      "FermataError",
      "DEFAULT_LIMITS",
      "defineTools",
      "typed",
      "libraryModule",
    ];
    expect(Object.keys(fermata).sort()).toEqual(names.sort());
  });
});
