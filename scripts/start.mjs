// `npm start`: from a fresh clone to the main example in one command. Arguments go to the example; `--verbose` shows sizes of the build.

import { announce, runNode } from "./lib.mjs";
import { build } from "./build.mjs";
import { setUp } from "./setup.mjs";

const EXAMPLE = "examples/run-approval.ts";

announce("packages, a build and the example: two to three minutes the first time, a second after that");
if ((await setUp()) && (await build({ ifChanged: true, releaseOnly: true }))) {
  announce(EXAMPLE);
  process.exitCode = await runNode([
    "--import",
    "tsx",
    EXAMPLE,
    ...process.argv.slice(2).filter((option) => option !== "--verbose"),
  ]);
} else {
  process.exitCode = 1;
}
