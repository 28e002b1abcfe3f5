// Nothing of another tenant: a machine that is used again holds no byte of what ran in it before, wherever in its memory that was.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRuntimeFrom, type Runtime } from "../../ts/api/runtime.ts";
import type { State, SuspendedState } from "../../ts/index.ts";
import { Core } from "../../ts/machine/core.ts";
import type { Machine } from "../../ts/machine/machine.ts";
import { WASM } from "../support/runtime.ts";

const module = new WebAssembly.Module(readFileSync(WASM));
const reset = Core.prototype.reset;

/** What every byte of every machine of these tests held is compared with. */
const pristine = new Core(module).create().views.u8;
/** Where machines were not as good as new when they were given back. */
let remains: number[] = [];
let resets = 0;

function remainsIn({ views: { u8 } }: Machine): number[] {
  const known = Buffer.compare(u8.subarray(0, pristine.length), pristine) === 0;
  const found: number[] = [];
  for (let i = known ? pristine.length : 0; i < u8.length && found.length < 20; i++)
    if (u8[i] !== (pristine[i] ?? 0)) found.push(i);
  return found;
}

let runtime: Runtime;
beforeAll(async () => {
  Core.prototype.reset = function (this: Core, machine: Machine): void {
    reset.call(this, machine);
    resets++;
    remains.push(...remainsIn(machine));
  };
  runtime = await createRuntimeFrom({ module, poolSize: 1 });
});
afterAll(() => {
  Core.prototype.reset = reset;
});

const SECRET = "CANARY-of-tenant-A-";
const HELD = { externals: { ask: "sync" }, filename: "a.js" } as const;
const asked = (source: string): SuspendedState =>
  runtime.compile(source, HELD).start({ seed: 1, now: 0 }) as SuspendedState;
const run = (source: string, limits = {}): State =>
  runtime.compile(source, { filename: "a.js", allowEval: true }).start({ limits: { memoryBytes: 6e6, ...limits } });
function failing(work: () => unknown): void {
  try {
    work();
  } catch {
    // It is what is left behind that matters.
  }
}

/** A machine keeps what was written of it until it is needed for something else. */
const anotherTenant = (): void => asked("ask()").dispose();

