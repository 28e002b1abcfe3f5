
import { makers, kindsWithoutMaker } from "./tests/snapshot/load-kinds.ts";
import { timesOf } from "./tests/snapshot/load-time.ts";
import { createRuntimeFrom } from "./ts/vm/runtime.ts";
import { readFileSync } from "node:fs";
console.log(kindsWithoutMaker());
const runtime = await createRuntimeFrom({ module: readFileSync("build/fermata.wasm"), typescript: false, poolSize: 2 });
const only = process.argv[3];
const N = Number(process.argv[2] ?? 20000);
for (const [name, maker] of makers()) {
  if (only && !name.includes(only)) continue;
  const n = Math.min(N, (maker.most ?? 1e9) );
  const t0 = performance.now();
  try {
    const a = timesOf(runtime, maker, n/2), b = timesOf(runtime, maker, n);
    const r = (x: number, y: number) => (y / x).toFixed(2) + (y/x > 2.5 && y > 4 ? " <<<" : "");
    console.log(name.padEnd(40), n, b.bytes, "pack", a.packMs.toFixed(1), b.packMs.toFixed(1), r(a.packMs, b.packMs), "write", a.writeMs.toFixed(1), b.writeMs.toFixed(1), r(a.writeMs, b.writeMs), "load", a.loadMs.toFixed(1), b.loadMs.toFixed(1), r(a.loadMs, b.loadMs), "total s", ((performance.now() - t0)/1000).toFixed(1));
  } catch (e) { console.log(name.padEnd(40), "!!", String(e).slice(0, 200)); }
}
