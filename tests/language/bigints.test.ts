// BigInts against the host engine's: thousands of operands of all sizes through every operator, there and back across the border.

import { describe, expect, it } from "vitest";
import type { CompleteState } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

/** Deterministic: a failure can be found again. */
let seed = 12_345;
const dice = (n: number): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 0x1_0000_0000) * n);
};

/** Of up to `bits` bits; runs of ones and zeros, where carries are. */
function operand(bits: number): bigint {
  let value = 0n;
  for (let length = dice(bits + 1); length > 0;) {
    const run = Math.min(length, 1 + dice(40));
    value <<= BigInt(run);
    const kind = dice(3);
    if (kind === 0) value |= (1n << BigInt(run)) - 1n;
    else if (kind === 1) for (let i = 0; i < run; i++) if (dice(2) === 1) value |= 1n << BigInt(i);
    length -= run;
  }
  return dice(2) === 0 ? value : -value;
}

const OPERATIONS = `(a, b, s) => [
  a + b, a - b, a * b, b === 0n ? 0n : a / b, b === 0n ? 0n : a % b, a & b, a | b, a ^ b, ~a, -a, a << BigInt(s), a >> BigInt(s), a >> -BigInt(s), a ** BigInt(s % 7),
  BigInt.asIntN(s, a), BigInt.asUintN(s, a), a < b, a <= b, a > b, a >= b, a == b, a === b, Number(a), a == Number(a), a < Number(b), a >= Number(b),
  a.toString(), a.toString(16), a.toString(2 + (s % 35)), BigInt(a.toString()), BigInt((a < 0n ? -a : a).toString(2).replace(/^/, "0b")), typeof a, a ? 1 : 0, String(a) == a, a > b.toString()]`;

const compute = new Function("list", `const f = ${OPERATIONS}; return list.map(([a, b, s]) => f(a, b, s));`) as (
  list: readonly (readonly [bigint, bigint, number])[],
) => unknown[][];

function computeInside(list: readonly (readonly [bigint, bigint, number])[]): unknown {
  const source = `const f = ${OPERATIONS.replace('.replace(/^/, "0b")', "").replace("BigInt((a", 'BigInt("0b" + (a')}; list.map(([a, b, s]) => f(a, b, s))`;
  const program = runtime.compile(source, { filename: "bigints.js", inputs: ["list"] });
  return (program.start({ inputs: { list }, limits: { fuel: Infinity, timeMs: Infinity } }) as CompleteState).output;
}

describe("BigInt, as the host engine has it", () => {
  it.each([
    [64, 400],
    [400, 300],
    [4000, 60],
    [60_000, 6],
  ])("operands of up to %i bits, %i times", (bits, times) => {
    const list = Array.from({ length: times }, () => [operand(bits), operand(dice(bits + 1)), dice(200)] as const);
    expect(computeInside(list)).toEqual(compute(list));
  });

  it.each([
    "1n + 1",
    "1n * '2'",
    "+1n",
    "1n >>> 0n",
    "1n / 0n",
    "1n % 0n",
    "2n ** -1n",
    "new BigInt(1)",
    "BigInt(1.5)",
    "BigInt('1x')",
    "BigInt(undefined)",
    "BigInt(Symbol())",
    "Math.max(1n)",
    "JSON.stringify({ a: 1n })",
    "BigInt.asIntN(2 ** 53, 1n)",
    "null + 1n",
    "1n & {}",
    "[1n] - 1n + 1",
    "isNaN(1n)",
    "(1n).toString(37)",
    "BigInt.prototype.valueOf.call(1)",
    "2n ** 2n ** 64n",
    "1n << 2n ** 64n",
  ])("the error of %s", (source) => {
    const ours = thrownBy(() => runtime.compile(source, { filename: "a.js" }).start()) as Error;
    const theirs = thrownBy(() => (new Function(`return ${source}`) as () => unknown)()) as Error;
    expect(ours.name === "GuestError" ? (ours as Error & { guestName?: string }).message : ours.message).toContain(
      theirs.name,
    );
  });

  it("is a key, a wrapper, a case, and text as the host has it", () => {
    const source = `
      const m = new Map([[10n ** 30n, "big"], [0n, "zero"]]); const s = new Set([1n, 1n, -1n, 1]); const o = { 1n: "a", [2n]: "b" }; let n = 5n; n++; --n; n += 2n; n **= 3n;
      const w = Object(7n); let hit; switch (2n ** 70n) { case 1180591620717411303424n: hit = "case"; }
      [m.get(10n ** 30n), m.get(-0n), s.size, o[1], o["2"], n, typeof w, w + 1n, w.valueOf() === 7n, hit, [3n, 1n, 10n, 2].sort().join(), \`\${2n ** 64n}\`, 1_000n, 0xffn, 0b11n, 0o17n, (123456789n).toLocaleString(), Object.prototype.toString.call(1n), [1n, 2n].includes(2n), JSON.stringify({ a: { toJSON() { return 1 } } }), BigInt(2 ** 60), BigInt(true), BigInt("  12  "), BigInt(""), -(2n ** 63n), 5n / -2n, -5n % 3n, -5n >> 1n]`;
    const { output } = runtime.compile(source, { filename: "a.js" }).start() as CompleteState;
    const program = new Function(`return eval(${JSON.stringify(source)})`) as () => unknown;
    expect(output).toEqual(program());
  });

  it("is refused beyond its greatest size, in bounded time, and may be large below it", () => {
    expect(() => runtime.compile("let a = 3n; for (;;) a *= a", { filename: "a.js" }).start()).toThrow(/BigInt size/);
    const { output } = runtime
      .compile("const a = 7n ** 100000n; (a * a / a === a) + ' ' + String(a).length", { filename: "a.js" })
      .start({ limits: { fuel: Infinity } }) as CompleteState;
    expect(output).toBe("true 84510");
  });
});
