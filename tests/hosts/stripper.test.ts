// The TypeScript stripper is a chunk of its own in the built package: loaded by those who want TypeScript, and by nobody else.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));

/** What the stripper says, and nothing else of the package. */
const SIGN = "decorators on parameters are not supported";

/** Files of dist that say it. */
const holding = (): string[] =>
  readdirSync(dist).filter((file) => file.endsWith(".js") && readFileSync(join(dist, file), "utf8").includes(SIGN));

/** Every module that a program loads, by the file's name. */
function loadedBy(program: string): string[] {
  const hooks = `export async function load(url, context, next) { if (url.startsWith("file:")) process._rawDebug("loaded " + url); return next(url, context); }`;
  const source = `
    import { register } from "node:module";
    register("data:text/javascript," + encodeURIComponent(${JSON.stringify(hooks)}));
    const { createRuntime } = await import(${JSON.stringify(new URL(`file://${join(dist, "node.js")}`).href)});
    ${program}`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return [...stderr.matchAll(/^loaded (.*)$/gm)].map(([, url]) => url!.slice(url!.lastIndexOf("/") + 1));
}

describe("the chunk of the stripper", () => {
  const [chunk, ...others] = holding();

  it("is one file, which no entry of the library imports statically", () => {
    expect(others).toEqual([]);
    const seen = new Set(["node.js", "browser.js", "workerd.js", "deno.js", "bun.js"]);
    for (const file of seen) {
      const text = readFileSync(join(dist, file), "utf8");
      for (const [, path] of text.matchAll(/\bfrom\s*["'`]\.\/([^"'`]*\.js)["'`]|\bimport\s*["'`]\.\/[^"'`]*["'`]/g)) {
        if (path !== undefined) seen.add(path);
      }
    }
    expect(seen.size).toBeGreaterThan(5);
    expect([...seen]).not.toContain(chunk);
  });

  it("is loaded where TypeScript is wanted", () => {
    const files = loadedBy(
      `const runtime = await createRuntime(); if (runtime.compile("const a: number = 1; a", { filename: "a.ts" }).start().output !== 1) throw 1;`,
    );
    expect(files).toContain(chunk);
  });

  it("is not loaded where it is not", () => {
    const files = loadedBy(
      `const runtime = await createRuntime({ typescript: false }); if (runtime.compile("1 + 1", { filename: "a.js" }).start().output !== 2) throw 1;`,
    );
    expect(files).toContain("node.js");
    expect(files).not.toContain(chunk);
  });
});
