// Owns the benchmark of holding: compile, start, snapshot, dump, dispose, load, restore, resume of small programs, one at a time and as
// cycles, Fermata beside its peers in turns; and the memory of many states. Writes build/bench-hold.json, docs/benchmark-hold.md and
// docs/benchmark-hold.svg. Must never time what a peer does not do, and never let a load find bytes that its own runtime wrote,
// unless the row says so.
//
//   npm run bench:hold -- [--turns N] [--states N] [--python FILE] [--dist FOLDER] [--no-memory] [--no-docs]
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { QuickJS } from "quickjs-wasi";
import { compiledModule } from "./engines/quickjs-wasi.mjs";
import { optionsOf, PROGRAMS, startOf } from "./hold/programs.mjs";
import { plotOf, textOf } from "./hold/report.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const { values: options } = parseArgs({
  options: {
    turns: { type: "string", default: "3000" },
    states: { type: "string", default: "10000" },
    python: { type: "string", default: "python3" },
    dist: { type: "string" },
    "no-memory": { type: "boolean", default: false },
    "no-docs": { type: "boolean", default: false },
  },
});
const TURNS = Number(options.turns);
const { createRuntime } = await import(
  options.dist === undefined ? "fermata-vm" : pathToFileURL(join(options.dist, "node.js")).href
);

// --- measuring

const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[Math.floor((list.length - 1) / 2)];
const summary = (times) => ({ min: sorted(times)[0], median: median(times) });

/** Microseconds of each of `turns` turns of every work, in blocks that take turns; `warm` blocks are not counted. */
async function compare(works, turns, warm = 2) {
  const times = new Map(Object.keys(works).map((name) => [name, []]));
  const block = Math.ceil(turns / 10);
  for (let round = -warm; round < 10; round++) {
    for (const [name, work] of Object.entries(works)) {
      const list = await work(block);
      if (round >= 0) times.get(name).push(...list);
    }
  }
  return Object.fromEntries([...times].map(([name, list]) => [name, summary(list)]));
}

/** A work that times each call of `turn`, after `prepare`, which is not timed; `after` gets what both returned. */
const each =
  (turn, prepare = () => undefined, after = () => undefined) =>
  async (count) => {
    const times = [];
    for (let i = 0; i < count; i++) {
      const given = prepare(i);
      const before = performance.now();
      const made = turn(given);
      times.push((performance.now() - before) * 1000);
      after(made, given);
    }
    return times;
  };

const eachAsync = (turn) => async (count) => {
  const times = [];
  for (let i = 0; i < count; i++) {
    const before = performance.now();
    await turn();
    times.push((performance.now() - before) * 1000);
  }
  return times;
};

// --- the peers

