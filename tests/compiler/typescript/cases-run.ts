// Owns the run of TypeScript's own cases: what TypeScript emits for them and what we make of them must do the same in the machine: print,
// give and throw the same, and leave the same values behind. What differs by design is in by-design.txt with its reason, both ways.
//
//   npm run typescript-cases -- DIR …   folders of cases, such as tests/cases/conformance of microsoft/TypeScript
//   --only TEXT                         only cases whose name has that text; shows both sides

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parseModule, type ESTree } from "meriyah";
import { CompileError, GuestError, LimitError } from "../../../ts/errors.ts";
import { testRuntime } from "../../support/runtime.ts";
import { casesOf, type TypeScriptCase, type Unit } from "./case-files.ts";
import { parseOptions } from "./oracle.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: "string" } } });
if (positionals.length === 0) {
  console.error("usage: npm run typescript-cases -- DIR …");
  process.exit(2);
}

const runtime = await testRuntime();

/** Prints a value with all that can be seen of it, and what comes of calling it. */
const PROBE = readFileSync(join(import.meta.dirname, "probe.js"), "utf8");

/** The names that a program declares at its top. */
function declaredBy(code: string): string[] {
  const names: string[] = [];
  const visit = (node: ESTree.Node | null | undefined): void => {
    if (node?.type === "Identifier") names.push(node.name);
    else if (node?.type === "VariableDeclaration") node.declarations.forEach(({ id }) => visit(id));
    else if (node?.type === "FunctionDeclaration" || node?.type === "ClassDeclaration") visit(node.id);
    else if (node?.type === "ExportNamedDeclaration") visit(node.declaration);
    else if (node?.type === "ObjectPattern") node.properties.forEach((one) => visit("value" in one ? one.value : one));
    else if (node?.type === "ArrayPattern") node.elements.forEach((one) => visit(one as ESTree.Node));
    else if (node?.type === "AssignmentPattern") visit(node.left);
    else if (node?.type === "RestElement") visit(node.argument);
  };
  parseModule(code, { ...parseOptions, lexical: false }).body.forEach(visit);
  return names.filter((name) => !/[^\w$]/.test(name));
}

function probeOf(emitted: string): string {
  try {
    const pairs = declaredBy(emitted).map((name) => `${name}: () => ${name}`);
    return `\n;(${PROBE.trim().replace(/;$/, "")})({ ${pairs.join(", ")} });`;
  } catch {
    return "";
  }
}

/** What running one side shows. */
function observe(units: readonly Unit[], entry: Unit, probe: string, side: "source" | "emitted"): string {
  const rename = (name: string): string => (side === "source" ? name : name.replace(/\.([mc]?)ts$/, ".$1js"));
  const textOf = (unit: Unit): string => (side === "source" ? unit.source : (unit.emitted ?? ""));
  const limits = { fuel: 300_000, onFuel: "fail", timeMs: 20_000 } as const;
  let output = "";
  try {
    const text = textOf(entry) + probe;
    const program = entry.isModule
      ? runtime.compile(
          Object.fromEntries(units.map((unit) => [rename(unit.name), unit === entry ? text : textOf(unit)])),
          { entry: rename(entry.name) },
        )
      : runtime.compile(text, { filename: rename(entry.name), type: "script" });
    const state = program.start({ limits, seed: 1, now: 0 });
    output += state.stdout;
    if (state.status !== "complete") return `${output}${state.status}`;
    return `${output}complete: ${describe(state.output)}`;
  } catch (error) {
    if (error instanceof CompileError) return `compile: ${error.message.split("\n")[0]!}`;
    const printed = (error as { run?: { stdout?: string } }).run?.stdout ?? "";
    // How much more it wanted says nothing: the source may have a line more than what is emitted.
    if (error instanceof LimitError) return `${printed}LimitError ${error.limit}`;
    if (error instanceof GuestError) return `${printed}throws ${error.guestName}: ${error.guestMessage}`;
    return `${printed}${String(error).split("\n")[0]!}`;
  }
}

function describe(value: unknown): string {
  try {
    return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part)) ?? String(value);
  } catch {
    return String(value);
  }
}

interface Finding {
  readonly unit: Unit;
  readonly ours: string;
  readonly theirs: string;
}

/** The units that do not do the same. */
function* differing(one: TypeScriptCase): Generator<Finding> {
  const units = one.units();
  for (const unit of units) {
    if (unit.emitted === null) continue;
    counts.units++;
    const probe = probeOf(unit.emitted);
    const theirs = observe(units, unit, probe, "emitted");
    const ours = observe(units, unit, probe, "source");
    const neither = ours.startsWith("compile: ") && theirs.startsWith("compile: ");
    if (neither) counts.neither++;
    if (ours !== theirs && !neither) yield { unit, ours, theirs };
  }
}

/** What a line ends in whose case is not the same in all versions of TypeScript: with some it does what ours does. */
const IN_SOME_VERSIONS = " (in some versions)";

const expected = new Set<string>();
const varying = new Set<string>();
for (const line of readFileSync(join(import.meta.dirname, "by-design.txt"), "utf8").split("\n")) {
  if (line.startsWith("# ") || line.trim() === "" || line.endsWith(":")) continue;
  const name = line.replace(IN_SOME_VERSIONS, "");
  expected.add(name);
  if (name !== line) varying.add(name);
}

const counts = { cases: 0, units: 0, neither: 0, byDesign: 0, differing: 0 };
for (const folder of positionals) {
  for (const one of casesOf(resolve(folder))) {
    if (values.only !== undefined && !one.name.includes(values.only)) continue;
    counts.cases++;
    const isExpected = expected.has(one.name);
    let found = 0;
    for (const { unit, ours, theirs } of differing(one)) {
      found++;
      if (isExpected && values.only === undefined) continue;
      counts.differing++;
      console.log(
        `${one.name}${one.name.endsWith(unit.name) ? "" : ` (${unit.name})`}\n  ours:   ${shorten(ours, theirs)}\n  theirs: ${shorten(theirs, ours)}`,
      );
      if (values.only !== undefined) console.log(unit.emitted);
    }
    if (!isExpected) continue;
    if (found > 0) counts.byDesign++;
    else if (!varying.has(one.name)) {
      counts.differing++;
      console.log(`${one.name}: does the same, though it is among those that differ by design`);
    }
  }
}
const { cases, units, neither, byDesign, differing: wrong } = counts;
console.log(
  `${cases} cases, ${units} files that TypeScript emits, ${neither} of them no JavaScript, ${byDesign} cases differ by design, ${wrong} differences`,
);
if (wrong > 0 || units === 0) process.exitCode = 1;

/** From a little before the first difference on. */
function shorten(text: string, other: string): string {
  if (values.only !== undefined) return text;
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  return JSON.stringify(text.slice(Math.max(0, at - 40), at + 120));
}
