// The order of the properties of builtin objects, which programs see that print Reflect.ownKeys. What V8 has is listed here once more, by
// what programs write; keys that V8 of the time lacked come after its own.
import { describe, expect, it } from "vitest";
import { outputOf, testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

/** Keys of V8 14 (Node 24), without length and name of functions. */
const V8: Readonly<Record<string, string>> = {
  Math: "abs acos acosh asin asinh atan atanh atan2 ceil cbrt expm1 clz32 cos cosh exp floor fround hypot imul log log1p log2 log10 max min pow random round sign sin sinh sqrt tan tanh trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 f16round",
  JSON: "parse stringify rawJSON isRawJSON",
  Reflect:
    "defineProperty deleteProperty apply construct get getOwnPropertyDescriptor getPrototypeOf has isExtensible ownKeys preventExtensions set setPrototypeOf",
  Array: "prototype isArray from fromAsync of",
  "Array.prototype":
    "length constructor at concat copyWithin fill find findIndex findLast findLastIndex lastIndexOf pop push reverse shift unshift slice sort splice includes indexOf join keys entries values forEach filter flat flatMap map every some reduce reduceRight toReversed toSorted toSpliced with toLocaleString toString",
  "String.prototype":
    "length constructor anchor at big blink bold charAt charCodeAt codePointAt concat endsWith fontcolor fontsize fixed includes indexOf isWellFormed italics lastIndexOf link localeCompare match matchAll normalize padEnd padStart repeat replace replaceAll search slice small split strike sub substr substring sup startsWith toString toWellFormed trim trimStart trimLeft trimEnd trimRight toLocaleLowerCase toLocaleUpperCase toLowerCase toUpperCase valueOf",
  "Date.prototype":
    "constructor toString toDateString toTimeString toISOString toUTCString toGMTString getDate setDate getDay getFullYear setFullYear getHours setHours getMilliseconds setMilliseconds getMinutes setMinutes getMonth setMonth getSeconds setSeconds getTime setTime getTimezoneOffset getUTCDate setUTCDate getUTCDay getUTCFullYear setUTCFullYear getUTCHours setUTCHours getUTCMilliseconds setUTCMilliseconds getUTCMinutes setUTCMinutes getUTCMonth setUTCMonth getUTCSeconds setUTCSeconds valueOf getYear setYear toJSON toLocaleString toLocaleDateString toLocaleTimeString",
  Promise: "prototype all allSettled any race resolve reject withResolvers try",
  "Promise.prototype": "constructor then catch finally",
  "Set.prototype":
    "constructor has add delete difference clear entries forEach intersection isSubsetOf isSupersetOf isDisjointFrom size symmetricDifference union values keys",
  "Iterator.prototype": "constructor reduce toArray forEach some every find map filter take drop flatMap",
  BigInt: "prototype asUintN asIntN",
  Symbol:
    "prototype for keyFor asyncIterator hasInstance isConcatSpreadable iterator match matchAll replace search species split toPrimitive toStringTag unscopables dispose asyncDispose",
  "ArrayBuffer.prototype":
    "constructor byteLength slice maxByteLength resizable resize transfer transferToFixedLength detached",
  "Object.getPrototypeOf(Int8Array.prototype)":
    "constructor buffer byteLength byteOffset length entries keys values at copyWithin every fill filter find findIndex findLast findLastIndex forEach includes indexOf join lastIndexOf map reverse reduce reduceRight set slice some sort subarray toReversed toSorted with toLocaleString toString",
  "Object.getPrototypeOf(function* () {})": "prototype constructor",
};

describe("Reflect.ownKeys of builtins", () => {
  it.each(Object.entries(V8))("%s", async (object, keys) => {
    const list = `Reflect.ownKeys(${object}).filter((k) => typeof k === "string" && !(typeof ${object} === "function" && /^(?:length|name)$/.test(k))).join(" ")`;
    const found = String(await outputOf(runtime, list)).split(" ");
    const known = keys.split(" ");
    expect(found.filter((key) => known.includes(key)).join(" ")).toBe(keys);
    expect(found.slice(0, known.length).join(" ")).toBe(keys);
  });

  it("of the global object, in the parts that V8 has", async () => {
    const keys = String(
      await outputOf(runtime, `Reflect.ownKeys(globalThis).filter((k) => typeof k === "string").join(" ")`),
    );
    expect(keys).toMatch(
      /^Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math ArrayBuffer /,
    );
  });

  it("is the same after a snapshot of a changed object", () => {
    const source =
      "Math.mine = 1; delete Math.cbrt; const before = Reflect.ownKeys(Math).map(String).join(); stop(); before === Reflect.ownKeys(Math).map(String).join()";
    const state = runtime.compile(source, { externals: { stop: "sync" } }).start();
    if (state.status !== "suspended") throw new Error(state.status);
    const restored = runtime.load(state.snapshot().dump()).restore();
    if (restored.status !== "suspended") throw new Error(restored.status);
    expect(restored.resume(undefined)).toMatchObject({ status: "complete", output: true });
  });
});
