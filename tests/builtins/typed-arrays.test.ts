// Buffers and their views against the host engine's, and what happens to them while guest code runs in the middle of an operation.

import { describe, expect, it } from "vitest";
import { type CompleteState, LimitError, type State, type SuspendedState } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime({ typescript: false });

function output(source: string, inputs: Readonly<Record<string, unknown>> = {}): unknown {
  const program = runtime.compile(source, { language: "javascript", inputs: Object.keys(inputs) });
  return (program.start({ inputs }) as CompleteState).output;
}

/** The text of a value, or the name of what is thrown. */
const textOf = (expression: string): string =>
  `(() => { try { return String(${expression}); } catch (error) { return error.name; } })()`;

const TYPES = [
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
];

const VALUES =
  "[0, -0, 1, -1, 127, 128, 255, 256, 300, -129, 0.5, 1.5, 2.5, -0.5, 65535, 65536, 2 ** 31, 2 ** 32 + 3, -(2 ** 31) - 1, 1e21, 1e-45, 3.4e38, 3.5e38, NaN, Infinity, -Infinity, '7', ' 8 ', 'x', null, undefined, true, { valueOf: () => 9 }]";

const EXPRESSIONS = [
  ...TYPES.flatMap((type) => [
    `Array.from(new ${type}(${VALUES}), (v) => Object.is(v, -0) ? "-0" : v)`,
    `Array.from(new ${type}(${VALUES}).sort(), (v) => Object.is(v, -0) ? "-0" : v)`,
    `new ${type}([5, -1, 2.5, 300, 2.5, -0.5, 7, 1e3, 12, 11, 10, 9, 8, 0, 1]).sort((a, b) => b - a)`,
    `new ${type}(new Float64Array(${VALUES}))`,
    `new ${type}(new Int16Array([1, -1, 300, -300]))`,
    `new ${type}(5).fill(258.7, 1, -1)`,
    `new ${type}([1, 2, 3, 4, 5, 6]).copyWithin(2, 0, 4)`,
    `new ${type}([1, 2, 3, 4, 5, 6]).subarray(1, -1).slice(-3, 4).reverse()`,
    `[new ${type}([1, 2, 3, 2]).indexOf(2), new ${type}([1, 2, 3, 2]).lastIndexOf(2), new ${type}([1, 2, 3]).includes(2.5), new ${type}([1, 2]).indexOf("2"), new ${type}([1, NaN]).includes(NaN), new ${type}([0]).indexOf(-0)]`,
    `[new ${type}(3).byteLength, ${type}.BYTES_PER_ELEMENT, ${type}.length, ${type}.name, Object.prototype.toString.call(new ${type}(1))]`,
    `new ${type}([3, 1, 2]).map((v) => v * 100).filter((v) => v > 100).join("-")`,
    `new ${type}([3, 1, 2]).with(-1, 7).toSorted().toReversed()`,
    `(() => { const a = new ${type}([1, 2, 3, 4]); a.set(a.subarray(0, 3), 1); a.set([9, "8"], 2); return a; })()`,
    `(() => { const a = new ${type}(4); new Uint8Array(a.buffer).set([1, 2, 3, 4]); a.set(new Uint8Array(a.buffer, 0, 4)); return a; })()`,
  ]),
  "new BigInt64Array([1n, -1n, 2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n + 5n]).sort()",
  "new BigUint64Array([1n, -1n, 2n ** 63n, 2n ** 64n]).sort()",
  "[new BigInt64Array([3n, -1n]).indexOf(-1n), new BigUint64Array([2n ** 64n - 1n]).includes(-1n), new BigUint64Array(1).indexOf(0)]",
  "new BigInt64Array(new BigUint64Array([2n ** 64n - 1n]))",
  "new BigInt64Array([1])",
  "new Uint8Array([1n])",
  "new Uint8Array(new BigInt64Array(1))",
  "new Uint8Array(-1)",
  "new Uint8Array(1.9).length",
  "new Uint16Array(new ArrayBuffer(3))",
  "new Uint16Array(new ArrayBuffer(4), 1)",
  "new Uint16Array(new ArrayBuffer(4), 2, 2)",
  "new Uint16Array(new ArrayBuffer(4), 6)",
  "new Uint8Array({ length: 3, 0: 1, 2: '5' })",
  "new Uint8Array(new Set([3, 4]))",
  "new Uint8Array('3').length",
  "Uint8Array(1)",
  "new (Object.getPrototypeOf(Uint8Array))()",
  "Float32Array.from([1, 2], (v, k) => v + k)",
  "Float32Array.of(1.1, '2')",
  "Uint8Array.from.call(Array, [1])",
  "[...new Uint8Array([1, 2]).entries()].join(';')",
  "[...new Uint8Array([1, 2]).keys(), ...new Uint8Array([1, 2])]",
  "(() => { const [a, ...rest] = new Int8Array([1, 2, 3]); let s = ''; for (const v of new Int8Array(rest)) s += v; return a + s; })()",
  "JSON.stringify([new Uint8Array(2), { a: new Float64Array([0.5]) }])",
  "Object.keys(new Uint8Array(3)) + Object.entries(new Uint8Array([7]))",
  "JSON.stringify({ ...new Uint8Array([1, 2]) }) + JSON.stringify(Object.assign([], new Uint8Array([3])))",
  "(() => { let s = ''; for (const key in new Uint8Array(2)) s += key; return s; })()",
  "[0 in new Uint8Array(1), 1 in new Uint8Array(1), '-0' in new Uint8Array(1), '1.5' in Object.create(new Uint8Array(1)), 'Infinity' in new Uint8Array(1)]",
  "(() => { const a = new Uint8Array(1); a[1] = 5; a['-0'] = 1; a[1.5] = 2; a.NaN = 3; a['1e3'] = 'own'; return Object.keys(a) + a[1] + a.NaN; })()",
  "(() => { 'use strict'; const a = new Uint8Array(1); a[5] = 1; return delete a[5]; })()",
  "(() => { 'use strict'; return delete new Uint8Array(1)[0]; })()",
  "(() => { const o = Object.create(new Uint8Array(1)); o[0] = 7; o[4] = 8; return Object.keys(o) + '|' + o[0]; })()",
  "JSON.stringify(Object.getOwnPropertyDescriptor(new Uint8Array([5]), '0'))",
  "[Reflect.set(new Uint8Array(1), 9, 1), Reflect.set(new Uint8Array(1), 0, 1, {}), Reflect.set({}, 0, 1, new Uint8Array(1)), Reflect.set({}, 3, 1, new Uint8Array(1))]",
  "[Reflect.defineProperty(new Uint8Array(1), 0, { value: '3' }), Reflect.defineProperty(new Uint8Array(1), 0, { value: 1, writable: false }), Reflect.defineProperty(new Uint8Array(1), 0, { get() {} }), Reflect.defineProperty(new Uint8Array(1), 1, { value: 1 })]",
  "Object.freeze(new Uint8Array(1))",
  "Object.isFrozen(Object.freeze(new Uint8Array(0)))",
  "Reflect.ownKeys(Object.assign(new Uint8Array(2), { b: 1, a: 2 }))",
  "Array.prototype.concat.call([], new Uint8Array(2)).length",
  "Array.prototype.slice.call(new Uint8Array([1, 2, 3]), 1)",
  "Array.prototype.map.call(new Uint8Array([1, 2]), (v) => v / 2)",
  "Array.prototype.push.call(new Uint8Array(1), 1)",
  "Math.max(...new Float32Array([1, 9, 3])) + String.fromCharCode.apply(null, new Uint8Array([72, 105]))",
  "(() => { class Points extends Float32Array { get last() { return this[this.length - 1]; } } const p = new Points([1, 2]); return [p.last, p.map((v) => v * 2).last, p instanceof Float32Array, p.slice(1).constructor.name]; })()",
  "(() => { class Odd extends Uint8Array { static get [Symbol.species]() { return Uint16Array; } } return Object.prototype.toString.call(new Odd(2).map((v) => v)) + Object.prototype.toString.call(new Odd(2).subarray(1)); })()",
  "(() => { const d = new DataView(new ArrayBuffer(16)); d.setInt16(0, -2); d.setUint32(2, 0xdeadbeef, true); d.setFloat32(6, 1.1); d.setBigUint64(8, -1n); return [d.getUint16(0), d.getUint8(2), d.getUint32(2), d.getFloat32(6), d.getFloat32(6, true), d.getBigInt64(8), d.getFloat64(8)]; })()",
  "new DataView(new ArrayBuffer(4), 1).getInt32(0)",
  "new DataView(new ArrayBuffer(4)).getInt8(-1)",
  "new DataView(new ArrayBuffer(4), 5)",
  "new DataView({})",
  "new ArrayBuffer(8).slice(2, -1).byteLength",
  "[ArrayBuffer.isView(new DataView(new ArrayBuffer(1))), ArrayBuffer.isView([]), ArrayBuffer.length, new ArrayBuffer(8, { maxByteLength: 9 }).resizable]",
  "new ArrayBuffer(8, { maxByteLength: 7 })",
  "new ArrayBuffer(2 ** 53)",
  "new ArrayBuffer(1).resize(1)",
];

