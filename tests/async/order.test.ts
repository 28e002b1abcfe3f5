// Owns the comparison of job order with the host engine: the programs in programs.ts log the same lines in both.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRuntimeFrom } from "../../ts/api/runtime.ts";
import { ASYNC_PROGRAMS } from "./programs.ts";

/** What the host engine logs; programs end within this many milliseconds. */
async function onHost(source: string, milliseconds: number): Promise<string[]> {
  const lines: string[] = [];
  const ignore = (): void => undefined;
  process.on("unhandledRejection", ignore);
  try {
    // oxlint-disable-next-line no-implied-eval, no-new-func -- the host engine is the oracle
    const program = new Function("log", source) as (log: (...args: unknown[]) => void) => void;
    program((...args) => void lines.push(args.map(String).join(" ")));
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  } finally {
    process.off("unhandledRejection", ignore);
  }
  return lines;
}

describe("jobs run in the order of the host engine", async () => {
  const module = readFileSync(new URL("../../build/fermata.wasm", import.meta.url));
  const runtime = await createRuntimeFrom({ module });
  for (const { name, source } of ASYNC_PROGRAMS) {
    it(`agrees with the host: ${name}`, async () => {
      const lines: string[] = [];
      const program = runtime.compile(source, { filename: "order.js", externals: { log: "sync" } });
      await program.run({ tools: { log: (...args: unknown[]) => void lines.push(args.map(String).join(" ")) } });
      expect(lines).toEqual(await onHost(source, source.includes("setInterval") ? 250 : 20));
    });
  }
});
