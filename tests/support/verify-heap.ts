// Owns asking the checking build whether the heap of a stopped run is as it should be (assembly/debug/heap-verify.ts). Must never be used
// with another build, which has no verifier.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FAULTS } from "../../ts/defs/snapshot-format.ts";
import type { LibraryOption } from "../../ts/api/libraries.ts";
import { createRuntimeFrom, type Runtime } from "../../ts/api/runtime.ts";
import { KIND } from "../../ts/generated/machine.ts";
import type { State } from "../../ts/index.ts";
import type { Machine } from "../../ts/machine/machine.ts";

const CHECK =
  process.env["FERMATA_CHECK_WASM"] ?? fileURLToPath(new URL("../../build/fermata.check.wasm", import.meta.url));

/** Names of the core's Problem numbers. */
export const PROBLEMS = [
  "none",
  "kind",
  "size",
  "reference",
  "sort",
  "value",
  "text",
  "shape",
  "properties",
  "elements",
  "table",
  "code",
  "atoms",
  "field",
  "snapshot",
] as const;

interface Verifier {
  verifyHeap(): number;
  heapProblemCell(): number;
  heapProblemFault(): number;
}

/** Is there a build with the verifier? Daily builds may leave it out; `npm test` makes it, and heap-verify.test.ts needs it. */
export function canVerify(): boolean {
  if (!existsSync(CHECK)) return false;
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(CHECK)));
  return exported.some(({ name }) => name === "verifyHeap");
}

export async function checkingRuntime(libraries: readonly LibraryOption[] = []): Promise<Runtime> {
  return createRuntimeFrom({ module: readFileSync(CHECK), poolSize: 4, libraries });
}

export const machineOf = (state: State): Machine => (state as unknown as { machine: Machine }).machine;

/** What is wrong with the heap of a state that is not complete, with the cell; undefined if nothing is. */
export function heapProblem(state: State): string | undefined {
  const machine = machineOf(state);
  const verifier = machine.exports as unknown as Verifier;
  const found = verifier.verifyHeap();
  machine.isSuspect = true;
  if (found === 0) return undefined;
  const cell = verifier.heapProblemCell();
  const number = cell === 0 ? 0 : machine.views.u8[cell + 7];
  const kind = Object.entries(KIND).find(([, one]) => one === number)?.[0] ?? "no kind";
  const fault = PROBLEMS[found] === "snapshot" ? `: ${FAULTS[verifier.heapProblemFault()]![1]}` : "";
  return `${PROBLEMS[found]}${fault} at ${cell === 0 ? "a root" : `${kind} ${cell}`}`;
}
