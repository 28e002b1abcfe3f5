// Owns sample uses of the Web APIs: each is the body of an async function whose answer, as JSON, must be the one Node gives. Where Node 20
// is known to differ from the standard, `expected` says what the standard says.

export interface Case {
  readonly source: string;
  readonly expected?: unknown;
}

const of = (...sources: readonly string[]): Case[] => sources.map((source) => ({ source }));

const thrown = (expression: string): string =>
  `try { ${expression}; return "nothing thrown"; } catch (error) { return [error instanceof TypeError, error instanceof RangeError, error.name === "DataCloneError"]; }`;

const refused = (...expressions: readonly string[]): Case[] => expressions.map((one) => ({ source: thrown(one) }));

export const URL_CASES: readonly Case[] = [
  ...of(
    `return [...["https://user:pa%20ss@EXAMPLE.com:8080/a/../b/./c?x=1&y=2#frag", "HTTP://ex.com:80", "file:///C|/x/../y", "data:text/plain,hi", "blob:https://h.x/1-2"]
      .map((text) => { const u = new URL(text); return [u.href, u.origin, u.protocol, u.username, u.password, u.host, u.hostname, u.port, u.pathname, u.search, u.hash]; })]`,
    `return ["../x", "//other/y", "?q", "#f", "", "/abs", "http:rel", "x:y"].map((text) => new URL(text, "http://h.x/a/b/c?d#e").href)`,
    `const u = new URL("http://h.x/p"); u.searchParams.append("a", "b c"); u.searchParams.append("ü", "&"); u.hash = "z"; u.port = "81"; u.host = "k.y:9"; return [u.href, String(u), JSON.stringify(u)]`,
    `const u = new URL("http://h.x/?a=1&b=2&a=3"); const p = u.searchParams; u.search = "?c=4"; const seen = [...p]; p.delete("c"); return [seen, u.href, p.size, p === u.searchParams]`,
    `const p = new URLSearchParams("?b=2&a=1&c=%20+x&a=0"); p.sort(); return [p.toString(), [...p.keys()], [...p.values()], p.get("a"), p.getAll("a"), p.has("c", "  x"), p.has("c", "y"), p.size]`,
    `return [new URLSearchParams({ a: "b", c: 1 }), new URLSearchParams([["x", "y"], ["x", "z"]]), new URLSearchParams(new Map([["k", "v"]])), new URLSearchParams("a=%FF&b=%e2%82%ac&%"), new URLSearchParams()].map(String)`,
    `return [URL.canParse("http://a b"), URL.canParse("/x", "http://h.x"), URL.canParse("x"), typeof URL.canParse]`,
    `return ["http://ünïcödé.example/ß", "http://xn--nxasmq6b/", "http://fuß.de", "http://☃.net/", "http://１２７.0.0.1/", "http://0x7f.1", "http://[1:2:0:0:0:0:7:8]/", "http://EXAMPLE%41.com"].map((text) => new URL(text).host)`,
    `const seen = []; const p = new URLSearchParams("a=1&b=2&c=3"); for (const [k] of p) { seen.push(k); if (k === "a") p.delete("a"); } return seen`,
    `return [Object.keys(URL.prototype).sort(), Object.prototype.toString.call(new URL("a:")), Object.getOwnPropertyDescriptor(URL.prototype, "href").enumerable, URL.length, URLSearchParams.length, URLSearchParams.prototype.append.length]`,
    `const it = new URLSearchParams("a=1").entries(); return [Object.prototype.toString.call(it), it.next(), it.next(), Object.getPrototypeOf(Object.getPrototypeOf(it)) === Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))]`,
    `try { new URL("nope") } catch (error) { return [error.name, error.message, error.code, error.input] }`,
    `try { new URL("/x", "also nope") } catch (error) { return [error.name, error.message, error.code, error.input, error.base] }`,
    `const seen = []; new URLSearchParams("a=1&b=2").forEach(function (value, key, own) { seen.push([value, key, own instanceof URLSearchParams, this.x]) }, { x: 5 }); return seen`,
    `const p = new URLSearchParams("a=1&a=2&b=3"); p.set("a", "9"); p.append("z", "\\ud800"); p.delete("b", "4"); p.delete("b", "3"); return p.toString()`,
    `const u = new URL("https://h.x"); const seen = []; for (const [key, value] of [["protocol", "ftp"], ["protocol", "x"], ["hostname", "a:1"], ["pathname", "a b"], ["search", "a b"], ["username", "u@"], ["password", ":"], ["port", "65536"], ["port", "1x"], ["href", "http://n.x/q"]]) { u[key] = value; seen.push(u.href); } return seen`,
  ),
  ...refused(
    `new URL()`,
    `URL("a:")`,
    `new URL("http://[::1")`,
    `new URL("http://h.x/").href = "x"`,
    `new URLSearchParams([["a"]])`,
    `new URLSearchParams(new URL("a:").searchParams).append("a")`,
    `Object.getOwnPropertyDescriptor(URL.prototype, "href").get.call({})`,
    `URLSearchParams.prototype.get.call({}, "a")`,
    `new URLSearchParams(Symbol("x"))`,
  ),
];

