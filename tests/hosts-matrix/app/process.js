// A turn in a process: the request is the last argument, as JSON; the report is what it prints.

import * as fermata from "fermata-vm";
import { takeTurn } from "./approval.js";

takeTurn(fermata, JSON.parse(process.argv.at(-1))).then(
  (report) => console.log(JSON.stringify(report)),
  (error) => {
    console.error(String(error));
    process.exitCode = 1;
  },
);
