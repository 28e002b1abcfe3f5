// Legs in a process of Node, Deno or Bun: as JSON on standard input, the arrivals on standard output.

import * as fermata from "fermata-vm";
import { readFileSync } from "node:fs";
import { takeLegs } from "./leg.js";

console.log(JSON.stringify(await takeLegs(fermata, JSON.parse(readFileSync(0, "utf8")))));