describe("as the host engine has them", () => {
  const host = new Function(
    `return [${EXPRESSIONS.map((e) => `() => ${textOf(e)}`).join(",")}].map((f) => f())`,
  ) as () => string[];
  const expected = host();
  // One program for all: every expression is held at every point of it later.
  const chunks = Array.from({ length: Math.ceil(EXPRESSIONS.length / 10) }, (_, i) => i * 10);
  it.each(chunks)("expressions from %i", (from) => {
    const list = EXPRESSIONS.slice(from, from + 10).map((e) => textOf(e));
    expect(output(`[${list.join(",\n")}]`)).toEqual(expected.slice(from, from + 10));
  });
});

describe("what not every host has", () => {
  it.each<[string, unknown]>([
    [
      "[...new Float16Array([1.1, 65519, 65520, 5.96e-8, 2.98e-8, -0, NaN])].join()",
      "1.099609375,65504,Infinity,5.960464477539063e-8,0,0,NaN",
    ],
    [
      "(() => { const d = new DataView(new ArrayBuffer(2)); d.setFloat16(0, -1.5); return [d.getUint16(0), d.getFloat16(0, true)].join(); })()",
      "48640,0.000011324882507324219",
    ],
    ["Math.f16round(1.337)", 1.3369140625],
    [
      "(() => { const b = new ArrayBuffer(8); const a = new Uint8Array(b).fill(7); const c = b.transfer(4); return [b.detached, a.length, a[0], a.byteOffset, c.byteLength, new Uint8Array(c)[3], c.resizable].join(); })()",
      "true,0,,0,4,7,false",
    ],
    [
      "(() => { const b = new ArrayBuffer(2, { maxByteLength: 9 }); const c = b.transfer(); const d = c.transferToFixedLength(); return [c.resizable, c.maxByteLength, d.resizable, d.byteLength].join(); })()",
      "true,0,false,2",
    ],
    [
      "new Uint8Array([255, 0, 16]).toHex() + new Uint8Array([255, 254, 253, 252]).toBase64({ alphabet: 'base64url', omitPadding: true })",
      "ff0010__79_A",
    ],
    [
      "Uint8Array.fromHex('00ff10').join() + Uint8Array.fromBase64('_w', { alphabet: 'base64url' }).join()",
      "0,255,16255",
    ],
    [
      "(() => { const a = new Uint8Array(4); const r = a.setFromBase64('AQIDBAUG'); return [r.read, r.written, a].join(); })()",
      "4,3,1,2,3,0",
    ],
    [
      "(() => { try { Uint8Array.fromBase64('AQ=', { lastChunkHandling: 'strict' }); } catch (e) { return e.name; } })()",
      "SyntaxError",
    ],
    [
      "new TextDecoder().decode(new TextEncoder().encode('h\\u00e9\\u20ac\\ud83d\\ude00\\ud800'))",
      "h\u00e9\u20ac\ud83d\ude00\ufffd",
    ],
    [
      "(() => { const d = new TextDecoder(); let s = ''; for (const b of new TextEncoder().encode('h\\u00e9\\u20ac\\ud83d\\ude00')) s += d.decode(Uint8Array.of(b), { stream: true }) + '.'; return s + d.decode(); })()",
      "h..\u00e9...\u20ac....\ud83d\ude00.",
    ],
    [
      "(() => { try { new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xc3)); } catch (e) { return e.name; } })()",
      "TypeError",
    ],
    ["btoa('h\\u00ff') + atob(' aGk= ')", "aP8=hi"],
    ["(() => { try { atob('a'); } catch (e) { return e.name + e.code; } })()", "InvalidCharacterError5"],
  ])("%s", (source, expected) => {
    expect(output(source)).toEqual(expected);
  });
});