export const PATTERN_CASES: readonly Case[] = [
  {
    source: `const p = new URLPattern({ pathname: "/books/:id(\\\\d+)" }); return [p.test("https://h.x/books/12"), p.test("https://h.x/books/x"), p.exec("https://h.x/books/12").pathname.groups.id]`,
    expected: [true, false, "12"],
  },
  {
    source: `const p = new URLPattern("/a/*", "https://h.x"); return [p.pathname, p.hostname, p.exec({ pathname: "/a/b/c", hostname: "h.x", protocol: "https" }).pathname.groups[0]]`,
    expected: ["/a/*", "h.x", "b/c"],
  },
];

export const FETCH_CASES: readonly Case[] = [
  ...of(
    `const h = new Headers({ "Content-Type": "a", B: " x " }); h.append("b", "y"); h.append("Set-Cookie", "1"); h.append("set-cookie", "2"); return [[...h], h.get("B"), h.getSetCookie(), h.has("content-type"), h.get("none")]`,
    `const h = new Headers([["z", "1"], ["a", "2"]]); h.set("Z", "3"); h.delete("a"); return [[...h.entries()], [...h.keys()], [...h.values()], Object.prototype.toString.call(h), Object.prototype.toString.call(h.keys())]`,
    `const b = new Blob(["aé", new Uint8Array([1, 2]), new Blob(["z"]), new Uint16Array([258]).buffer], { type: "Text/Plain" }); return [b.size, b.type, await b.slice(1, 3).text(), [...new Uint8Array(await b.arrayBuffer())], b.slice(-3, -1, "X/y").type, b.slice(-3).size]`,
    `const f = new File(["abc"], "n.txt", { type: "t/x", lastModified: 5 }); return [f.name, f.size, f.type, f.lastModified, f instanceof Blob, await f.text(), Object.prototype.toString.call(f)]`,
    `const parts = []; for await (const chunk of new Blob(["abc", "d".repeat(70000)]).stream()) parts.push(chunk.length); return parts.reduce((a, b) => a + b)`,
    `const d = new FormData(); d.append("a", "1"); d.append("a", new Blob(["x"], { type: "q/r" })); d.append("b", new File(["y"], "f.txt"), "g.txt"); d.set("c", 5); const v = d.getAll("a"); return [[...d.keys()], v[0], v[1].name, v[1].type, d.get("b").name, d.get("c"), d.has("zz"), d.get("zz")]`,
    `const r = new Response("héllo"); return [r.status, r.ok, r.headers.get("content-type"), r.bodyUsed, await r.text(), r.bodyUsed, r.type, r.url, r.redirected, r.statusText]`,
    `const r = new Response('{"a":[1,2]}', { status: 201, statusText: "Made", headers: { "x-y": "z" } }); const c = r.clone(); return [await r.json(), await c.text(), c.status, c.statusText, [...c.headers]]`,
    `const r = Response.json({ a: 1 }, { status: 202 }); return [r.status, r.headers.get("content-type"), await r.text()]`,
    `const r = Response.redirect("https://h.x/y", 301); return [r.status, r.headers.get("location"), r.body]`,
    `const r = Response.error(); return [r.type, r.status, r.ok, r.body]`,
    `const q = new Request("https://h.x/a?b#c", { method: "post", body: "x", headers: { A: "1" } }); return [q.url, q.method, q.headers.get("content-type"), q.headers.get("a"), q.redirect, q.bodyUsed, await q.text(), q.bodyUsed, q.signal.aborted, q.mode, q.credentials, q.cache, q.integrity, q.keepalive, q.referrer, q.destination, q.duplex]`,
    `const q = new Request(new Request("https://h.x/", { method: "PUT", body: new URLSearchParams({ a: "b c" }) }), { headers: { z: "1" } }); return [q.method, await q.text(), [...q.headers]]`,
    `const r = new Response(new URLSearchParams("a=1&b=x%20y")); const d = await r.formData(); return [...d]`,
    `const d = new FormData(); d.append("t", "line\\nbreak \\u00e9"); d.append("f", new File(["\\u0000\\u0001\\r\\n--"], 'we"ird.bin', { type: "a/b" })); const got = await new Response(d).formData(); const f = got.get("f"); return [got.get("t"), f.name, f.type, await f.text()]`,
    `const r = new Response(new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode("a")); c.enqueue(new TextEncoder().encode("b")); c.close(); } })); return [r.headers.get("content-type"), r.body instanceof ReadableStream, await r.text()]`,
    `const r = new Response(new Blob(["q"], { type: "i/j" })); const b = await r.blob(); return [b.type, await b.text()]`,
    `const r = new Response("abc"); const reader = r.body.getReader(); const first = await reader.read(); return [[...first.value], first.done, r.bodyUsed, r.body.locked]`,
    `const r = new Response("x"); await r.text(); return await r.text().then(() => "read twice", (e) => [e.name, e.message])`,
    `return [await new Response("\\ufeffx").text(), await new Response().text(), (await new Response().arrayBuffer()).byteLength, new Response(null, { status: 204 }).body]`,
    `return await fetch("data:text/plain;charset=utf-8;base64,aMOp").then(async (r) => [r.status, r.headers.get("content-type"), await r.text()])`,
    `return await fetch("data:,a%20b").then(async (r) => [r.headers.get("content-type"), await r.text()])`,
    `return await fetch("data:nope").then(() => "ok", (e) => [e.name, e.message])`,
    `return await fetch("ftp://h.x/").then(() => "ok", (e) => [e.name, e.message])`,
    `return await fetch("http://h.x:25/").then(() => "ok", (e) => [e.name, e.message])`,
    `return await fetch("https://h.x/", { signal: AbortSignal.abort("why") }).then(() => "ok", (e) => e)`,
    `return [Headers.prototype.append.length, Object.keys(Headers.prototype).sort(), Response.length, Request.length, FormData.prototype.append.length, Object.keys(Object.getOwnPropertyDescriptors(Response.prototype)).sort().filter((k) => k !== "bytes")]`,
  ),
  { source: `return [...(await new Response("ab").bytes())]`, expected: [97, 98] },
  {
    source: `return [new Request("https://h.x/", { method: "patch" }).method, new Request("https://h.x/", { method: "delete" }).method]`,
    expected: ["patch", "DELETE"],
  },
  ...refused(
    `new Headers({ "a b": "x" })`,
    `new Headers({ a: "x\\n y" })`,
    `new Headers({ a: "\\u0100" })`,
    `new Headers([["a"]])`,
    `new Headers(5)`,
    `Response.error().headers.set("a", "b")`,
    `new Response("x", { status: 199 })`,
    `new Response("x", { status: 204 })`,
    `new Response("x", { statusText: "\\n" })`,
    `Response.redirect("https://h.x", 200)`,
    `Response.redirect("nope")`,
    `Response.json(undefined)`,
    `new Request("nope")`,
    `new Request("https://u:p@h.x/")`,
    `new Request("https://h.x/", { method: "CONNECT" })`,
    `new Request("https://h.x/", { method: "a b" })`,
    `new Request("https://h.x/", { body: "x" })`,
    `new Request("https://h.x/", { mode: "odd" })`,
    `new Request("https://h.x/", { method: "POST", body: new ReadableStream() })`,
    `new Request("https://h.x/", { signal: {} })`,
    `new Blob("text")`,
    `new Blob([], { endings: "odd" })`,
    `new File([])`,
    `new FormData().append("a")`,
    `new FormData().append("a", "b", "c")`,
    `new FormData("x")`,
    `Headers.prototype.get.call({}, "a")`,
    `Object.getOwnPropertyDescriptor(Response.prototype, "status").get.call({})`,
    `const r = new Response("x"); r.body.getReader(); r.clone()`,
  ),
];

