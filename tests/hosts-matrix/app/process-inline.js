// As process.js, with the entry that has the wasm inside.

import * as fermata from "fermata-vm/inline";
import { takeTurn } from "./approval.js";

takeTurn(fermata, JSON.parse(process.argv.at(-1))).then((report) => console.log(JSON.stringify(report)));
