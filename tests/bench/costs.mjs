// Owns the benchmark of everything but computing: cold start, host calls, suspended state, memory, size; Fermata beside its peers in one
// process, taking turns. Writes build/bench-costs.json and docs/benchmark-costs.md. Must never time what the peer does not do.
//
//   npm run bench:costs
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { register } from "tsx/esm/api";
import { createRuntime } from "fermata-vm";
import { deflateSync, inflateSync } from "fflate";
import { getQuickJS } from "quickjs-emscripten";
import { QuickJS } from "quickjs-wasi";
import { compiledModule } from "./engines/quickjs-wasi.mjs";

register();
const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { BUDGET_PROGRAMS } = await import(join(root, "tests/snapshot/budget-programs.ts"));
const { measureSizes } = await import(join(root, "ts/build/sizes.ts"));

const runtime = await createRuntime();
const freshRuntime = await createRuntime({ poolSize: 0 });
const quickjs = await getQuickJS();
const wasm = compiledModule();

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Median milliseconds of CPU of each of several works, taking turns. `per`: how often one call of a work does the thing. */
async function compare(works, rounds, per = 1) {
  const times = new Map(Object.keys(works).map((name) => [name, []]));
  for (let round = -2; round < rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times.get(name).push((user + system) / 1000 / per);
    }
  }
  return Object.fromEntries([...times].map(([name, list]) => [name, median(list)]));
}

async function repeat(times, work) {
  for (let i = 0; i < times; i++) await work();
}

// --- cold start

function fermataOnce(from) {
  const state = from.compile("1 + 2", { filename: "a.js" }).start();
  if (state.output !== 3) throw new Error("wrong");
}

function quickjsOnce() {
  const context = quickjs.newContext();
  context.unwrapResult(context.evalCode("1 + 2")).dispose();
  context.dispose();
}

async function quickjsWasiOnce() {
  const vm = await QuickJS.create({ wasm });
  vm.evalCode("1 + 2").dispose();
  vm.dispose();
}

async function coldStart() {
  const ready = runtime.compile("1 + 2", { filename: "a.js" });
  return compare(
    {
      "Fermata, new": () => repeat(20, () => fermataOnce(freshRuntime)),
      "Fermata, pooled": () => repeat(20, () => fermataOnce(runtime)),
      "Fermata, pooled, program compiled before": () => repeat(20, () => ready.start().output),
      "quickjs-emscripten, shared instance": () => repeat(20, quickjsOnce),
      "quickjs-wasi": () => repeat(20, quickjsWasiOnce),
    },
    25,
    20,
  );
}

// --- host calls

const CALLS = 20_000;
const LIMITS = { hostCalls: 10_000_000, timeMs: 600_000 };
const ORDER = {
  id: "order-000017",
  customer: {
    name: "Ada Lovelace",
    email: "ada@example.com",
    address: { street: "12 St James's Square", city: "London" },
  },
  items: Array.from({ length: 6 }, (_, i) => ({
    sku: `SKU-${1000 + i}`,
    title: `Article number ${i}`,
    quantity: i + 1,
    price: 9.95 * (i + 1),
  })),
  notes: "Leave the parcel with the neighbour if nobody is at home.",
  paid: true,
};

function syncSource(argument) {
  return `let t = 0; for (let i = 0; i < ${CALLS}; i++) { const r = echo(${argument}); t += typeof r === "number" ? r & 1 : r.items.length; } t`;
}

function fermataSync(program, inputs) {
  return () => {
    let state = program.start({ inputs, limits: LIMITS });
    while (state.status === "suspended") state = state.resume(state.calls[0].args[0]);
    return state.output;
  };
}

/** What the peers offer: a function of the host's, called by whoever runs the program. */
function fermataRun(program, inputs) {
  return async () => (await program.run({ inputs, limits: LIMITS, tools: { echo: (value) => value } })).output;
}

function quickjsSync(source, value) {
  return () => {
    const context = quickjs.newContext();
    const echo =
      value === undefined
        ? context.newFunction("echo", (a) => context.newNumber(context.getNumber(a)))
        : // What it offers for objects is JSON both ways.
          context.newFunction("echo", (a) => context.newString(JSON.stringify(JSON.parse(context.getString(a)))));
    context.setProp(context.global, "echo", echo);
    echo.dispose();
    const result = context.unwrapResult(context.evalCode(source));
    result.dispose();
    context.dispose();
  };
}

