// A program from a stranger, run from the command line, reads modules of one folder and learns nothing about the disk.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { execute } from "../../ts/cli/commands.ts";
import { testRuntime } from "../support/runtime.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "fermata-modules-"));
  for (const folder of ["project/sub", "project-2", "outside"]) mkdirSync(join(root, folder), { recursive: true });
  const put = (name: string, text: string): void => writeFileSync(join(root, name), text);
  put("outside/secret.js", "export const s = 'outside'");
  put("outside/secret.json", '{"s":"outside"}');
  put("project-2/secret.js", "export const s = 'outside'");
  put("project/config.json", '{"s":"token"}');
  put("project/.env", "token");
  put("project/notes.txt", "token");
  put("project/id_rsa", "token");
  put("project/inside.js", "export const s = 'inside'");
  put("project/sub/index.ts", "export const s: string = 'inside sub'");
  symlinkSync(join(root, "outside"), join(root, "project/folder"));
  symlinkSync(join(root, "outside/secret.js"), join(root, "project/file.js"));
  symlinkSync(join(root, "project/config.json"), join(root, "project/data.js"));
  symlinkSync(join(root, "project/inside.js"), join(root, "project/same.js"));
  symlinkSync("loop.js", join(root, "project/loop.js"));
  symlinkSync(join(root, "project"), join(root, "link-to-project"));
  try {
    execFileSync("mkfifo", [join(root, "project/pipe.js")]);
  } catch {
    // Windows has none.
  }
});
afterAll(() => rmSync(root, { recursive: true }));

/** What a program in the folder gets for each specifier. */
async function imported(
  specifiers: readonly string[],
  options: readonly string[] = [],
  folder = "project",
): Promise<string[]> {
  const source = `const out = [];
    for (const specifier of ${JSON.stringify(specifiers)})
      try { const m = await import(specifier, specifier.includes("json") ? { with: { type: "json" } } : {}); out.push(m.s ?? m.default.s) }
      catch (e) { out.push(e.name + ": " + e.message + e.stack) }
    JSON.stringify(out)`;
  writeFileSync(join(root, "project/main.js"), source);
  let out = "";
  const terminal = {
    cwd: root,
    version: "",
    out: (text: string) => void (out += text),
    err: () => {},
    stdin: () => Promise.resolve(""),
    onInterrupt: () => () => {},
    createRuntime: () => testRuntime(),
  };
  await execute(["run", `${folder}/main.js`, ...options], terminal);
  return JSON.parse(out) as string[];
}

const OUTSIDE = [
  "./folder/secret.js",
  "./folder/secret",
  "./file.js",
  "./file",
  "../outside/secret.js",
  "./sub/../../outside/secret.js",
  "../project-2/secret.js",
  "./..\\outside\\secret.js",
];
const ODD = [
  "./a\0b",
  "./inside.js\0",
  `./${"z".repeat(5000)}`,
  `./${"z/".repeat(400)}a.js`,
  "./loop.js",
  "./pipe.js",
  "./inside.js/x.js",
  ".",
];
const DATA = ["./config.json", "./data.js", "./.env", "./notes.txt", "./id_rsa", "./main.js.map"];

describe("modules of the command line", () => {
  it("come from the folder of the program, wherever links lead", async () => {
    expect(await imported(["./inside.js", "./inside", "./sub", "./same.js"])).toEqual([
      "inside",
      "inside",
      "inside sub",
      "inside",
    ]);
    expect(await imported(["./inside.js"], [], "link-to-project")).toEqual(["inside"]);
    for (const options of [[], ["--modules", "project"]]) {
      for (const [i, text] of (await imported(OUTSIDE, options)).entries())
        expect(text, OUTSIDE[i]).toMatch(/^TypeError: Cannot find module/);
    }
    const absolute = await imported([join(root, "outside/secret.js"), `file://${join(root, "outside/secret.js")}`]);
    for (const text of absolute) expect(text).toMatch(/^TypeError: Cannot find module/);
  });

  it("are only files of the folder, with JSON if the folder is named", async () => {
    for (const [i, text] of (await imported(DATA)).entries())
      expect(text, DATA[i]).toMatch(/^TypeError: Cannot find module/);
    const named = await imported(DATA, ["--modules", "project"]);
    expect(named[0]).toBe("token");
    for (const [i, text] of named.entries()) if (i > 1) expect(text, DATA[i]).toMatch(/^TypeError: Cannot find module/);
  });

  it("are not found under odd names, and errors name no path of the host", async () => {
    for (const options of [[], ["--modules", "project"]]) {
      for (const [i, text] of (await imported(ODD, options)).entries()) {
        expect(text, ODD[i]).toMatch(/^TypeError: Cannot find module/);
        expect(text).not.toContain(root);
      }
    }
  });
});