describe("buffers that change in the middle", () => {
  const growing =
    "const b = new ArrayBuffer(4, { maxByteLength: 16 }); const a = new Uint8Array(b); const part = new Uint8Array(b, 1, 2); a.set([1, 2, 3, 4]); ";
  it.each([
    [
      "a view that tracks grows and shrinks",
      "b.resize(8); const x = a.length; b.resize(2); [x, a.length, part.length, part[0], part.byteOffset, a.join()].join('|')",
      "8|2|0||0|1,2",
    ],
    [
      "a view out of bounds comes back",
      "b.resize(1); const x = part.length; b.resize(3); [x, part.length, part.join()].join('|')",
      "0|2|0,0",
    ],
    [
      "iteration sees what is there",
      "let n = 0; for (const v of a) { n += v; if (n === 3) b.resize(6); } [n, a.length].join()",
      "10,6",
    ],
    [
      "iteration of a view that is gone throws",
      "let n = 0; try { for (const v of part) { n++; b.resize(1); } } catch (e) { n += e.name; } n",
      "1TypeError",
    ],
    [
      "map reads what is gone as undefined",
      "a.map((v, k) => { if (k === 1) b.resize(2); return v === undefined ? 9 : v; }).join()",
      "1,2,9,9",
    ],
    ["sort writes what fits", "a.sort((x, y) => { b.resize(3); return y - x; }).join()", "4,3,2"],
    [
      "fill looks again after conversions",
      "try { part.fill({ valueOf() { b.resize(1); return 1; } }); } catch (e) { e.name }",
      "TypeError",
    ],
    [
      "includes finds undefined where elements are gone",
      "a.includes(undefined, { valueOf() { b.resize(2); return 0; } })",
      true,
    ],
    ["slice copies what is left", "a.slice({ valueOf() { b.resize(2); return 1; } }).join()", "2,0,0"],
    ["copyWithin stays within", "a.copyWithin({ valueOf() { b.resize(3); return 1; } }, 0).join()", "1,1,2"],
    [
      "set stops at the end",
      "a.set({ length: 3, get 0() { b.resize(2); return 7; }, 1: 8, 2: 9 }, 0); a.join()",
      "7,8",
    ],
    [
      "with checks the index at the end",
      "try { a.with(3, { valueOf() { b.resize(2); return 1; } }); } catch (e) { e.name }",
      "RangeError",
    ],
    [
      "detaching ends all views",
      "a.forEach((v, k) => { if (k === 0) b.transfer(); }); [a.length, a.byteLength, b.detached, 0 in a].join()",
      "0,0,true,false",
    ],
    ["a method on a detached view throws", "b.transfer(); try { a.indexOf(1); } catch (e) { e.name }", "TypeError"],
    [
      "a species that shrinks is noticed",
      "class S extends Uint8Array { constructor(n) { if (n === 0) { super(0); } else super(b, 0, 1); } } try { S.prototype.map.call(Object.setPrototypeOf(a, S.prototype), (v) => v); } catch (e) { e.name }",
      "TypeError",
    ],
  ])("%s", (_name, source, expected) => {
    expect(output(growing + source)).toEqual(expected);
  });
});

