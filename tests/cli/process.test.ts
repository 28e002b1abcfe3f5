// The built command and the main example, each in processes of their own. They need a build (npm run build).

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

function node(
  ...args: string[]
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

describe("in a process of its own", () => {
  it("the command runs, stops and resumes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fermata-cli-"));
    try {
      const file = join(folder, "p.ts");
      await writeFile(file, "const n: number = await ask('how many?'); console.log(n + 1)");
      expect(await node("dist/cli.js", "run", file, "--external", "ask")).toMatchObject({ code: 10, out: "" });
      expect(await node("dist/cli.js", "resume", `${file}.fermata`, "--value", "41")).toEqual({
        code: 0,
        out: "42\n",
        err: "",
      });
      expect(await node("dist/cli.js", "--version")).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  it("Ctrl-C holds an endless program, and what it has written stays written", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fermata-cli-"));
    try {
      const file = join(folder, "endless.ts");
      await writeFile(file, "console.log('begun'); let n = 0; for (;;) n++;");
      const child = spawn(process.execPath, ["dist/cli.js", "run", file], { cwd: root });
      child.stdout.once("data", () => child.kill("SIGINT"));
      let err = "";
      child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect({ code, err }).toEqual({
        code: 10,
        err: expect.stringMatching(/^held \(interrupted\)\n\d+ bytes written to .*endless\.ts\.fermata\n$/),
      });
      expect(await node("dist/cli.js", "resume", `${file}.fermata`, "--fuel", "1000")).toMatchObject({
        code: 10,
        out: "",
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  it("the approval example stops in one process and finishes in another", async () => {
    const { code, out, err } = await node("--import", "tsx", "examples/run-approval.ts");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/the agent waits for requestApproval/);
    expect(out).toMatch(/\d+ bytes, program included/);
    expect(out).toMatch(/Ingrid approved 1 of 2/);
    expect(out).toMatch(/done: .*"paid":4/);
  });
});
