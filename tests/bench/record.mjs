// npm run bench:record: what recording costs, and what going back does. Ratios within one process: the rounds alternate, and the best of each counts.

import { createRuntime } from "../../dist/node.js";

const runtime = await createRuntime();

const WORKLOADS = {
  loop: `let n = 0; for (let i = 0; i < 3e6; i++) n = (n + i * 7) % 1000003; n`,
  calls: `function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } fib(27)`,
  objects: `const all = []; for (let i = 0; i < 200000; i++) all.push({ id: i, name: "item " + i, tags: [i, i + 1] }); all.length`,
  strings: `let text = ""; for (let i = 0; i < 300000; i++) { text += i; if (text.length > 50000) text = text.slice(-100); } text.length`,
  garbage: `let sum = 0; for (let i = 0; i < 300000; i++) { const [a, b] = [i, { i }].map((x) => x); sum += a + b.i; } sum`,
  large: `const big = Array.from({ length: 300000 }, (_, i) => ({ i })); let n = 0; for (let k = 0; k < 3; k++) for (const { i } of big) n += i; n`,
  "host calls": `let n = 0; for (let i = 0; i < 200000; i++) n += get(i); n`,
};
const LIMITS = { memoryBytes: 512 * 1024 * 1024, timeMs: Infinity };
const tools = { get: (i) => i & 7 };

function timed(work) {
  const begun = performance.now();
  return work().then(() => performance.now() - begun);
}

const rounds = Number(process.argv[2] ?? 5);
console.log("workload, every        plain ms   recorded    ratio   checkpoints' bytes   one step back from the end");
let worst = 0;
for (const [name, source] of Object.entries(WORKLOADS)) {
  for (const step of [false, true]) {
    const externals = name === "host calls" ? { get: "sync" } : {};
    const program = runtime.compile(source, { step, externals });
    const options = { seed: 1, now: 0, limits: LIMITS };
    let plain = Infinity;
    let recorded = Infinity;
    let last;
    for (let round = 0; round < rounds; round++) {
      plain = Math.min(
        plain,
        await timed(() => program.run({ ...options, ...(name === "host calls" ? { tools } : {}) })),
      );
      last?.dispose();
      last = program.startRecording(options);
      recorded = Math.min(recorded, await timed(() => last.drive(name === "host calls" ? { tools } : {})));
    }
    const begun = performance.now();
    last.stepBack();
    const back = performance.now() - begun;
    worst = Math.max(worst, recorded / plain);
    const cells = [
      plain.toFixed(1),
      recorded.toFixed(1),
      (recorded / plain).toFixed(2),
      String(last.bytes),
      `${back.toFixed(1)} ms`,
    ];
    console.log(`${`${name}${step ? ", step" : ""}`.padEnd(20)} ${cells.map((cell) => cell.padStart(10)).join(" ")}`);
    last.dispose();
  }
}
console.log(`worst ratio ${worst.toFixed(2)}: ${worst <= 2 ? "at most 2" : "MORE THAN 2"}`);
process.exitCode = worst <= 2 ? 0 : 1;
