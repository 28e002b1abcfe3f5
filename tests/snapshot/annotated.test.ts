// The description of the snapshot format is right: a decoder that follows it, and shares no code with the core, reads what the core
// writes to the last byte. The page docs/snapshot-format.md shows one such snapshot.
//
// FERMATA_UPDATE_GOLDENS=1 writes ts/build/example-snapshot.hex; `npm run generate` then writes the page.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { State } from "../../ts/api/state.ts";
import { annotateSnapshot, type Line } from "../../ts/build/annotate-snapshot.ts";
import { baseIds, EXAMPLE, exampleSnapshot } from "../../ts/build/generate-docs.ts";
import { PROGRAMS } from "./programs.ts";
import { answerTo, compile, START, testRuntime } from "./support.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const ids = baseIds(root);

/** The lines without those that differ from build to build: checksum and build id. */
const meaning = (lines: readonly Line[]): string[] =>
  lines
    .filter(({ text }) => !text.startsWith("CRC-32") && !text.startsWith("build id"))
    .map(({ bytes, text }) => `${Buffer.from(bytes).toString("hex")} ${text}`);

function dump(state: State): Uint8Array {
  if (state.status === "complete") throw new Error("the program is complete");
  return state.snapshot().dump({ level: 0 });
}

describe("the description of the snapshot format", () => {
  it("decodes the example as docs/snapshot-format.md shows it", async () => {
    const runtime = await testRuntime();
    const { source, filename, externals } = EXAMPLE;
    const program = runtime.compile(source, { filename, externals });
    // Time that has passed is in the snapshot; a start without a measurable amount of it has none.
    let bytes = dump(program.start(START));
    for (let i = 0; i < 50 && annotateSnapshot(bytes, ids).lines.some(({ text }) => text.includes('"e":')); i++)
      bytes = dump(program.start(START));
    if (process.env.FERMATA_UPDATE_GOLDENS === "1") {
      const lines = Buffer.from(bytes)
        .toString("hex")
        .match(/.{1,96}/g)!;
      writeFileSync(`${root}/ts/build/example-snapshot.hex`, `${lines.join("\n")}\n`);
    }
    expect(meaning(annotateSnapshot(bytes, ids).lines)).toEqual(
      meaning(annotateSnapshot(exampleSnapshot(root), ids).lines),
    );
  });

  it("accounts for every byte of the snapshots of many programs, in order", async () => {
    const runtime = await testRuntime();
    let decoded = 0;
    const missing = new Set<string>();
    for (const program of PROGRAMS) {
      let state: State;
      try {
        state = compile(runtime, program).start({ ...START, limits: { fuel: 400 } });
      } catch {
        continue;
      }
      for (let stop = 0; stop < 4 && state.status !== "complete"; stop++) {
        const bytes = dump(state);
        try {
          const { lines } = annotateSnapshot(bytes, ids);
          let at = 0;
          for (const line of lines) {
            expect(line.at).toBe(at);
            at += line.bytes.length;
          }
          expect(at).toBe(bytes.length);
          decoded++;
        } catch (error) {
          if (!(error as Error).message.includes("not annotated"))
            throw new Error(`${program.name}, stop ${stop}: ${(error as Error).message}`, { cause: error });
          missing.add((error as Error).message);
        }
        if (state.status === "paused") state = state.resume();
        else if (state.status === "suspended")
          state = state.resumeCalls(new Map(state.calls.map((call) => [call.id, answerTo(call)])));
      }
    }
    expect(decoded).toBeGreaterThan(40);
    // The kind of a base object is not in the snapshot, so its fields cannot be read without the build.
    expect(missing.size).toBeLessThan(4);
  });
});