/** Answers each sync call with what `answer` makes of its arguments, and carries the state through bytes at each. */
function carried(source: string, answer: (...args: number[]) => unknown): unknown {
  let state: State = runtime.compile(source, { language: "javascript", externals: { ask: "sync" } }).start();
  while (state.status === "suspended") {
    const bytes = state.snapshot().dump();
    const again = runtime.load(bytes).restore() as SuspendedState;
    const [call] = again.calls;
    state = again.resume(answer(...(call!.args as number[])));
  }
  return (state as CompleteState).output;
}

describe("held in the middle", () => {
  it("in the comparator of sort", () => {
    const source = "const a = new Float64Array([5, 1, 4, 2, 3]); a.subarray(1).sort((x, y) => ask(x, y)); a.join()";
    expect(carried(source, (x, y) => x! - y!)).toBe("5,1,2,3,4");
  });

  it("in the callbacks of map, filter and from", () => {
    const source = `const a = new Int16Array([1, 2, 3]);
      [a.map((v) => ask(v)), a.filter((v) => ask(v) > 20), Int16Array.from(a, (v) => ask(v))].map((t) => t.join()).join("|")`;
    expect(carried(source, (v) => v! * 10)).toBe("10,20,30|3|10,20,30");
  });

  it("in a conversion, with views of one buffer", () => {
    const source = `const b = new ArrayBuffer(8, { maxByteLength: 32 }); const bytes = new Uint8Array(b); const words = new Uint16Array(b, 2); const view = new DataView(b, 4, 2);
      words.fill({ valueOf: () => ask(1) }); b.resize(12); view.setInt16({ valueOf: () => ask(0) }, { valueOf: () => ask(2) });
      [bytes.join(), words.length, view.buffer === b, bytes.buffer === words.buffer].join("|")`;
    expect(carried(source, (n) => [0, 0x0102, 0x0304][n!])).toBe("0,0,2,1,3,4,2,1,0,0,0,0|5|true|true");
  });
});