/** Ways to fill every place that a value can come to, and every way for a machine to be given back. */
const TENANTS: Readonly<Record<string, () => unknown>> = {
  strings: () => run(`const a = []; for (let i = 0; i < 3000; i++) a.push("${SECRET}" + i); a.length`),
  collected: () =>
    run(`let a = []; for (let i = 0; i < 60000; i++) { a.push("${SECRET}" + i); if (i % 500 === 0) a = [] } 1`, {
      memoryBytes: 1.5e6,
    }),
  "typed arrays": () =>
    run(
      `const a = new Uint8Array(1e6).fill(0xca); new Float64Array(a.buffer, 0, 5000).sort(); new Uint8Array(3000).fill(7).sort(); 1`,
    ),
  stack: () => run(`function f(n, s) { return n === 0 ? s : f(n - 1, s + n) + n } f(2000, "${SECRET}").length`),
  numbers: () =>
    run(
      `let s = ""; for (let i = 1; i < 60; i++) s += (i * 1.37e300).toString(7) + (i / 7).toFixed(50) + parseFloat("1." + i) + (i * 1e-7).toPrecision(40); s.length`,
    ),
  bigints: () => run(`((3n ** 4000n) % (7n ** 900n)).toString() + BigInt("9".repeat(500)) + BigInt.asUintN(64, -1n)`),
  "regular expressions": () =>
    run(
      `/(?<${"canary"}>C[A-Z]+)-(?:o|f)+\\s*(?=x)?/g.exec("${SECRET}".repeat(500)); "${SECRET}".replace(/(?<=N)A/i, "x").split(/[a-m]/); try { new RegExp("(?<a>" + "${SECRET}") } catch {} 1`,
    ),
  normalized: () =>
    run(
      `("${SECRET}" + "e\\u0301\\u0323").repeat(900).normalize("NFC").normalize("NFKD"); "${SECRET}".localeCompare("x")`,
    ),
  json: () =>
    run(
      `JSON.stringify(JSON.parse(JSON.stringify({ "${SECRET}": ["${SECRET}\\u0007", 1.5] })), null, "${SECRET}".slice(0, 9)); JSON.rawJSON?.("1")`,
    ),
  dates: () =>
    run(
      `new Date("2020-02-03T04:05:06.789+01:00").toString() + Date.parse("Tue, 3 Feb 2020 ${SECRET}") + new Date(NaN)`,
    ),
  sorted: () =>
    run(
      `Array.from({ length: 500 }, (_, i) => "${SECRET}" + (i * 7919) % 500).sort().toSorted((a, b) => a < b ? 1 : -1).length`,
    ),
  collections: () =>
    run(
      `const m = new Map(); for (let i = 0; i < 3000; i++) m.set("${SECRET}" + i, { i }); for (const k of m.keys()) m.delete(k); new WeakRef(m); structuredClone([m]); 1`,
    ),
  output: () => run(`({ a: "${SECRET}".repeat(3000), b: ["${SECRET}", new Date(5), /x/g, new Error("${SECRET}")] })`),
  written: () =>
    run(
      `console.log("${SECRET}".repeat(900)); console.error("${SECRET}", { a: "${SECRET}" }); console.table?.([["${SECRET}"]])`,
    ),
  evaluated: () =>
    run(`eval("let ${"canary"} = '${SECRET}'; " + "canary.length"); new Function("a", "return '${SECRET}' + a")(1)`),
  generators: () => run(`function* g(s) { for (;;) yield s } const i = g("${SECRET}"); [i.next(), i.next()].length`),
  "tagged and encoded": () =>
    run(
      `encodeURIComponent("${SECRET}é") + escape("${SECRET}é") + btoa("${SECRET}") + String.raw\`${SECRET}\` + new TextEncoder().encode("${SECRET}").length`,
    ),
  thrown: () => failing(() => run(`throw new Error("${SECRET}".repeat(9), { cause: { a: "${SECRET}" } })`)),
  "thrown object": () =>
    failing(() => run(`class Canary {} throw Object.assign(new Canary(), { message: "${SECRET}" })`)),
  "failed in words": () => failing(() => run(`const canaryOfTenantA = {}; canaryOfTenantA.propertyOfTenantA.x`)),
  "limit of memory": () =>
    failing(() => run(`const a = []; for (;;) a.push("${SECRET}" + a.length)`, { memoryBytes: 1e6 })),
  "limit of fuel": () =>
    failing(() =>
      run(`for (;;) JSON.parse(JSON.stringify({ s: "${SECRET}".repeat(50) }))`, { fuel: 50_000, onFuel: "fail" }),
    ),
  "limit of time": () => failing(() => run(`for (;;) "${SECRET}".repeat(50).split("-")`, { timeMs: 5 })),
  "limit of calls": () => failing(() => asked(`ask("${SECRET}")`).resume(1, { limits: { hostCalls: 1 } })),
  "what cannot leave": () => failing(() => (run(`({ "${SECRET}": { f() {} } })`) as { output?: unknown }).output),
  "does not compile": () => failing(() => runtime.compile(`/(?<canary>${SECRET}/`, { filename: "a.js" })),
  disposed: () => asked(`const s = "${SECRET}".repeat(50); ask(s, "${SECRET}", 4.5e77); s`).dispose(),
  answered: () => asked("ask().length").resume(`${SECRET}`.repeat(3000)),
  "answered with an object": () => asked("ask().a").resume({ a: SECRET, b: [SECRET.repeat(900), 1.5e300, 7n ** 90n] }),
  "answered with an error": () => failing(() => asked("ask()").resumeError(new Error(SECRET.repeat(300)))),
  "answered with a primitive": () => asked("ask(0xcafe, 1.25e111)").resume(1.5e111),
  given: () =>
    runtime
      .compile("pin.length", { filename: "a.js", inputs: ["pin"] })
      .start({ inputs: { pin: SECRET.repeat(2000) } }),
  written_out: () => {
    const state = asked(`const s = "${SECRET}".repeat(50), t = { s, n: 1.25e111 }; ask(s); t`);
    state.snapshot().dump();
    state.dispose();
    anotherTenant();
  },
  loaded: () => {
    const state = asked(`const s = "${SECRET}".repeat(50), t = { s, n: 1.25e111 }; ask(s); t.n`);
    const bytes = state.snapshot().dump();
    state.dispose();
    runtime.load(bytes).inspect();
    runtime.load(bytes).resume(1);
    anotherTenant();
  },
  "loaded from elsewhere": () => {
    const state = asked(`const s = "${SECRET}".repeat(50), t = { s, n: 1.25e111 }; ask(s); t.n`);
    const bytes = state.snapshot().dump();
    state.resume(1);
    runtime.load(bytes).restore();
    runtime.load(bytes).inspect();
    runtime.load(bytes).resume(1);
    anotherTenant();
  },
  "not loaded": () => {
    const state = asked(`const s = "${SECRET}".repeat(5000); ask(s); s`);
    const bytes = state.snapshot().dump();
    state.dispose();
    failing(() => runtime.load(bytes, { limits: { memoryBytes: 1000 } }));
  },
};

describe("a machine that is used again", () => {
  it.each(Object.entries(TENANTS))("has nothing left in it: %s", (_name, work) => {
    remains = [];
    resets = 0;
    work();
    expect(remains).toEqual([]);
    // The first in the pool is what the tenant had, or one that had grown too large to keep.
    expect(resets).toBeGreaterThan(0);
  });

  it("shows nothing of it to the next, in memory or in a snapshot", () => {
    for (const work of Object.values(TENANTS)) {
      work();
      const next = asked("const mine = 1; ask(); mine");
      const bytes = Buffer.from(next.snapshot().dump({ level: 0 })).toString("latin1");
      expect(bytes).not.toContain("CANARY");
      expect(bytes).not.toContain("canary");
      next.dispose();
    }
    expect(remains).toEqual([]);
  });
});