export const STREAM_CASES: readonly Case[] = of(
  `const seen = []; for await (const one of ReadableStream.from([1, Promise.resolve(2)])) seen.push(one); return seen`,
  `const s = new ReadableStream({ start(c) { c.enqueue("a"); c.enqueue("b"); c.close(); } }).pipeThrough(new TransformStream({ transform(x, c) { c.enqueue(x + x); } })); const seen = []; for await (const one of s) seen.push(one); return seen`,
  `const seen = []; const w = new WritableStream({ write(x) { seen.push(x); }, close() { seen.push("end"); } }); const writer = w.getWriter(); await writer.write(1); writer.write(2); await writer.close(); return seen`,
  `const [a, b] = new ReadableStream({ start(c) { c.enqueue(1); c.close(); } }).tee(); return [await a.getReader().read(), await b.getReader().read()]`,
  `const s = new ReadableStream({ type: "bytes", pull(c) { c.enqueue(new Uint8Array([1, 2, 3])); } }); const r = s.getReader({ mode: "byob" }); const { value } = await r.read(new Uint8Array(2)); return [...value]`,
  `const parts = []; for await (const one of ReadableStream.from(["a\\ud83d", "\\ude00b"]).pipeThrough(new TextEncoderStream())) parts.push([...one]); return parts.flat()`,
  `const parts = []; for await (const one of ReadableStream.from([new Uint8Array([0xe2, 0x82]), new Uint8Array([0xac, 0x78])]).pipeThrough(new TextDecoderStream())) parts.push(one); return parts.join("")`,
  `const s = new ReadableStream({ pull() { throw new RangeError("no"); } }); return await s.getReader().read().then(() => "read", (e) => [e.name, e.message])`,
  `return [new CountQueuingStrategy({ highWaterMark: 3 }).size(), new ByteLengthQueuingStrategy({ highWaterMark: 3 }).size(new Uint8Array(7)), Object.prototype.toString.call(new ReadableStream()), ReadableStream.name]`,
  `return await new WritableStream().abort("x").then((v) => [v])`,
);

