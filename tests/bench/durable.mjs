// Owns the benchmark of one approval workflow that is held and goes on in another process: Fermata's runner beside `run`, which replays,
// and quickjs-wasi, which keeps the whole memory. Writes docs/benchmark-durable.md. Must never count the start of a process.
//
//   npm run bench:durable -- [--rounds N] [--no-docs]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { deflateRawSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, "no-docs": { type: "boolean", default: false } },
});
const ROUNDS = Number(options.rounds);
const PEERS = ["fermata", "run", "quickjs-wasi"];
const TURNS = [0, 2_000_000];

const folder = mkdtempSync(join(tmpdir(), "fermata-durable-"));
const half = (peer, which, turns) => {
  const args = [join(here, "durable/phase.mjs"), peer, which, join(folder, peer), String(turns)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
};
const least = (list) => Math.min(...list);
const lines = [];
try {
  for (const turns of TURNS) {
    const rounds = new Map(PEERS.map((peer) => [peer, []]));
    const outputs = new Set();
    for (let round = 0; round < ROUNDS; round++) {
      for (const peer of PEERS) {
        const start = half(peer, "start", turns);
        const packed = deflateRawSync(readFileSync(join(folder, peer))).length;
        const finish = half(peer, "finish", turns);
        outputs.add(finish.output);
        rounds.get(peer).push({ start, finish, packed });
      }
    }
    if (outputs.size !== 1) throw new Error(`the peers disagree: ${[...outputs].join(" / ")}`);
    for (const peer of PEERS) {
      const all = rounds.get(peer);
      const [{ start, finish, packed }] = all;
      const calls = ["row", "approve"].map((name) => start.made[name] + finish.made[name]).join(" + ");
      const ms = (which) => least(all.map((one) => one[which].ms)).toFixed(1);
      lines.push(
        `| ${turns.toLocaleString("en-US")} | ${peer} | ${start.bytes.toLocaleString("en-US")} | ${packed.toLocaleString("en-US")} | ${ms("start")} | ${ms("finish")} | ${calls} |`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const text = `# One approval, held

A workflow makes three calls, computes, and waits for a person; another process goes on with it (\`npm run bench:durable\`). Fermata's figures are those of its runner, so
the bytes are the whole record of the run. \`run\` 2.1.5 keeps a ledger and runs the source again from its top; quickjs-wasi 3.6.2 keeps the memory of its VM. Times are the least of
${ROUNDS} rounds in milliseconds, without the start of the process, on ${cpus().length} cores at a load of about ${Math.round(loadavg()[1])}.

| turns of a loop before the approval | | bytes stored | deflated | to the hold | from the bytes to the end | host functions called: rows + approvals |
| ---: | --- | ---: | ---: | ---: | ---: | ---: |
${lines.join("\n")}

What grows with the turns in the column "from the bytes to the end" is work that is done twice. A host function that is called twice for one approval has to know that it is.
`;
console.log(text);
if (!options["no-docs"]) writeFileSync(join(here, "../../docs/benchmark-durable.md"), text);