describe("across the border", () => {
  const identity = (value: unknown): unknown => output("value", { value });

  it("all kinds of views go there and back", () => {
    for (const type of [...TYPES, "BigInt64Array", "BigUint64Array"]) {
      const constructor = (globalThis as unknown as Record<string, new (list: unknown) => object>)[type]!;
      const value = new constructor(type.startsWith("Big") ? [1n, 2n ** 63n - 1n] : [1, 2.5, 250]);
      expect(identity(value)).toEqual(value);
      expect(identity([{ value }])).toEqual([{ value }]);
    }
    expect(identity(new DataView(Uint8Array.of(1, 2, 3).buffer, 1))).toEqual(
      new DataView(Uint8Array.of(1, 2, 3).buffer, 1),
    );
    expect(identity(Uint8Array.of(1, 2).buffer)).toEqual(Uint8Array.of(1, 2).buffer);
    expect(identity(new Uint8Array(0))).toEqual(new Uint8Array(0));
  });

  it("views share their buffer on the other side", () => {
    const buffer = new ArrayBuffer(16);
    const value = {
      buffer,
      all: new Uint8Array(buffer),
      part: new Float32Array(buffer, 8, 1),
      view: new DataView(buffer, 3, 4),
    };
    const back = identity(value) as typeof value;
    expect(back.all.buffer).toBe(back.buffer);
    expect(back.part.buffer).toBe(back.buffer);
    expect([back.part.byteOffset, back.part.length, back.view.byteOffset, back.view.byteLength]).toEqual([8, 1, 3, 4]);
    expect(
      output(
        "value.all[9] = 64; [value.part.buffer === value.buffer, value.view.buffer === value.buffer, value.part[0]]",
        { value },
      ),
    ).toEqual([true, true, 2.2958874039497803e-41]);
  });

  it("a Buffer of Node brings its own bytes only", () => {
    const back = identity(Buffer.from("ab")) as Uint8Array;
    expect(back).toEqual(Uint8Array.of(97, 98));
    expect(back.buffer.byteLength).toBe(2);
  });

  it("a buffer can still grow on the other side", () => {
    const value = new Uint8Array(new ArrayBuffer(2, { maxByteLength: 8 } as never));
    expect(output("value.buffer.resize(4); value.length", { value })).toBe(4);
    const back = output("new ArrayBuffer(1, { maxByteLength: 5 })") as ArrayBuffer & { maxByteLength: number };
    expect([back.byteLength, back.maxByteLength]).toEqual([1, 5]);
  });

  it("structuredClone copies, or moves transferred buffers", () => {
    const source = `const b = new ArrayBuffer(4); const a = new Uint8Array(b, 1, 2); a[0] = 5; const copy = structuredClone({ a, b, v: new DataView(b) });
      copy.a[1] = 6; const moved = structuredClone([a], { transfer: [b] });
      [copy.a.join(), copy.a.buffer === copy.b, copy.v.buffer === copy.b, a.length, b.detached, moved[0].join(), moved[0].byteOffset].join("|")`;
    expect(output(source)).toBe("5,6|true|true|0|true|5,0|1");
    const failing =
      "const b = new ArrayBuffer(1); let r = ''; try { structuredClone([() => 1], { transfer: [b] }); } catch (e) { r = e.name; } r + b.detached + b.byteLength";
    expect(output(failing)).toBe("DataCloneErrorfalse1");
  });
});

