// Owns running compiled programs on the reference machine in a realm of their own. Must never be used outside tests.
import vm from "node:vm";
import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";
import { compileToImage, type CompilerOptions } from "../../../ts/compiler/compile.ts";
import { decodeImage } from "../../../ts/compiler/image.ts";
import { ROWS } from "../../../ts/generated/emit.ts";

interface Machine {
  run(image: unknown): unknown;
}
interface MachineModule {
  createMachine(global: unknown): Machine;
  setWords(rows: typeof ROWS): void;
}

let script: vm.Script | null = null;

function machineScript(): vm.Script {
  if (script === null) {
    const built = buildSync({
      entryPoints: [fileURLToPath(new URL("reference-machine.ts", import.meta.url))],
      bundle: true,
      format: "iife",
      globalName: "__machine",
      write: false,
      target: "node20",
    });
    script = new vm.Script(`${built.outputFiles[0]!.text}\n;__machine`);
  }
  return script;
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
  if (v instanceof Error) return v.name;
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

/** What a source evaluates to on the reference machine. */
export async function runReference(source: string, options: Partial<CompilerOptions> = {}): Promise<string> {
  const context = vm.createContext({});
  const module = machineScript().runInContext(context) as MachineModule;
  module.setWords(ROWS);
  const machine = module.createMachine(vm.runInContext("globalThis", context));
  const { image } = compileToImage(source, { filename: "test.js", mode: "script", ...options });
  return outcome(context, () => machine.run(decodeImage(image)));
}

/** What the host says it is. */
export async function runHost(source: string): Promise<string> {
  const context = vm.createContext({});
  return outcome(context, () => vm.runInContext(source, context));
}
