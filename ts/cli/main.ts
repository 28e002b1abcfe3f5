#!/usr/bin/env node
// Entry of the command line. Must only connect the commands to the process.

import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { createRuntime } from "../hosts/node.ts";
import { execute } from "./commands.ts";

/** What a shell reports for a process that was interrupted. */
const INTERRUPTED = 130;

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** The first interrupt asks the program to stop, the second ends the process. */
function onInterrupt(listener: () => void): () => void {
  let count = 0;
  const onSignal = (): void => {
    if (count++ === 0) listener();
    else process.exit(INTERRUPTED);
  };
  process.on("SIGINT", onSignal);
  return () => void process.off("SIGINT", onSignal);
}

process.exitCode = await execute(process.argv.slice(2), {
  cwd: process.cwd(),
  version: version(),
  out: (chunk) => void process.stdout.write(chunk),
  err: (chunk) => void process.stderr.write(chunk),
  stdin: () => text(process.stdin),
  onInterrupt,
  createRuntime: (options) => createRuntime(options),
});
