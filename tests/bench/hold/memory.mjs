// Owns one measurement of memory: many suspended states of one program, held live or as bytes, in a process of its own. Prints a
// line of JSON. node --expose-gc memory.mjs live|bytes PROGRAM COUNT [DIST]
import { pathToFileURL } from "node:url";
import { optionsOf, PROGRAMS, startOf } from "./programs.mjs";

const [way, name, count, dist] = process.argv.slice(2);
const { createRuntime } = await import(dist === undefined ? "fermata-vm" : pathToFileURL(`${dist}/node.js`).href);
const runtime = await createRuntime();
const program = runtime.compile(PROGRAMS[name].source, optionsOf(name));
const kept = [];
function hold(n) {
  for (let i = 0; i < n; i++) {
    const state = program.start(startOf(i));
    if (way === "live") kept.push(state);
    else {
      kept.push(state.snapshot().dump({ program: "reference" }));
      state.dispose();
    }
  }
}
const collect = async () => {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await new Promise((done) => setTimeout(done, 20));
  }
  return process.memoryUsage.rss();
};
hold(50);
const before = await collect();
const began = performance.now();
hold(Number(count));
const ms = performance.now() - began;
const after = await collect();
const bytes = way === "bytes" ? kept.reduce((sum, one) => sum + one.length, 0) / kept.length : undefined;
console.log(JSON.stringify({ rssPerState: (after - before) / count, usPerState: (ms * 1000) / count, bytes }));
