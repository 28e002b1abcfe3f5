// One half of the workflow, in a process of its own: `start` runs to the approval and writes what is to be stored; `finish` reads it,
// approves and runs to the end. Prints what was measured as JSON. Must never carry anything from one half to the other but those bytes.
//
//   node phase.mjs PEER start|finish FILE TURNS
import { readFileSync, writeFileSync } from "node:fs";

const [peer, half, file, turns] = process.argv.slice(2);

/** Three calls, some computing, and an approval. */
const SOURCE = `const rows = [];
for (let i = 0; i < 3; i++) rows.push(await tools.row(i));
let sum = 0;
for (let i = 0; i < ${turns}; i++) sum = (sum * 31 + i) | 0;
const ok = await tools.approve(rows.length);
return ok + ":" + rows.join() + ":" + sum;`;

const made = { row: 0, approve: 0 };
const row = (i) => {
  made.row++;
  return `row ${i}`;
};

const PEERS = {
  async fermata() {
    const { createRuntime } = await import("fermata-vm");
    const { createRunner } = await import("fermata-vm/runner");
    const { MemoryStore } = await import("fermata-vm/stores/memory");
    const runtime = await createRuntime({ typescript: false });
    const store = new MemoryStore();
    const approve = {
      approval: true,
      call: () => {
        made.approve++;
        return "yes";
      },
    };
    const runner = createRunner({ runtime, store, tools: { "tools.row": row, "tools.approve": approve } });
    const externals = { tools: { row: "async", approve: "async" } };
    return {
      async start() {
        const program = runtime.compile(SOURCE, { filename: "flow.js", type: "function-body", externals });
        await runner.start(program, { id: "flow" });
        await runner.drive("flow");
        return (await store.get("fermata/r/default/flow")).bytes;
      },
      async finish(bytes) {
        await store.put("fermata/r/default/flow", bytes);
        const [{ callId }] = await runner.pending("flow");
        await runner.answer("flow", callId, { approve: true });
        return (await runner.drive("flow")).output;
      },
    };
  },

  async run() {
    process.env.RUN_CONTINUATION_SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef";
    const { getHostFunctionContext, run } = await import("run");
    const hostFunctions = {
      tools: {
        row: async (i) => row(i),
        approve: async () => {
          made.approve++;
          const { interrupt, resume } = getHostFunctionContext();
          return resume === undefined ? interrupt({ kind: "approval" }) : resume.resolution;
        },
      },
    };
    return {
      async start() {
        const held = await run({ source: SOURCE, hostFunctions });
        const { interruptions, continuation } = held;
        return Buffer.from(JSON.stringify({ id: interruptions[0].id, continuation }));
      },
      async finish(bytes) {
        const { id, continuation } = JSON.parse(bytes.toString());
        const resolutions = [{ interruptionId: id, value: "yes" }];
        return (await run({ source: SOURCE, hostFunctions, continuation, resolutions })).value;
      },
    };
  },

  async "quickjs-wasi"() {
    const { QuickJS } = await import("quickjs-wasi");
    const { compiledModule } = await import("../engines/quickjs-wasi.mjs");
    const wasm = compiledModule();
    // Promises of the host do not outlive it: the guest keeps its own table of them.
    const guest = `globalThis.waiting = {}; let calls = 0;
const call = (name) => (arg) => new Promise((resolve) => { const id = ++calls; waiting[id] = resolve; host(id, name, arg); });
const tools = { row: call("row"), approve: call("approve") };
globalThis.result = undefined; (async () => { ${SOURCE} })().then((value) => { globalThis.result = value; });`;
    const calls = [];
    const hostOf =
      (vm) =>
      (...args) => {
        calls.push(args.map((arg) => vm.dump(arg)));
        return vm.undefined;
      };
    const answer = (vm, id, value) => {
      vm.evalCode(`waiting[${id}](${JSON.stringify(value)}); delete waiting[${id}];`).dispose();
      vm.executePendingJobs();
    };
    return {
      async start() {
        const vm = await QuickJS.create({ wasm });
        vm.setProp(vm.global, "host", vm.newFunction("host", hostOf(vm)));
        vm.evalCode(guest).dispose();
        vm.executePendingJobs();
        for (;;) {
          const [id, name, arg] = calls.shift();
          if (name === "row") answer(vm, id, row(arg));
          else return Buffer.concat([Buffer.from(`${id} `), QuickJS.serializeSnapshot(vm.snapshot())]);
        }
      },
      async finish(bytes) {
        const space = bytes.indexOf(32);
        const vm = await QuickJS.restore(QuickJS.deserializeSnapshot(bytes.subarray(space + 1)), { wasm });
        vm.registerHostCallback("host", hostOf(vm));
        made.approve++;
        answer(vm, Number(bytes.subarray(0, space).toString()), "yes");
        return vm.dump(vm.evalCode("result"));
      },
    };
  },
};

const subject = await PEERS[peer]();
const begin = performance.now();
if (half === "start") {
  const bytes = await subject.start();
  const ms = performance.now() - begin;
  writeFileSync(file, bytes);
  console.log(JSON.stringify({ ms, bytes: bytes.length, made }));
} else {
  const bytes = readFileSync(file);
  const output = await subject.finish(bytes);
  console.log(JSON.stringify({ ms: performance.now() - begin, made, output }));
}
process.exit(0);