function quickjsWasiSync(source, value) {
  return async () => {
    const vm = await QuickJS.create({ wasm });
    const echo =
      value === undefined
        ? vm.newFunction("echo", (a) => vm.newNumber(a.toNumber()))
        : vm.newFunction("echo", (a) => vm.newString(JSON.stringify(JSON.parse(a.toString()))));
    vm.setProp(vm.global, "echo", echo);
    vm.evalCode(source).dispose();
    vm.dispose();
  };
}

const JSON_SOURCE = `const order = ${JSON.stringify(ORDER)}; let t = 0;
  for (let i = 0; i < ${CALLS / 10}; i++) t += JSON.parse(echo(JSON.stringify(order))).items.length; t`;

async function hostCalls() {
  const number = runtime.compile(syncSource("i"), { filename: "a.js", externals: { echo: "sync" } });
  const object = runtime.compile(
    `let t = 0; for (let i = 0; i < ${CALLS / 10}; i++) t += echo(order).items.length; t`,
    { filename: "a.js", inputs: ["order"], externals: { echo: "sync" } },
  );
  const numbers = await compare(
    {
      Fermata: fermataRun(number),
      "Fermata, as a state": fermataSync(number),
      "quickjs-emscripten": quickjsSync(syncSource("i")),
      "quickjs-wasi": quickjsWasiSync(syncSource("i")),
    },
    7,
    CALLS,
  );
  const objects = await compare(
    {
      Fermata: fermataRun(object, { order: ORDER }),
      "Fermata, as a state": fermataSync(object, { order: ORDER }),
      "quickjs-emscripten": quickjsSync(JSON_SOURCE, ORDER),
      "quickjs-wasi": quickjsWasiSync(JSON_SOURCE, ORDER),
    },
    7,
    CALLS / 10,
  );
  return { numbers, objects, asynchronous: await asynchronousCalls() };
}

async function asynchronousCalls() {
  const loop = `let t = 0; for (let i = 0; i < ${CALLS / 10}; i++) t += await echo(i); t`;
  const program = runtime.compile(loop, { filename: "a.js", externals: ["echo"] });
  return compare(
    {
      Fermata: fermataRun(program),
      "Fermata, as a state": fermataSync(program),
      "quickjs-wasi": async () => {
        const vm = await QuickJS.create({ wasm });
        const pending = [];
        const echo = vm.newFunction("echo", (a) => {
          const deferred = vm.newPromise();
          pending.push([deferred, a.toNumber()]);
          return deferred.handle;
        });
        vm.setProp(vm.global, "echo", echo);
        vm.evalCode(`(async () => { ${loop.replace(/; t$/, "; globalThis.done = t")} })()`).dispose();
        vm.executePendingJobs();
        for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
          const value = vm.newNumber(next[1]);
          next[0].resolve(value);
          value.dispose();
          vm.executePendingJobs();
        }
        vm.dispose();
      },
    },
    7,
    CALLS / 10,
  );
}

// --- suspended state

async function quickjsWasiParked(source) {
  const vm = await QuickJS.create({ wasm, wasi: () => ({}) });
  const call = vm.newFunction("hostCall", () => vm.newPromise().handle);
  vm.setProp(vm.global, "hostCall", call);
  vm.evalCode(source).dispose();
  vm.executePendingJobs();
  return vm;
}

async function suspended() {
  const rows = {};
  for (const [name, source] of Object.entries(BUDGET_PROGRAMS)) {
    const rounds = name.endsWith("1mb") ? 5 : 41;
    const state = runtime.compile(source, { filename: "program.js", externals: ["hostCall"] }).start();
    const vm = await quickjsWasiParked(source);
    let ours = state.snapshot().dump();
    let theirs;
    const out = await compare(
      {
        Fermata: () => (ours = state.snapshot().dump()),
        "quickjs-wasi": () => (theirs = deflateSync(QuickJS.serializeSnapshot(vm.snapshot()), { level: 6 })),
      },
      rounds,
    );
    const back = await compare(
      {
        Fermata: () => runtime.load(ours).restore().dispose(),
        "quickjs-wasi": async () =>
          (await QuickJS.restore(QuickJS.deserializeSnapshot(inflateSync(theirs)), { wasm })).dispose(),
      },
      rounds,
    );
    rows[name] = { bytes: { Fermata: ours.length, "quickjs-wasi": theirs.length }, out, back };
    state.dispose();
    vm.dispose();
  }
  return rows;
}

