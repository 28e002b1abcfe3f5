// A leg in a process of Node, Deno or Bun: the request as JSON on standard input, the report on standard output.

import * as fermata from "fermata-vm";
import { readFileSync } from "node:fs";
import { takeLeg } from "./leg.js";

const request = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await takeLeg(fermata, request)));
