// Owns writing down what the host engine says to the programs in regressions/. Run it after one was added, and read what it wrote.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runInHost } from "./engines.ts";
import { regressionOf } from "./regressions.ts";

const folder = fileURLToPath(new URL("regressions/", import.meta.url));
for (const name of readdirSync(folder).filter((file) => file.endsWith(".js"))) {
  const text = readFileSync(folder + name, "utf8")
    .replaceAll(/^\/\/> .*\n/gm, "")
    .trimEnd();
  const { trace } = runInHost(regressionOf(text));
  writeFileSync(folder + name, `${text}\n${trace.map((line) => `//> ${line}\n`).join("")}`);
}
