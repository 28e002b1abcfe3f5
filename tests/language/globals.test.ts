// What a program finds in a fresh realm: the exact names of the global object, in order, with their attributes. A name of the machine's
// own among them would be a leak, and a program that lists or copies its globals would see it.

import { describe, expect, it } from "vitest";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

/** Each name with its attributes (w writable, e enumerable, c configurable), which are `wc` where none are given. */
const GLOBALS =
  "Object Function Array Number parseFloat parseInt Infinity: NaN: undefined: Boolean String Symbol Date Promise " +
  "RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON " +
  "Math ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array " +
  "Uint8ClampedArray Float32Array Float64Array DataView Map BigInt Set Iterator WeakMap WeakSet Proxy Reflect " +
  "FinalizationRegistry WeakRef decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval " +
  "isFinite isNaN console SuppressedError DisposableStack AsyncDisposableStack Float16Array queueMicrotask:wec " +
  "setTimeout:wec setInterval:wec clearTimeout:wec clearInterval:wec structuredClone:wec atob:wec btoa:wec " +
  "TextEncoder TextDecoder DOMException Event CustomEvent ErrorEvent PromiseRejectionEvent EventTarget AbortSignal " +
  "AbortController Performance performance:wec Crypto crypto:wec Navigator navigator:wec self:wec reportError:wec " +
  "setImmediate:wec clearImmediate:wec SharedArrayBuffer Atomics";

describe("the global object", () => {
  it("has exactly these names", () => {
    const source = `Reflect.ownKeys(globalThis).map((key) => {
      const d = Reflect.getOwnPropertyDescriptor(globalThis, key);
      const attributes = (d.writable ? "w" : "") + (d.enumerable ? "e" : "") + (d.configurable ? "c" : "") + (d.get ? "g" : "");
      return String(key) + (attributes === "wc" ? "" : ":" + attributes);
    }).join(" ")`;
    expect(runtime.compile(source, { filename: "g.js" }).start()).toMatchObject({ output: GLOBALS });
  });

  it("keeps names of the machine to itself wherever one looks", () => {
    // Every object that can be reached, by own properties and prototypes: no key and no function name is one of the prelude's.
    const source = `
      const seen = new Set(), odd = [];
      (function walk(o, path) {
        if ((typeof o !== "object" && typeof o !== "function") || o === null || seen.has(o)) return;
        seen.add(o);
        for (const key of Reflect.ownKeys(o)) {
          const d = Reflect.getOwnPropertyDescriptor(o, key);
          const at = path + "." + String(key);
          for (const v of [d.value, d.get, d.set]) walk(v, at);
          if (typeof d.value === "function" && d.value.name !== key && /^(?!anonymous)[a-z]+(Prototype|Constructor)[A-Z]?/.test(d.value.name)) odd.push(at);
          if (/^Module|Traps$|Registry$|^%|^\\$/.test(String(key)) && key !== "FinalizationRegistry" && o !== RegExp) odd.push(at);
        }
        walk(Reflect.getPrototypeOf(o), path + ".__proto__");
      })(globalThis, "globalThis");
      odd.join()`;
    expect(runtime.compile(source, { filename: "g.js" }).start()).toMatchObject({ output: "" });
  });
});
