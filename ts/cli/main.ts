#!/usr/bin/env node
// Entry of the command line. Must only connect the commands to the process.

import { readFileSync } from "node:fs";
import { createRuntime } from "../hosts/node.ts";
import { execute } from "./commands.ts";

function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

process.exitCode = await execute(process.argv.slice(2), {
  cwd: process.cwd(),
  version: version(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  createRuntime: () => createRuntime(),
});