// --- memory and size

async function memory() {
  const state = freshRuntime.compile("1 + 2; for (;;) ;", { filename: "a.js" }).start({ limits: { fuel: 100 } });
  const { memoryBytes } = state.usage;
  const linear = state.machine.memoryBytes;
  state.dispose();
  const vm = await QuickJS.create({ wasm });
  vm.evalCode("1 + 2").dispose();
  const theirs = vm.snapshot().memory.length;
  vm.dispose();
  return { Fermata: linear, "Fermata, in use above the base image": memoryBytes, "quickjs-wasi": theirs };
}

const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** What an application that does not want TypeScript loads. */
function sizes() {
  const now = measureSizes();
  const peers = (name, ...files) =>
    files.reduce((sum, file) => sum + gzip(readFileSync(join(root, "node_modules", name, file))), 0);
  return {
    "Fermata, wasm": now["wasm, all"],
    "Fermata, JavaScript": now["JavaScript: fermata-vm"],
    "Fermata, TypeScript stripper": now["JavaScript: TypeScript stripper"],
    "quickjs-wasi, wasm": peers("quickjs-wasi", "quickjs.wasm"),
    "quickjs-emscripten, wasm": peers("@jitl/quickjs-wasmfile-release-sync", "dist/emscripten-module.wasm"),
  };
}

// --- report

const result = {
  node: process.version,
  cpu: cpus()[0]?.model,
  coldStartMs: await coldStart(),
  hostCallsMs: await hostCalls(),
  suspended: await suspended(),
  memoryBytes: await memory(),
  gzipBytes: sizes(),
};

const micro = (ms) => `${(ms * 1000).toFixed(2)} µs`;
const milli = (ms) => `${ms.toFixed(3)} ms`;
const kilo = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const row = (cells) => `| ${cells.join(" | ")} |`;

function table(head, rows) {
  return [row(head), row(head.map(() => "---")), ...rows.map(row), ""].join("\n");
}

const columns = (record, show) => Object.entries(record).map(([name, value]) => [name, show(value)]);
const text = [
  "# What everything but computing costs",
  "",
  `Written by \`npm run bench:costs\` (Node ${result.node}, ${result.cpu}). CPU time, medians; the engines take turns in one process.`,
  "",
  "## Cold start: a VM, `1 + 2` compiled and run, the VM given back",
  "",
  table(["engine", "time"], columns(result.coldStartMs, milli)),
  "## A host call",
  "",
  table(
    ["engine", "synchronous, a number", "asynchronous, a number", "synchronous, an object of 900 bytes there and back"],
    ["Fermata", "Fermata, as a state", "quickjs-emscripten", "quickjs-wasi"].map((name) => [
      name,
      micro(result.hostCallsMs.numbers[name]),
      result.hostCallsMs.asynchronous[name] === undefined ? "–" : micro(result.hostCallsMs.asynchronous[name]),
      micro(result.hostCallsMs.objects[name]),
    ]),
  ),
  "Fermata by `run` with functions of the host's; as a state: suspended at every call, and resumed with the answer. The peers pass objects as",
  "JSON text, the fastest way they have.",
  "",
  "## Suspended at a host call, compressed, with the program",
  "",
  table(
    [
      "program",
      "Fermata",
      "quickjs-wasi, deflated",
      "out: Fermata",
      "out: quickjs-wasi",
      "back: Fermata",
      "back: quickjs-wasi",
    ],
    Object.entries(result.suspended).map(([name, { bytes, out, back }]) => [
      name,
      bytes.Fermata < 10_000 ? `${bytes.Fermata} bytes` : kilo(bytes.Fermata),
      kilo(bytes["quickjs-wasi"]),
      milli(out.Fermata),
      milli(out["quickjs-wasi"]),
      milli(back.Fermata),
      milli(back["quickjs-wasi"]),
    ]),
  ),
  "## Memory of a VM after `1 + 2`",
  "",
  table(["engine", "linear memory"], columns(result.memoryBytes, kilo)),
  "## Size, gzip",
  "",
  table(["part", "size"], columns(result.gzipBytes, kilo)),
].join("\n");

mkdirSync(join(root, "build"), { recursive: true });
writeFileSync(join(root, "build/bench-costs.json"), JSON.stringify(result, null, 1));
writeFileSync(join(root, "docs/benchmark-costs.md"), text);
console.log(text);
