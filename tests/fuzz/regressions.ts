// Owns the programs that once differed: each with the trace the host engine gave, written as comments after it. Must never be
// changed to what Fermata says.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { javascript, type Source } from "./engines.ts";
import { framed } from "./frame.ts";
import { other, print } from "./tree.ts";

const FOLDER = fileURLToPath(new URL("regressions/", import.meta.url));
const MARK = "//> ";

export interface Regression {
  readonly name: string;
  readonly source: Source;
  readonly trace: readonly string[];
}

/** A body that was written down, as a whole program. */
export function regressionOf(text: string): Source {
  return javascript(print(framed([{ tree: other`${text}`, strict: text.startsWith('"use strict"') }])));
}

export function regressions(): Regression[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".js"))
    .map((name) => {
      const lines = readFileSync(FOLDER + name, "utf8")
        .trimEnd()
        .split("\n");
      const text = lines.filter((line) => !line.startsWith(MARK)).join("\n");
      const trace = lines.filter((line) => line.startsWith(MARK)).map((line) => line.slice(MARK.length));
      return { name, source: regressionOf(text), trace };
    });
}
