// `npm start`: from a fresh clone to the main example in one command. Arguments go to the example.

import { announce, runNode } from "./lib.mjs";
import { build } from "./build.mjs";
import { setUp } from "./setup.mjs";

const EXAMPLE = "examples/run-approval.ts";

if ((await setUp()) && (await build({ ifChanged: true }))) {
  announce(EXAMPLE);
  process.exitCode = await runNode(["--import", "tsx", EXAMPLE, ...process.argv.slice(2)]);
} else {
  process.exitCode = 1;
}
