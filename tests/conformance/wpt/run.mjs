// Owns the runs of the web platform tests: files of web-platform-tests/wpt that need no page (`*.any.js`), in the guest, with their own
// testharness.js. A copy of the tests is not part of this repository. Must never judge a test: the harness does.
//
//   npm run wpt -- DIR [PATH …] [--libraries NAME,NAME] [--out FILE]
//
// DIR          a checkout, or any folder with resources/testharness.js and some of the tests
// PATH         files or folders below it; without one, all
// --libraries  folders of ts/libraries whose libraries the tests may name
// --out        writes the results as JSON: file → { pass, fail: [[test, message]], error }
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { register } from "tsx/esm/api";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { libraries: { type: "string" }, out: { type: "string" } },
});
const [folder, ...paths] = positionals;
if (folder === undefined || !existsSync(join(folder, "resources/testharness.js"))) {
  console.error("usage: npm run wpt -- DIR [PATH …]   (DIR has resources/testharness.js)");
  process.exit(2);
}

register();
const { createRuntimeFrom } = await import(join(root, "ts/api/runtime.ts"));
const { buildLibraries } = await import(join(root, "ts/build/libraries.ts"));
const module = new WebAssembly.Module(readFileSync(process.env.FERMATA_WASM ?? join(root, "build/fermata.wasm")));
const builder = await createRuntimeFrom({ module, typescript: false });
const built = values.libraries === undefined ? [] : await buildLibraries(root, builder, values.libraries.split(","));
const runtime = await createRuntimeFrom({ module, typescript: false, libraries: built.map(({ library }) => library) });

/** Most timers that one file may wait for, and milliseconds that it may compute. */
const MAX_TIMERS = 2000;
const LIMITS = { timeMs: 30_000, memoryBytes: 512 * 1024 * 1024 };

function filesIn(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) =>
      statSync(join(path, name)).isDirectory() || name.endsWith(".any.js") ? filesIn(join(path, name)) : [],
    );
}

/** Runs a chunk to its end; timers fire at once, in the order in which they are due. */
function complete(session, source, filename) {
  let state = session.start(source, { filename, limits: LIMITS });
  for (let left = MAX_TIMERS; state.status === "suspended"; left--) {
    const timers = state.calls.filter(({ kind }) => kind === "timer");
    if (timers.length < state.calls.length) throw new Error(`it imports or calls ${state.calls[0].name}`);
    if (left === 0) throw new Error("it never ends");
    state = state.resumeTimers(Math.min(...timers.map(({ dueAt }) => dueAt)));
  }
  return state.output;
}

/** Scripts that a file names in its head, as paths. */
function scriptsOf(file, source) {
  return [...source.matchAll(/^\/\/ META: script=(\S+)/gm)].map(([, script]) =>
    script.startsWith("/") ? join(folder, script) : join(dirname(file), script),
  );
}

const BEFORE = `
  var GLOBAL = { isWindow: () => false, isWorker: () => false, isShadowRealm: () => false };
  var wptResults = [];`;
/** Comes after the harness, which takes a location for a page: what tests ask of their surroundings, an address and a way to shared memory. */
const HARNESS = `
  setup({ explicit_done: true });
  add_result_callback((test) => wptResults.push([test.name, test.status, test.message]));
  var location = { search: "", href: "https://web-platform.test/" };
  var WebAssembly = { Memory: function ({ shared }) { this.buffer = shared ? new SharedArrayBuffer(0) : new ArrayBuffer(0); } };`;

function run(file) {
  const session = runtime.session({ language: "javascript", now: 0, seed: 1 });
  const source = readFileSync(file, "utf8");
  const result = { pass: 0, fail: [], error: undefined };
  try {
    complete(session, BEFORE, "before.js");
    complete(session, readFileSync(join(folder, "resources/testharness.js"), "utf8"), "testharness.js");
    complete(session, HARNESS, "harness.js");
    for (const script of scriptsOf(file, source)) complete(session, readFileSync(script, "utf8"), script);
    complete(session, `${source}\ndone();`, relative(folder, file));
  } catch (error) {
    result.error = error.message.split("\n")[0];
  }
  try {
    for (const [name, status, message] of complete(session, "wptResults", "results.js"))
      if (status === 0) result.pass++;
      else result.fail.push([name, message]);
  } catch (error) {
    result.error ??= error.message;
  }
  session.dispose();
  return result;
}

const all = {};
let pass = 0;
let total = 0;
for (const file of (paths.length > 0 ? paths : ["."]).flatMap((path) => filesIn(resolve(folder, path)))) {
  const name = relative(resolve(folder), file);
  const result = (all[name] = run(file));
  pass += result.pass;
  total += result.pass + result.fail.length + (result.error === undefined ? 0 : 1);
  if (result.error !== undefined) console.log(`${name}: ended by ${result.error}`);
  for (const [test, message] of result.fail) console.log(`${name}: ${test}: ${String(message).slice(0, 160)}`);
}
console.log(`${pass} of ${total} subtests pass, in ${Object.keys(all).length} files`);
if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(all, undefined, 1));
