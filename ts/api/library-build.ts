// Owns the making of libraries: compiles their code, evaluates it once to see what it defines, and writes the descriptor. Must never
// accept a library whose evaluation leaves anything to be done, or to be seen, but what it defined.

import { beginRun, enterProgram } from "../machine/launch.ts";
import type { FrontEnd } from "../machine/front-end.ts";
import { evaluateLibrary, type Library, packLibrary } from "../machine/library.ts";
import type { Machine } from "../machine/machine.ts";
import { readOutput } from "../machine/marshal.ts";
import { programRecord } from "../machine/program-bytes.ts";
import type { ProgramRecord } from "../machine/records.ts";
import { RegExpChecker } from "../machine/regexp-check.ts";
import { advance } from "../machine/run-loop.ts";
import { pullText } from "../machine/run.ts";
import { compileRecord } from "./compile.ts";
import type { MachineHost } from "./host.ts";

/** What a library is made of: JavaScript without imports, bundled. */
export interface LibrarySource {
  /** Name of the package, or of the entry, that has the library: at most 214 letters, digits and `@ / . _ + -`. */
  readonly name: string;
  /** Its version; a snapshot names it, so that a resolver can find an older one. */
  readonly version: string;
  /** A script that defines globals. In it, `$host` is an object that all libraries of a realm share and no program sees. */
  readonly script: string;
  /** Modules by specifier. They may import each other, and may use `$host`. */
  readonly modules?: Readonly<Record<string, string>> | undefined;
  /** Globals that a program must name to have the library, besides those that the script adds. */
  readonly globals?: readonly string[] | undefined;
  /** Properties that a program must mention to have the library. */
  readonly triggers?: readonly string[] | undefined;
  /** All libraries that are evaluated before it, in that order: those on which it builds, and those on which these build. */
  readonly requires?: readonly Library[] | undefined;
  /** Globals of the library that wrap the host function of the same name: it is `$host[name]` if the program declares it. */
  readonly externals?: readonly string[] | undefined;
}

const PLAIN_NAME = /^[\w@/.+-]{1,214}$/;

function compile(
  host: MachineHost,
  frontEnd: FrontEnd,
  source: string,
  filename: string,
  mode: "script" | "module",
): ProgramRecord {
  const checker = new RegExpChecker(host);
  try {
    const { image } = frontEnd.compileToImage(source, {
      filename,
      mode,
      mayBeModule: false,
      library: true,
      validateRegExp: checker.check,
    });
    return programRecord({
      image,
      source: "",
      filename,
      language: "javascript",
      inputs: [],
      externals: new Map(),
      allowEval: false,
      isModule: mode === "module",
      isEvaluated: false,
      isLoaded: false,
    });
  } finally {
    checker.end();
  }
}

const LIST_GLOBALS = "Object.getOwnPropertyNames(globalThis)";

/** Returns the names of globals in a machine that is at rest. */
function globalsIn(machine: Machine, frontEnd: FrontEnd): string[] {
  const record = compileRecord(LIST_GLOBALS, { filename: "globals.js" }, frontEnd, undefined);
  enterProgram(machine, record, undefined);
  advance(machine, {});
  machine.exports.writeOutput();
  return readOutput(machine) as string[];
}

/** Returns what evaluation has left that a program would see; undefined: nothing. */
function leftIn(machine: Machine): string | undefined {
  if (machine.word("jobHead") !== 0) return "jobs: its top level must not use promises";
  if (machine.word("callHead") !== 0) return "timers or host calls";
  if (machine.word("unhandledHead") !== 0) return "a rejected promise";
  pullText(machine);
  return machine.stdout !== "" || machine.stderr !== "" ? "output on the console" : undefined;
}

/** Evaluates libraries in a fresh machine, and returns the names of globals there. */
function globalsWith(host: MachineHost, frontEnd: FrontEnd, libraries: readonly Library[]): string[] {
  const machine = host.acquire();
  try {
    beginRun(host.core, machine, { seed: 0, now: 0 }, false);
    for (const library of libraries) evaluateLibrary(machine, library);
    const left = leftIn(machine);
    if (left !== undefined) throw new TypeError(`library ${libraries.at(-1)!.name} leaves ${left}`);
    return globalsIn(machine, frontEnd);
  } finally {
    host.release(machine);
  }
}

/**
 * Compiles a library.
 *
 * @throws CompileError, TypeError for an impossible name or a library that does not end when it is evaluated, GuestError if it throws
 */
export function buildLibrary(host: MachineHost, frontEnd: FrontEnd, source: LibrarySource): Library {
  const { name, version, script, modules = {}, globals = [], triggers = [], requires = [], externals = [] } = source;
  for (const text of [name, version, ...externals])
    if (!PLAIN_NAME.test(text))
      throw new TypeError(`${JSON.stringify(text)} cannot be a name or a version of a library`);
  const records = [
    compile(host, frontEnd, script, name, "script"),
    ...Object.entries(modules).map(([specifier, text]) => compile(host, frontEnd, text, specifier, "module")),
  ];
  const draft: Library = {
    name,
    version,
    ...packLibrary(records),
    globals: [],
    modules: Object.keys(modules),
    requires: requires.map((library) => library.name),
    triggers,
    externals,
  };
  const before = new Set(globalsWith(host, frontEnd, requires));
  const added = globalsWith(host, frontEnd, [...requires, draft]).filter((global) => !before.has(global));
  return { ...draft, globals: [...new Set([...added, ...globals])].sort() };
}

/** Returns the text of an ES module whose default export is the library. */
export function libraryModule(library: Library): string {
  return `export default ${JSON.stringify(library, undefined, 1)};\n`;
}