/** Zapcode in its child process; undefined where its wheel is not installed. */
function zapcode() {
  try {
    execFileSync(options.python, ["-c", "import zapcode"], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  const child = spawn(options.python, [join(here, "hold/zapcode-peer.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (stage, count) => {
    child.stdin.write(`${JSON.stringify([stage, count])}\n`);
    return JSON.parse((await lines.next()).value);
  };
  return {
    stage: (name) => async (count) => (await ask(name, count)).times,
    bytes: async () => (await ask("one call, out", 1)).bytes,
    end: () => child.kill(),
  };
}

const wasm = compiledModule();
const QUICK_CALL = `globalThis.done = (async () => { ${PROGRAMS.call.source.replace("; r", "; return r")} })()`;

async function quickLine() {
  const vm = await QuickJS.create({ wasm });
  vm.evalCode("1 + 2").dispose();
  vm.dispose();
}

async function quickCall() {
  const vm = await QuickJS.create({ wasm, wasi: () => ({}) });
  const call = vm.newFunction("hostCall", () => vm.newPromise().handle);
  vm.setProp(vm.global, "hostCall", call);
  vm.evalCode(QUICK_CALL).dispose();
  vm.executePendingJobs();
  const bytes = QuickJS.serializeSnapshot(vm.snapshot());
  vm.dispose();
  return bytes;
}

// --- Fermata

const own = await createRuntime();
/** Bytes that `other` wrote come from elsewhere for `own`. */
const other = await createRuntime();
const fresh = await createRuntime({ poolSize: 0 });
const REFERENCE = { program: "reference" };

const answered = (state, value) => state.resume(value);
const programOf = (runtime, name) => runtime.compile(PROGRAMS[name].source, optionsOf(name));
const check = (value) => {
  if (value !== 3) throw new Error("wrong");
};

let turn = 0;
/** The source in one piece, as one that was read from somewhere, and different each time. */
const differing = (source) => Buffer.from(`${source}\n// ${turn++}`).toString();

function compileRow(name, filename) {
  return each(
    (source) => own.compile(source, optionsOf(name, filename)),
    () => differing(PROGRAMS[name].source),
  );
}

async function sequential(peer) {
  const line = programOf(own, "line");
  return compare(
    {
      "Fermata, pooled": each(() => check(own.compile("1 + 2", optionsOf("line")).start().output)),
      "Fermata, compiled before": each(() => check(line.start().output)),
      "Fermata, new machine": each(() => check(fresh.compile("1 + 2", optionsOf("line")).start().output)),
      "quickjs-wasi": async (count) => eachAsync(quickLine)(Math.ceil(count / 40)),
      ...(peer === undefined ? {} : { Zapcode: peer.stage("one line") }),
    },
    TURNS,
  );
}

function startAndDump() {
  const state = programOf(own, "call").start(startOf(1));
  const bytes = state.snapshot().dump(REFERENCE);
  state.dispose();
  return bytes;
}

function embedded() {
  const state = programOf(own, "call").start(startOf(1));
  const bytes = state.snapshot().dump();
  state.dispose();
  return bytes;
}

async function oneCall(peer) {
  const program = programOf(own, "call");
  const held = (() => {
    const state = programOf(other, "call").start(startOf(1));
    return { bytes: state.snapshot().dump(), reference: state.snapshot().dump(REFERENCE) };
  })();
  let quick;
  const out = await compare(
    {
      "Fermata, by reference": each(startAndDump),
      "Fermata, with its program": each(embedded),
      "quickjs-wasi": async (count) => eachAsync(async () => (quick = await quickCall()))(Math.ceil(count / 100)),
      ...(peer === undefined ? {} : { Zapcode: peer.stage("one call, out") }),
    },
    TURNS,
  );
  const back = await compare(
    {
      "Fermata, by reference": each(() => own.load(held.reference, { program }).resume(4).output),
      "Fermata, with its program": each(() => own.load(held.bytes).resume(4).output),
      "quickjs-wasi": async (count) =>
        eachAsync(async () => (await QuickJS.restore(QuickJS.deserializeSnapshot(quick), { wasm })).dispose())(
          Math.ceil(count / 100),
        ),
      ...(peer === undefined ? {} : { Zapcode: peer.stage("one call, back") }),
    },
    TURNS,
  );
  const drive = await compare(
    {
      "Fermata, run with a function": (count) =>
        eachAsync(async () => (await program.run({ tools: { hostCall: () => 4 } })).output)(count),
    },
    TURNS,
  );
  const bytes = {
    "Fermata, by reference": held.reference.length,
    "Fermata, with its program": held.bytes.length,
    "quickjs-wasi": quick.length,
    ...(peer === undefined ? {} : { Zapcode: await peer.bytes() }),
  };
  return { out, back, drive, bytes };
}

/** Many first stops of a program, each of another seed, written by another runtime than the one that will load them. */
function strangers(name, count) {
  const program = programOf(other, name);
  return Array.from({ length: count }, (_, i) => {
    const state = program.start(startOf(i));
    const bytes = state.snapshot().dump(REFERENCE);
    state.dispose();
    return bytes;
  });
}

const STAGES = ["load", "restore", "resume", "snapshot", "dump", "dispose"];

/** One cycle; the times of its stages go to `times`. Returns the new bytes. */
function cycle(runtime, program, bytes, answer, times) {
  const t0 = performance.now();
  const loaded = runtime.load(bytes, { program });
  const t1 = performance.now();
  const state = loaded.restore();
  const t2 = performance.now();
  const next = answered(state, answer);
  const t3 = performance.now();
  const snapshot = next.snapshot();
  const t4 = performance.now();
  const out = snapshot.dump(REFERENCE);
  const t5 = performance.now();
  next.dispose();
  const t6 = performance.now();
  const marks = [t0, t1, t2, t3, t4, t5, t6];
  STAGES.forEach((stage, i) => times[stage].push((marks[i + 1] - marks[i]) * 1000));
  times.cycle.push((t6 - t0) * 1000);
  return out;
}

/** Cycles of bytes from elsewhere: each is the first stop of a run that this runtime has not seen. */
function cyclesFromElsewhere(name, turns) {
  const { answer } = PROGRAMS[name];
  const list = strangers(name, 600);
  const program = programOf(own, name);
  return (count, times) => {
    for (let i = 0; i < count; i++) cycle(own, program, list[turn++ % list.length], answer, times);
    return turns;
  };
}

/** Cycles of one run: each loads what the one before has written. */
function cyclesOfOwn(name) {
  const { answer } = PROGRAMS[name];
  const program = programOf(own, name);
  const [first] = strangers(name, 1);
  let bytes = first;
  let steps = 0;
  return (count, times) => {
    for (let i = 0; i < count; i++) {
      // The agent program ends at its sixth call.
      if (name === "agent" && ++steps % 4 === 0) bytes = first;
      bytes = cycle(own, program, bytes, answer, times);
    }
    return bytes;
  };
}

function stagesOf(run) {
  const empty = () => Object.fromEntries([...STAGES, "cycle"].map((stage) => [stage, []]));
  run(Math.ceil(TURNS / 3), empty());
  const times = empty();
  const before = process.cpuUsage();
  run(TURNS, times);
  const { user, system } = process.cpuUsage(before);
  const cpu = (user + system) / TURNS;
  return {
    ...Object.fromEntries(Object.entries(times).map(([stage, list]) => [stage, summary(list)])),
    cpu,
    perSecond: 1e6 / cpu,
  };
}

function cycles() {
  const rows = {};
  for (const name of ["loop", "agent"]) {
    rows[`${name}, from elsewhere`] = stagesOf(cyclesFromElsewhere(name));
    rows[`${name}, written here`] = stagesOf(cyclesOfOwn(name));
  }
  return rows;
}

async function starting() {
  const loop = programOf(own, "loop");
  const agent = programOf(own, "agent");
  const state = loop.start(startOf(1));
  const works = {
    "compile 1 + 2, .js": compileRow("line", "program.js"),
    "compile 1 + 2, .ts": compileRow("line", "program.ts"),
    "compile one call, .js": compileRow("call", "program.js"),
    "compile 50 lines, .js": compileRow("lines50", "program.js"),
    "compile 50 lines, .ts": compileRow("lines50", "program.ts"),
    "compile the agent, .js": compileRow("agent", "program.js"),
    "start the loop": each(
      () => loop.start(startOf(1)),
      undefined,
      (made) => made.dispose(),
    ),
    "start the agent": each(
      () => agent.start(startOf(1)),
      undefined,
      (made) => made.dispose(),
    ),
    "a new machine": each(() => fresh.compile("1", optionsOf("line")).start().output),
  };
  if (typeof state.fork === "function") {
    works["fork the loop"] = each(
      () => state.fork(),
      undefined,
      (made) => made.dispose(),
    );
  }
  return compare(works, Math.ceil(TURNS / 3));
}

function memory() {
  const run = (way, name, count) => {
    const args = ["--expose-gc", join(here, "hold/memory.mjs"), way, name, String(count)];
    if (options.dist !== undefined) args.push(options.dist);
    return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }).trim());
  };
  const states = Number(options.states);
  return {
    states,
    live: run("live", "loop", states),
    bytes: run("bytes", "loop", states),
    "live, agent": run("live", "agent", Math.ceil(states / 10)),
  };
}

const peer = zapcode();
const result = {
  node: process.version,
  cpu: cpus()[0]?.model,
  turns: TURNS,
  starting: await starting(),
  sequential: await sequential(peer),
  oneCall: await oneCall(peer),
  cycles: cycles(),
  memory: options["no-memory"] ? undefined : memory(),
};
peer?.end();

mkdirSync(join(root, "build"), { recursive: true });
writeFileSync(join(root, "build/bench-hold.json"), JSON.stringify(result, null, 1));
const text = textOf(result);
console.log(text);
if (!options["no-docs"]) {
  writeFileSync(join(root, "docs/benchmark-hold.md"), text);
  writeFileSync(join(root, "docs/benchmark-hold.svg"), plotOf(result));
}
process.exit(0);
