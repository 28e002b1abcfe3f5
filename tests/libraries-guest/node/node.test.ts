// The modules of `fermata-vm/node` against Node's own: the same module text runs in both.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runtimeWith } from "../../support/libraries.ts";

const runtime = await runtimeWith("node-modules");
const folder = mkdtempSync(join(tmpdir(), "fermata-node-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Each is the text of a module whose last statement assigns `answer`. */
const CASES: readonly (readonly [name: string, source: string])[] = [
  [
    "path",
    `import path, { join, posix } from "node:path";
     answer = [join("/a", "../b", "./c"), path.resolve("/x", "y", "..", "z"), path.relative("/a/b/c", "/a/d"), path.basename("/q/w.txt", ".txt"), path.extname("a.b.c"), path.parse("/home/u/f.txt"), path.normalize("/a//b/../c/."), path.isAbsolute("a"), path.sep, posix.dirname("/a/b"), path.format({ dir: "/d", base: "b.c" })];`,
  ],
  [
    "buffer",
    `import { Buffer as Named } from "node:buffer";
     const b = Buffer.from("héllo wörld");
     answer = [Named === Buffer, b.length, b.toString("hex"), b.toString("base64"), Buffer.from([250, 251, 252, 253]).toString("base64url"), Buffer.from("-_-_", "base64url").toString("hex"), Buffer.concat([b, Buffer.alloc(2, 1)]).length, b.slice(1, 3).toString("latin1"), b.readUInt16BE(1), b.equals(Buffer.from("héllo wörld")), b.indexOf("w"), Buffer.byteLength("ü"), Buffer.compare(Buffer.from("a"), Buffer.from("b")), JSON.stringify(Buffer.from([1, 2])), Buffer.isBuffer(b), b instanceof Uint8Array, Buffer.isEncoding("base64url")];`,
  ],
  [
    "events",
    `import EventEmitter, { once, on, errorMonitor } from "node:events";
     const e = new EventEmitter(); const seen = [];
     e.on("a", (...args) => seen.push(["a", ...args])).once("a", () => seen.push("once")).prependListener("a", () => seen.push("first"));
     e.emit("a", 1, 2); e.emit("a", 3);
     seen.push(e.emit("none"), e.listenerCount("a"), e.eventNames(), e.listeners("a").length);
     try { e.emit("error", new TypeError("bad")); } catch (error) { seen.push(error.message); }
     e.on(errorMonitor, (error) => seen.push(["seen", error])); e.on("error", () => seen.push("handled")); e.emit("error", "x");
     const later = once(e, "b"); e.emit("b", 7); seen.push(await later);
     const iterator = on(e, "c"); e.emit("c", 1); e.emit("c", 2); seen.push((await iterator.next()).value, (await iterator.next()).value); await iterator.return();
     class Own extends EventEmitter {} const own = new Own(); own.on("newListener", (name) => seen.push(["new", name])); own.on("z", () => 0); own.off("z", () => 0); own.removeAllListeners("z"); seen.push(own.listenerCount("z"), own instanceof EventEmitter.EventEmitter);
     const rejected = once(e, "never"); e.emit("error", new RangeError("r")); seen.push(await rejected.catch((error) => error.name));
     answer = seen;`,
  ],
  [
    "util",
    `import util, { promisify, types, isDeepStrictEqual } from "node:util";
     const later = promisify((a, b, done) => done(null, a + b));
     function Old() {} function Base() {} Base.prototype.x = 1; util.inherits(Old, Base);
     answer = [await later(1, 2), util.format("%s is %d and %j %%", "a", 5, { b: 1 }, "more"), util.inspect({ a: [1, { b: { c: { d: 1 } } }], m: new Map([["k", new Set([1])]]) }), util.inspect({ a: { b: { c: {} } } }, { depth: 0 }), new Old().x, types.isDate(new Date()), types.isPromise({ then() {} }), types.isUint8Array(new Uint8Array()), types.isTypedArray(new DataView(new ArrayBuffer(1))),
       isDeepStrictEqual({ a: [1, new Set([{ b: 1 }])] }, { a: [1, new Set([{ b: 1 }])] }), isDeepStrictEqual([1, , 3], [1, undefined, 3]), isDeepStrictEqual(new Map([[{}, 1]]), new Map([[{}, 1]])), isDeepStrictEqual(0, -0), isDeepStrictEqual(NaN, NaN), isDeepStrictEqual(new Date(5), new Date(5)), isDeepStrictEqual(/a/g, /a/i), isDeepStrictEqual(Object.create(null), {}), isDeepStrictEqual(new Uint8Array([1]), new Uint8Array([1]))];`,
  ],
  [
    "assert",
    `import assert, { AssertionError } from "node:assert"; import strict from "node:assert/strict";
     const tries = [() => assert(1), () => assert.ok(0), () => assert.equal(1, "1"), () => strict.equal(1, "1"), () => assert.deepEqual({ a: 1 }, { a: "1" }), () => assert.deepStrictEqual({ a: 1 }, { a: "1" }), () => assert.deepStrictEqual([1, { b: new Date(3) }], [1, { b: new Date(3) }]), () => assert.throws(() => { throw new TypeError("bad wrong"); }, /wrong/), () => assert.throws(() => { throw new TypeError("bad"); }, { name: "TypeError", message: "bad" }), () => assert.throws(() => 1), () => assert.throws(() => { throw new TypeError("x"); }, RangeError), () => assert.doesNotThrow(() => { throw new Error("y"); }), () => assert.match("abc", /b/), () => assert.match("abc", /z/), () => assert.fail("mine"), () => assert.strictEqual(NaN, NaN), () => assert.notStrictEqual(1, 1), () => assert.ifError(null), () => assert.ifError(new Error("e")), () => assert.strictEqual(1, 2, "said")];
     answer = [];
     for (const one of tries) { try { one(); answer.push("passed"); } catch (error) { answer.push([error.name, error.code, error instanceof AssertionError, error.operator]); } }
     await assert.rejects(Promise.reject(new Error("q")), /q/); answer.push(await assert.rejects(Promise.resolve(1)).catch((error) => error.code));`,
  ],
  [
    "url",
    `import { fileURLToPath, pathToFileURL, URL as Named, format, urlToHttpOptions } from "node:url";
     answer = [Named === URL, fileURLToPath("file:///a%20b/c"), pathToFileURL("/x y/#z?.js").href, format(new URL("https://u:p@h.x/a?b#c"), { auth: false, fragment: false }), urlToHttpOptions(new URL("https://u:p@h.x:8/a?b")).path];
     for (const bad of ["http://x/", "file://h/x", "file:///a%2fb"]) try { fileURLToPath(bad); } catch (error) { answer.push(error.code); }`,
  ],
  [
    "querystring",
    `import qs from "node:querystring";
     answer = [qs.stringify({ a: "b c", d: ["1", "2"], e: 5, f: null, g: true }), { ...qs.parse("a=b+c&d=1&d=2&e&=x&%zz=1&f=%C3%BC") }, qs.escape("a&b ü"), qs.unescape("%41%zz"), { ...qs.parse("a:1;b:2", ";", ":") }, qs.stringify({ a: 1 }, ";", ":")];`,
  ],
  [
    "string_decoder",
    `import { StringDecoder } from "node:string_decoder";
     const of = (encoding, ...parts) => { const d = new StringDecoder(encoding); return [...parts.map((part) => d.write(Buffer.from(part))), d.end()]; };
     answer = [of("utf8", [0xe2, 0x82], [0xac, 0x41]), of("utf8", [0xe2]), of("base64", [1, 2], [3, 4]), of("hex", [255], [1]), of("latin1", [0xe9]), new StringDecoder().encoding];`,
  ],
  [
    "timers/promises",
    `import { setTimeout as wait, setImmediate, setInterval } from "node:timers/promises";
     answer = [await wait(5, "a"), await setImmediate("b")];
     for await (const tick of setInterval(1, "t")) { answer.push(tick); if (answer.length === 4) break; }`,
  ],
  [
    "process",
    `import process from "node:process";
     const order = []; process.nextTick((x) => order.push(x), "tick"); await new Promise((resolve) => setTimeout(resolve, 1)); order.push(typeof process.hrtime.bigint(), process.hrtime().length, typeof process.cwd(), process === globalThis.process, global === globalThis, process.env.NOTHING === undefined);
     answer = order;`,
  ],
];

async function inNode(name: string, source: string): Promise<unknown> {
  const file = join(folder, `${name.replace("/", "-")}.mjs`);
  const lines = source.split("\n");
  writeFileSync(
    file,
    `${lines.join("\n").replace(/(import [^]*?;\s*\n)/, "$1 let answer;\n")}\nexport default answer;\n`,
  );
  return ((await import(pathToFileURL(file).href)) as { default: unknown }).default;
}

describe("modules of Node", () => {
  it.each(CASES)("%s", async (name, source) => {
    const text = source.replace(/(import [^]*?;\s*\n)/, "$1 let answer;\n");
    const program = runtime.compile(`${text}\nJSON.stringify(answer);`, { filename: `${name}.mjs`, type: "module" });
    const { output } = await program.run({ limits: { fuel: Infinity, timeMs: Infinity } });
    expect(JSON.parse(output as string)).toStrictEqual(JSON.parse(JSON.stringify(await inNode(name, source))));
  });

  it("have bare names too, of the same things", async () => {
    const source = `import a from "events"; import b from "node:events"; import { Buffer as c } from "buffer"; import * as p from "path"; [a === b, c === Buffer, p.join("a", "b")]`;
    const { output } = await runtime.compile(source, { filename: "bare.mjs" }).run();
    expect(output).toStrictEqual([true, true, "a/b"]);
  });
});
