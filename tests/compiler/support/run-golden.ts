// Owns running the programs of the goldens in the machine and in the host engine, as texts that can be compared. Must never be used
// outside tests.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { createRuntimeFrom, type Runtime } from "../../../ts/api/runtime.ts";

const WASM = process.env["FERMATA_WASM"] ?? fileURLToPath(new URL("../../../build/fermata.wasm", import.meta.url));

export async function goldenRuntime(): Promise<Runtime> {
  return createRuntimeFrom({ module: readFileSync(WASM), typescript: false, poolSize: 4 });
}

/** A text of any guest value that does not depend on its realm. */
const SHOW = `(function show(v, seen = new Set()) {
  switch (typeof v) {
    case "string": return JSON.stringify(v);
    case "number": return Object.is(v, -0) ? "-0" : String(v);
    case "bigint": return v + "n";
    case "function": return "function " + v.name;
    case "symbol": return String(v);
    case "object": break;
    default: return String(v);
  }
  if (v === null) return "null";
  if (seen.has(v)) return "cycle";
  seen.add(v);
  if (Object.prototype.toString.call(v) === "[object Error]") return v.name;
  const keys = Object.keys(v).map((k) => (Array.isArray(v) && String(k >>> 0) === k ? (k in v ? "" : "hole") : k + ": ") + show(v[k], seen));
  return (Array.isArray(v) ? "[" + v.length + "|" : "{") + keys.join(", ") + (Array.isArray(v) ? "]" : "}");
})`;

async function outcome(context: vm.Context, run: () => unknown): Promise<string> {
  const show = vm.runInContext(SHOW, context) as (value: unknown) => string;
  try {
    return show(await run());
  } catch (error) {
    return `threw ${show(error)}`;
  }
}

/** What a source evaluates to as a program. `step`: it can stop at every statement. */
export async function runProgram(runtime: Runtime, source: string, step = false): Promise<string> {
  const program = runtime.compile(source, { filename: "test.js", step, allowEval: true });
  return outcome(vm.createContext({}), async () => (await program.run({ limits: { fuel: 1e8 } })).output);
}

/** What a source evaluates to as a chunk of a session, whose top level persists. */
export async function runChunk(runtime: Runtime, source: string): Promise<string> {
  const session = runtime.session({ allowEval: true, limits: { fuel: 1e8 } });
  return outcome(vm.createContext({}), async () => (await session.run(source)).output);
}

/** What the host says it is. */
export async function runHost(source: string): Promise<string> {
  const context = vm.createContext({});
  return outcome(context, () => vm.runInContext(source, context));
}
