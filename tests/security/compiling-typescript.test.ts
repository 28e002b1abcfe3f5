// TypeScript that grows while it becomes JavaScript: it takes time and room in proportion to its length, and `timeMs` is seen.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { CompileError, LimitError } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";
import { cpuMs } from "../support/cpu-time.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

const list = (n: number, part: (i: number) => string): string => Array.from({ length: n }, (_, i) => part(i)).join("");
const compile = (source: string, timeMs = 10_000) => runtime.compile(source, { filename: "a.ts", limits: { timeMs } });

/** Milliseconds of the processor. */
function time(source: string): number {
  const began = process.cpuUsage();
  compile(source, Infinity);
  return process.cpuUsage(began).user / 1000;
}

describe("namespaces", () => {
  it.each([
    ["in a row", (n: number) => "namespace a { export const x = 1; x }\n".repeat(n)],
    ["that declare their own name", (n: number) => "namespace a { let a; export const x = 1 }\n".repeat(n)],
  ])("take time in proportion: %s", (_, source) => {
    compile(source(500));
    // Each looked through all scopes: a minute.
    expect(time(source(20_000))).toBeLessThan(8000);
  });

  it("of one head are nested only so deep", () => {
    for (const n of [5000, 300_000]) {
      const source = `namespace a${".b".repeat(n)} { export const x = 1 }`;
      const began = cpuMs();
      expect(thrownBy(() => compile(source))).toMatchObject({ name: "CompileError", message: /too deep/ });
      expect(cpuMs() - began).toBeLessThan(3000);
    }
  });

  it("keep their objects apart from names inside", () => {
    const source = `namespace a { let a = 5; const a_1 = 1; export const x = a + a_1; export namespace a { } }
      namespace b.b.b { export const x = 7 } [a.x, b.b.b.x]`;
    expect(compile(source).start()).toMatchObject({ output: [6, 7] });
  });
});

describe("enums", () => {
  const doubled = (n: number, twice: (name: string) => string): string =>
    `enum E { a0 = "0123456789", ${list(n, (i) => `a${i + 1} = ${twice(`a${i}`)},`)} } E.a${n}.length`;

  it.each([
    ["by +", (name: string) => `${name} + ${name}`],
    ["by a template", (name: string) => `\`\${${name}}\${${name}}\``],
  ])("do not double their texts without end: %s", (_, twice) => {
    expect(compile(doubled(10, twice)).start()).toMatchObject({ output: 10_240 });
    const error = thrownBy(() => compile(doubled(60, twice)));
    expect(error).toBeInstanceOf(CompileError);
    expect((error as CompileError).message).toContain("texts of the enums are too long");
  });

  it("do not write one text for each of their members", () => {
    const source = `enum E { a = "${"x".repeat(10_000)}", ${list(2000, (i) => `b${i} = a,`)} }`;
    expect(thrownBy(() => compile(source))).toMatchObject({ message: /too long/ });
  });
});

it("sees the time while it reads types", () => {
  const source = `namespace N {} ${"let a: number = 1;\n{ let b; b }\n".repeat(100_000)}`;
  const began = cpuMs();
  expect(thrownBy(() => compile(source, 5))).toBeInstanceOf(LimitError);
  expect(cpuMs() - began).toBeLessThan(2000);
});