export const COMPRESSION_CASES: readonly Case[] = [
  ...["gzip", "deflate", "deflate-raw"].map((format) => ({
    source: `const text = "fermata ".repeat(3000) + "\\u00fc";
      const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("${format}"));
      const parts = []; for await (const part of packed) parts.push(part);
      const back = await new Response(new Blob(parts).stream().pipeThrough(new DecompressionStream("${format}"))).text();
      return [back === text, new Blob(parts).size < 400]`,
  })),
  {
    source: `const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64("H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==") : Uint8Array.from(atob("H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA=="), (c) => c.charCodeAt(0));
      return await new Response(new Blob([bytes.slice(0, 7), bytes.slice(7)]).stream().pipeThrough(new DecompressionStream("gzip"))).text()`,
  },
  {
    source: `return await new Response(new Blob([new Uint8Array([31, 139, 8, 0, 1])]).stream().pipeThrough(new DecompressionStream("gzip"))).text().then(() => "read", (e) => e.name)`,
    expected: "TypeError",
  },
  ...refused(`new CompressionStream("zip")`, `new DecompressionStream()`),
];

const HEX = `const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");`;

export const CRYPTO_CASES: readonly Case[] = [
  ...of(
    `${HEX} const bytes = new TextEncoder().encode("fermata".repeat(40)); const seen = []; for (const name of ["SHA-1", "sha-256", { name: "SHA-384" }, "SHA-512"]) seen.push(hex(await crypto.subtle.digest(name, bytes))); return seen`,
    `${HEX} const key = await crypto.subtle.importKey("raw", new TextEncoder().encode("k"), { name: "HMAC", hash: "SHA-256" }, true, ["sign", "verify"]);
     const data = new TextEncoder().encode("message"); const signature = await crypto.subtle.sign("HMAC", key, data);
     return [hex(signature), await crypto.subtle.verify("HMAC", key, signature, data), await crypto.subtle.verify("HMAC", key, signature.slice(1), data), key.type, key.extractable, key.algorithm, key.usages, hex(await crypto.subtle.exportKey("raw", key)), await crypto.subtle.exportKey("jwk", key)]`,
    `return await crypto.subtle.digest("MD5", new Uint8Array(1)).catch((e) => [e.name, e instanceof DOMException])`,
    `return await crypto.subtle.importKey("raw", new Uint8Array(0), { name: "HMAC", hash: "SHA-1" }, true, ["sign"]).catch((e) => e.name)`,
    `return [Object.prototype.toString.call(crypto.subtle), typeof CryptoKey, (await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-512" }, true, ["sign"])).algorithm.length]`,
  ),
  {
    source: `const key = await crypto.subtle.importKey("jwk", { kty: "oct", k: "AQID", alg: "HS512" }, { name: "HMAC", hash: "SHA-512" }, false, ["sign"]); return [key.algorithm, key.usages, await crypto.subtle.exportKey("raw", key).catch((e) => e.name), await crypto.subtle.verify("HMAC", key, new Uint8Array(1), new Uint8Array(1)).catch((e) => e.name)]`,
    // Node says InvalidAccessException for the first.
    expected: [
      { name: "HMAC", hash: { name: "SHA-512" }, length: 24 },
      ["sign"],
      "InvalidAccessError",
      "InvalidAccessError",
    ],
  },
  ...refused(`new CryptoKey()`, `new SubtleCrypto()`),
];

export const MESSAGE_CASES: readonly Case[] = [
  ...of(
    `const { port1, port2 } = new MessageChannel(); const seen = []; const done = new Promise((resolve) => { port2.onmessage = (event) => { seen.push(event.data); if (seen.length === 2) resolve(); }; }); port1.postMessage({ a: new Date(5) }); port1.postMessage([1]); seen.push("first"); await done; port1.close(); return [seen[0], seen[1].a instanceof Date, seen[2]]`,
    `const { port1, port2 } = new MessageChannel(); const buffer = new ArrayBuffer(8); const got = new Promise((resolve) => { port2.onmessage = resolve; }); port1.postMessage(buffer, [buffer]); const { data } = await got; port1.close(); return [buffer.byteLength, data.byteLength]`,
    `const e = new MessageEvent("message", { data: 5, origin: "o", lastEventId: "i" }); return [e.type, e.data, e.origin, e.lastEventId, e.source, e.ports.length, e instanceof Event]`,
  ),
  ...refused(
    `new MessagePort()`,
    `new MessageChannel().port1.postMessage()`,
    `new MessageChannel().port1.postMessage(() => 0)`,
  ),
];
