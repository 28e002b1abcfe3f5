// `npm run test:hosts`: the packed package in fresh projects of every host and bundler, with the approval program held in one process
// and resumed in another. One table at the end; exit code 1 if a row fails.
//
//   --only REGEXP   the rows whose name matches
//   --list          the names of the rows

import { parseArgs } from "node:util";
import { closeBrowsers } from "./hosts.ts";
import { judge, tableOf, type Verdict } from "./matrix.ts";
import { makeWorkshop } from "./project.ts";
import { rowsOf } from "./rows.ts";

const { values } = parseArgs({ options: { only: { type: "string" }, list: { type: "boolean" } } });
const workshop = makeWorkshop();
const verdicts: Verdict[] = [];
try {
  const only = new RegExp(values.only ?? "", "i");
  for (const row of rowsOf(workshop).filter(({ name }) => only.test(name))) {
    if (values.list) {
      console.log(row.name);
      continue;
    }
    const verdict = await judge(row);
    verdicts.push(verdict);
    console.log(`${verdict.fault === undefined ? "ok" : "FAILED"}  ${row.name}  ${verdict.seconds.toFixed(1)} s`);
    if (verdict.fault !== undefined) console.log(verdict.fault.slice(0, 1500).replace(/^/gm, "    "));
  }
} finally {
  await closeBrowsers();
  workshop.dispose();
}
if (!values.list) {
  const faults = verdicts.filter(({ fault }) => fault !== undefined);
  console.log(`\n${tableOf(verdicts)}\n`);
  for (const { row, fault } of faults) console.log(`FAILED  ${row.name}: ${fault!.split("\n")[0]}`);
  console.log(`${verdicts.length - faults.length} passed, ${faults.length} failed`);
  process.exitCode = faults.length === 0 && verdicts.length > 0 ? 0 : 1;
}
