// SharedArrayBuffer and Atomics, for the one agent that there is. test262 has the rules; here is what it leaves open, and what is held.

import { expect, test } from "vitest";
import { outputOf, testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

const SCRIPTS: readonly (readonly [source: string, output: unknown])[] = [
  [
    "const a = new Int32Array(new SharedArrayBuffer(8)); Atomics.add(a, 0, 5); [Atomics.load(a, 0), a.buffer.byteLength]",
    [5, 8],
  ],
  [
    `const t = new Uint8Array(4); [Atomics.add(t, 0, 255), Atomics.add(t, 0, 2), Atomics.sub(t, 0, 3), Atomics.or(t, 0, 6), Atomics.and(t, 0, 4), Atomics.xor(t, 0, 1),
      Atomics.exchange(t, 0, 300), Atomics.compareExchange(t, 0, 44 + 256, 9), Atomics.store(t, 1, -1.5), t[0], t[1]]`,
    [0, 255, 1, 254, 254, 4, 5, 44, -1, 9, 255],
  ],
  [
    "const t = new BigInt64Array(2); [Atomics.add(t, 0, 2n ** 70n + 3n), Atomics.sub(t, 0, 5n), Atomics.and(t, 0, 255n), t[0], Atomics.exchange(t, 1, -1n)].map(String)",
    ["0", "3", "-2", "254", "0"],
  ],
  [
    "const t = new Uint32Array(1); Atomics.store(t, 0, 2 ** 32 - 1); [Atomics.add(t, 0, 1e300), Atomics.add(t, 0, 2 ** 53 - 1), t[0]]",
    [4294967295, 4294967295, 4294967294],
  ],
  [
    `const s = new SharedArrayBuffer(2, { maxByteLength: 8 }), whole = new Uint8Array(s), two = new Uint8Array(s, 0, 2);
     s.grow(8); const names = [];
     for (const f of [() => s.grow(4), () => s.grow(9), () => new SharedArrayBuffer(1).grow(1), () => ArrayBuffer.prototype.slice.call(s), () => structuredClone(s),
       () => Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get.call(s), () => Atomics.wait(new Int32Array(s), 0, 0, 0), () => Atomics.add(new Uint8ClampedArray(1), 0, 1),
       () => Atomics.load(new Uint8Array(1), 1), () => Atomics.pause(1.5), () => Atomics.wait(new Int32Array(1), 0, 0)])
       try { f(); names.push("fine"); } catch (e) { names.push(e.name); }
     [s.byteLength, s.growable, s.maxByteLength, whole.length, two.length, s.slice(6).byteLength, names, Object.isFrozen(Object.preventExtensions(two)), String(s)]`,
    [
      8,
      true,
      8,
      8,
      2,
      2,
      [
        "RangeError",
        "RangeError",
        "TypeError",
        "TypeError",
        "DataCloneError",
        "TypeError",
        "TypeError",
        "TypeError",
        "RangeError",
        "TypeError",
        "TypeError",
      ],
      false,
      "[object SharedArrayBuffer]",
    ],
  ],
  [
    `const t = new Int32Array(new SharedArrayBuffer(8)), log = [];
     const first = Atomics.waitAsync(t, 0, 0), second = Atomics.waitAsync(t, 0, 0), other = Atomics.waitAsync(t, 1, 0), late = Atomics.waitAsync(t, 1, 0, 10);
     const now = [Atomics.waitAsync(t, 0, 1), Atomics.waitAsync(t, 0, 0, 0)];
     for (const [name, w] of Object.entries({ first, second, other, late })) w.value.then((how) => log.push(name + " " + how));
     log.push(Atomics.notify(t, 0, 1)); await 0; log.push(Atomics.notify(t, 0)); await 0; log.push(Atomics.notify(t, 0), Atomics.notify(t, 1, 0));
     await late.value; log.push(Atomics.notify(t, 1), Atomics.notify(new Int32Array(1), 0)); await 0;
     [log, now, first.async]`,
    [
      [1, "first ok", 1, "second ok", 0, 0, "late timed-out", 1, 0, "other ok"],
      [
        { async: false, value: "not-equal" },
        { async: false, value: "timed-out" },
      ],
      true,
    ],
  ],
  ["[1, 2, 3, 4, 8, 16].map(Atomics.isLockFree)", [true, true, false, true, true, false]],
  [
    "const s = new SharedArrayBuffer(3); new DataView(s).setInt16(1, -2); console.log(s, new Uint8Array(s)); new TextDecoder().decode(s).length",
    3,
  ],
];

test.each(SCRIPTS)("%s", async (source, output) => {
  expect(await outputOf(runtime, source)).toEqual(output);
});