describe("paid for", () => {
  const run = (source: string, limits: object): State =>
    runtime.compile(source, { language: "javascript" }).start({ limits });

  it("an impossible length is a RangeError, one beyond the memory limit ends the run", () => {
    expect(output("try { new ArrayBuffer(2 ** 40); } catch (e) { e.name }")).toBe("RangeError");
    expect(thrownBy(() => run("try { new Uint8Array(64 * 1024 * 1024); } catch {}", {}))).toBeInstanceOf(LimitError);
    const hoard = "const list = []; while (true) list.push(new Float64Array(10000));";
    expect(thrownBy(() => run(hoard, { fuel: 1e7, onFuel: "fail" }))).toMatchObject({ limit: "memoryBytes" });
    const growing = "const b = new ArrayBuffer(0, { maxByteLength: 2 ** 30 }); for (let n = 1; ; n *= 2) b.resize(n);";
    expect(thrownBy(() => run(growing, { fuel: 1e7, onFuel: "fail" }))).toMatchObject({ limit: "memoryBytes" });
  });

  it("garbage does not count", () => {
    expect(output("let n = 0; for (let i = 0; i < 100; i++) n += new Uint8Array(2_000_000).length; n")).toBe(
      200_000_000,
    );
  });

  it.each([
    ["making", "new Uint8Array(1 << 20)"],
    ["fill", "big.fill(1)"],
    ["copyWithin", "big.copyWithin(1, 0)"],
    ["slice", "big.slice()"],
    ["indexOf", "big.indexOf(5)"],
    ["reverse", "big.reverse()"],
    ["sort", "big.sort()"],
    ["set", "big.set(other)"],
    ["toBase64", "big.toBase64()"],
    ["decode", "new TextDecoder().decode(big)"],
  ])("%s takes fuel in proportion", (_name, work) => {
    const fuelOf = (source: string): number =>
      (
        run(`const big = new Uint8Array(1 << 20), other = new Int8Array(1 << 20); ${source}; 0`, {
          fuel: Infinity,
        }) as CompleteState
      ).usage.fuel;
    expect(fuelOf(work) - fuelOf("")).toBeGreaterThan(8000);
  });
});

describe("snapshots", () => {
  it("of large buffers are small where there is nothing in them", () => {
    const source =
      "const zeros = new Uint8Array(4_000_000); const text = new TextEncoder().encode('abc'.repeat(100_000)); zeros[7] = 1; ask(); [zeros[7], zeros.length, text.length]";
    const state = runtime
      .compile(source, { language: "javascript", externals: { ask: "sync" } })
      .start() as SuspendedState;
    const bytes = state.snapshot().dump();
    expect(bytes.length).toBeLessThan(4000);
    expect(((runtime.load(bytes).restore() as SuspendedState).resume(0) as CompleteState).output).toEqual([
      1, 4_000_000, 300_000,
    ]);
  });
});
