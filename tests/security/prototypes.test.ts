// A snapshot whose changes of builtin prototypes form a cycle is refused: a lookup along it would never end.

import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { createRuntimeFrom, type Runtime } from "../../ts/api/runtime.ts";
import { SECTIONS } from "../../ts/defs/snapshot-format.ts";
import { type CompleteState, SnapshotError, type SuspendedState } from "../../ts/index.ts";
import { WASM } from "../support/runtime.ts";
import { withSections, written } from "./forge.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntimeFrom({ module: readFileSync(WASM), typescript: false });
});

const IDS = JSON.parse(readFileSync(new URL("../../ts/defs/base-ids.json", import.meta.url), "utf8")) as string[];
const idOf = (name: string): number => IDS.indexOf(name);

/** The change in which the graph says that `proto` is the prototype of `object`. */
const change = (object: string, proto: string): number[] => [
  ...written(idOf(object) + 1),
  1,
  ...written(idOf(proto) * 8 + 5),
];

function replaced(graph: Uint8Array, from: readonly number[], to: readonly number[]): Uint8Array {
  const at = Buffer.from(graph).indexOf(Buffer.from(from));
  expect(at).toBeGreaterThan(0);
  return Uint8Array.from([...graph.subarray(0, at), ...to, ...graph.subarray(at + from.length)]);
}

const SOURCE = `Object.setPrototypeOf(Map.prototype, Array.prototype); Object.setPrototypeOf(Set.prototype, Map.prototype);
  ask(); new Map().nothing`;

it("a cycle of builtin prototypes is refused, whatever else is in the snapshot", () => {
  const program = runtime.compile(SOURCE, { filename: "a.js", externals: { ask: "sync" } });
  const state = program.start({ seed: 1, now: 0 }) as SuspendedState;
  const bytes = state.snapshot().dump({ level: 0 });
  state.dispose();
  const forged = (proto: string): Uint8Array<ArrayBuffer> =>
    withSections(bytes, (sections) => {
      const graph = sections.get(SECTIONS.graph)!;
      const honest = change("Map.prototype", "Array.prototype");
      sections.set(SECTIONS.graph, replaced(graph, honest, change("Map.prototype", proto)));
    });
  // Another prototype is as good as the one that the program gave.
  expect((runtime.load(forged("Reflect")).resume() as CompleteState).output).toBe(undefined);
  for (const proto of ["Set.prototype", "Map.prototype"]) {
    expect(() => runtime.load(forged(proto))).toThrow(SnapshotError);
    expect(() => runtime.load(forged(proto))).toThrow(/cycle/);
  }
});
