// As process.js, with Deno's own names.

import * as fermata from "fermata-vm";
import { takeTurn } from "./approval.js";

console.log(JSON.stringify(await takeTurn(fermata, JSON.parse(Deno.args.at(-1)))));
