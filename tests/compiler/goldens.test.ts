// Goldens of scope analysis and bytecode, one pair per source. Update with FERMATA_UPDATE_GOLDENS=1.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { analyzeSource, compileToImage, type CompilerOptions } from "../../ts/compiler/compile.ts";
import { disassemble } from "../../ts/compiler/disassemble.ts";
import { decodeImage, encodeImage } from "../../ts/compiler/image.ts";
import { printScopes } from "../../ts/compiler/scope/print.ts";
import { verifyImage } from "../../ts/compiler/verify.ts";
import { goldenRuntime, runChunk, runHost, runProgram } from "./support/run-golden.ts";

const folder = fileURLToPath(new URL("goldens", import.meta.url));
const update = process.env["FERMATA_UPDATE_GOLDENS"] === "1";
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".js"))
  .map((file) => file.slice(0, -3));

/** The text of a golden; written first where that is asked for. */
function golden(file: string, text: string): string {
  const path = join(folder, file);
  if (update) writeFileSync(path, text);
  if (!existsSync(path)) throw new Error(`${file} is missing: run with FERMATA_UPDATE_GOLDENS=1`);
  return readFileSync(path, "utf8");
}

let runtime: Runtime;
beforeAll(async () => {
  runtime = await goldenRuntime();
});

describe.each(names)("%s", (name) => {
  const source = readFileSync(join(folder, `${name}.js`), "utf8");
  const options: CompilerOptions = { filename: `${name}.js`, mode: "script" };

  it("has the scopes of its golden", () => {
    const text = printScopes(analyzeSource(source, options));
    expect(text).toBe(golden(`${name}.scope.txt`, text));
  });

  it("has the bytecode of its golden", () => {
    const text = disassemble(compileToImage(source, options).image, { source });
    expect(text).toBe(golden(`${name}.bytecode.txt`, text));
  });

  it.each([{}, { persistentTopLevel: true }, { step: true }])(
    "is accepted by the verifier and survives a round trip %o",
    (extra) => {
      const { image } = compileToImage(source, { ...options, ...extra });
      verifyImage(image);
      expect(encodeImage(decodeImage(image))).toEqual(image);
    },
  );

  it("gives the result of the host engine, as a program, in steps and in a session", async () => {
    // The host has no top-level await in scripts.
    const host = name === "top-level-await" ? "23" : await runHost(source);
    expect(await runProgram(runtime, source)).toBe(host);
    expect(await runProgram(runtime, source, true)).toBe(host);
    expect(await runChunk(runtime, source)).toBe(host);
  });
});
