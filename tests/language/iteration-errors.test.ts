// Errors of iteration, spread, templates and builtins: the message, the column of the failing line, and the functions of the stack, all as
// V8 of Node 20 shows them.
import { describe, expect, it } from "vitest";
import { outputOf, testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

/** A line of source, and what its error says: the message, then each frame, in which `test (n)` is column n of the line. */
const CASES: readonly (readonly [line: string, stack: readonly string[]])[] = [
  ["const o={};for(const x of o.y);", ["TypeError: o.y is not iterable", "test (29)"]],
  ["const o={},k='z';for(const x of o[k]);", ["TypeError: o[k] is not iterable", "test (34)"]],
  [
    "const o={};for(const x of o.y());",
    ["TypeError: o.y is not a function or its return value is not iterable", "test (29)"],
  ],
  [
    "const o={y(){}};for(const x of o.y());",
    ["TypeError: o.y is not a function or its return value is not iterable", "test (34)"],
  ],
  [
    "const o={};for(const x of o.y.z());",
    ["TypeError: Cannot read properties of undefined (reading 'z')", "test (31)"],
  ],
  [
    "const f=()=>({});for(const x of f());",
    ["TypeError: f is not a function or its return value is not iterable", "test (33)"],
  ],
  [
    "const f={};for(const x of f());",
    ["TypeError: f is not a function or its return value is not iterable", "test (27)"],
  ],
  [
    "class X{};for(const x of new X());",
    ["TypeError: X is not a function or its return value is not iterable", "test (26)"],
  ],
  [
    "const g=()=>{};for(const x of g``);",
    ["TypeError: g is not a function or its return value is not iterable", "test (32)"],
  ],
  ["const o={};[...o.x];", ["TypeError: o.x is not iterable", "test (18)"]],
  ["const o={};[1,...o.x,2];", ["TypeError: o.x is not iterable", "test (20)"]],
  [
    "const o={f(){}};[...o.f()];",
    ["TypeError: o.f is not a function or its return value is not iterable", "test (23)"],
  ],
  ["const o={};[...o.f()];", ["TypeError: o.f is not a function or its return value is not iterable", "test (18)"]],
  ["const o={};let [a]=o.x();", ["TypeError: o.x is not a function or its return value is not iterable", "test (22)"]],
  [
    "const o={x(){return 5}};let [a]=o.x();",
    ["TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))", "test (33)"],
  ],
  [
    "const o={x(){}};let [a]=o.x();",
    ["TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))", "test (25)"],
  ],
  [
    "let a;const o={};[a]=o.x();",
    ["TypeError: o.x is not a function or its return value is not iterable", "test (24)"],
  ],
  [
    "const o={};Math.max(...o);",
    ["TypeError: Spread syntax requires ...iterable[Symbol.iterator] to be a function", "test (17)"],
  ],
  ["const o={};Math.max(...o.x);", ["TypeError: o.x is not iterable (cannot read property undefined)", "test (17)"]],
  ["Math.max(...undefined);", ["TypeError: undefined is not iterable (cannot read property undefined)", "test (6)"]],
  ["Math.max(1,...null);", ["TypeError: null is not iterable (cannot read property null)", "test (6)"]],
  ["const f=()=>{};f(...f());", ["TypeError: f(...) is not iterable (cannot read property undefined)", "test (16)"]],
  [
    "const f=()=>{},o={f(){}};o.f(...o.f());",
    ["TypeError: o.f(...) is not iterable (cannot read property undefined)", "test (28)"],
  ],
  ["new Array(...5);", ["TypeError: Spread syntax requires ...iterable[Symbol.iterator] to be a function", "test (1)"]],
  ["const o={};new Array(...o.x);", ["TypeError: o.x is not iterable (cannot read property undefined)", "test (12)"]],
  [
    "const f=()=>{},o={};f(...o,1);",
    ["TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))", "test (26)"],
  ],
  [
    "const f=()=>{};f(...f(),1);",
    ["TypeError: f is not iterable (cannot read property Symbol(Symbol.iterator))", "test (21)"],
  ],
  ["`a${Object.create(null)}`;", ["TypeError: Cannot convert object to primitive value", "test (12)"]],
  ["const o={p:Object.create(null)};`a${o.p}b`;", ["TypeError: Cannot convert object to primitive value", "test (39)"]],
  [
    "const p=Proxy.revocable({},{});p.revoke();`${p.proxy}`;",
    ["TypeError: Cannot perform 'get' on a proxy that has been revoked", "test (48)"],
  ],
  [
    "const p=Proxy.revocable({},{});p.revoke();({...p.proxy});",
    ["TypeError: Cannot perform 'ownKeys' on a proxy that has been revoked", "test (50)"],
  ],
  [
    "const p=Proxy.revocable({},{});p.revoke();for(const k in p.proxy);",
    ["TypeError: Cannot perform 'ownKeys' on a proxy that has been revoked", "test (60)"],
  ],
  [
    "Date.prototype.getTime.call({});",
    ["TypeError: this is not a Date object.", "Object.getTime (<anonymous>)", "test (24)"],
  ],
  [
    "Map.prototype.get.call({});",
    [
      "TypeError: Method Map.prototype.get called on incompatible receiver #<Object>",
      "Object.get (<anonymous>)",
      "test (19)",
    ],
  ],
  [
    "Set.prototype.add.call(new Map,1);",
    [
      "TypeError: Method Set.prototype.add called on incompatible receiver #<Map>",
      "Map.add (<anonymous>)",
      "test (19)",
    ],
  ],
  [
    "Map.prototype.set.apply(1,[1]);",
    ["TypeError: Method Map.prototype.set called on incompatible receiver 1", "Number.set (<anonymous>)", "test (19)"],
  ],
  [
    "Symbol.prototype.toString.call(1);",
    [
      "TypeError: Symbol.prototype.toString requires that 'this' be a Symbol",
      "Number.toString (<anonymous>)",
      "test (27)",
    ],
  ],
  [
    "Function.prototype.toString.call({});",
    [
      "TypeError: Function.prototype.toString requires that 'this' be a Function",
      "Object.toString (<anonymous>)",
      "test (29)",
    ],
  ],
  [
    "String.prototype.at.call(null);",
    ["TypeError: String.prototype.at called on null or undefined", "at (<anonymous>)", "test (21)"],
  ],
  [
    "Reflect.apply(Map.prototype.has,5,[]);",
    ["TypeError: Method Map.prototype.has called on incompatible receiver 5", "Number.has (<anonymous>)", "test (9)"],
  ],
  [
    "Map.prototype.has.bind(5)();",
    ["TypeError: Method Map.prototype.has called on incompatible receiver 5", "Number.has (<anonymous>)", "test (26)"],
  ],
  [
    "Object.getOwnPropertyDescriptor(Map.prototype,'size').get.call(1);",
    [
      "TypeError: Method get Map.prototype.size called on incompatible receiver 1",
      "get size (<anonymous>)",
      "test (59)",
    ],
  ],
  [
    "Object.getOwnPropertyDescriptor(RegExp.prototype,'global').get.call(1);",
    ["TypeError: RegExp.prototype.global getter called on non-RegExp object", "get global (<anonymous>)", "test (64)"],
  ],
  [
    "const g=function*(){};g().next.call(1);",
    [
      "TypeError: Method [Generator].prototype.next called on incompatible receiver 1",
      "Number.next (<anonymous>)",
      "test (32)",
    ],
  ],
  [
    "function*g(){try{yield 1}finally{throw new Error('f')}} const i=g();i.next();i.return();",
    ["Error: f", "g (40)", "g.return (<anonymous>)", "test (86)"],
  ],
  [
    "function*g(){try{yield 1}finally{null.x}} const i=g();i.next();i.return();",
    ["TypeError: Cannot read properties of null (reading 'x')", "g (39)", "g.return (<anonymous>)", "test (72)"],
  ],
  [
    "function*g(){try{yield 1}catch(e){null.x}} const i=g();i.next();i.throw(1);",
    ["TypeError: Cannot read properties of null (reading 'x')", "g (40)", "g.throw (<anonymous>)", "test (72)"],
  ],
  [
    "const g=(function*(){try{yield}catch(e){null.x}})();g.next();g.throw(1);",
    ["TypeError: Cannot read properties of null (reading 'x')", "46", "Generator.throw (<anonymous>)", "test (69)"],
  ],
  [
    "const g=(function*(){try{yield}finally{null.x}})();g.next();g.return(1);",
    ["TypeError: Cannot read properties of null (reading 'x')", "45", "Generator.return (<anonymous>)", "test (69)"],
  ],
  [
    "[...(function*(){null.x})()];",
    ["TypeError: Cannot read properties of null (reading 'x')", "23", "Generator.next (<anonymous>)", "test (26)"],
  ],
  [
    "for(const x of (function*(){null.x})());",
    ["TypeError: Cannot read properties of null (reading 'x')", "34", "Generator.next (<anonymous>)", "test (11)"],
  ],
  [
    "Promise.prototype.finally.call(1);",
    ["TypeError: Promise.prototype.finally called on non-object", "Number.finally (<anonymous>)", "test (27)"],
  ],
  ["`x`();", ['TypeError: "x" is not a function', "test (4)"]],
  ["/x/();", ["TypeError: /x/ is not a function", "test (4)"]],
];

/** Calls on a view without its buffer, by the words in which V8 names them. */
const DETACHED: readonly (readonly [call: string, named: string])[] = [
  ["u.fill(1)", "%TypedArray%.prototype.fill"],
  ["u.map((x) => x)", "%TypedArray%.prototype.map"],
  ["u.at(0)", "%TypedArray%.prototype.at"],
  ["u.toSorted()", "%TypedArray%.prototype.toSorted"],
  ["u.subarray(0)", "Construct"],
  ["new Uint8Array(u)", "Construct"],
  ["[...u]", "%TypedArray%.prototype.values"],
  ["new Uint8Array(1).set(u)", "%TypedArray%.prototype.set"],
  ["d.getInt8(0)", "DataView.prototype.getInt8"],
  ["d.setInt16(0, 1)", "DataView.prototype.setInt16"],
  ["d.byteLength", "DataView.prototype.byteLength"],
];

describe("views without their buffer", () => {
  it.each(DETACHED)("%s", async (call, named) => {
    const source = `const b = new ArrayBuffer(8), u = new Uint8Array(b), d = new DataView(b);
      structuredClone(b, { transfer: [b] });
      let m; try { ${call} } catch (e) { m = e.message } m`;
    expect(await outputOf(runtime, source)).toBe(`Cannot perform ${named} on a detached ArrayBuffer`);
  });

  it.each([
    "(function () { 'use strict'; return (function () {}).caller })()",
    "(function () { 'use strict'; arguments.callee })()",
    "new Proxy(1, {})",
    "Proxy({}, {})",
  ])("no builtin is shown for %s", async (call) => {
    const stack = String(await outputOf(runtime, `let s; try { ${call} } catch (e) { s = e.stack } s`));
    expect(stack).not.toContain("<anonymous>)");
  });
});

describe("errors are placed and worded as in V8", () => {
  it.each(CASES)("%s", async (line, [message, ...frames]) => {
    const source = `(function test() {\n try {\n${line}\n } catch (e) { return e.stack }\n})()`;
    const [said, ...stack] = String(await outputOf(runtime, source)).split("\n");
    expect(said).toBe(message);
    const shown = stack.map((frame) => frame.trim().replace(/^at /, "").replace("test.js:3:", ""));
    expect(shown.slice(0, -1)).toEqual(frames);
  });
});
