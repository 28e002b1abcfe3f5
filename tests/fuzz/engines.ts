// Owns running one program in both engines and saying how what they wrote and gave differs. Must never compare messages of errors, nor
// what the specification leaves open.

import { type Context, constants, createContext, Script } from "node:vm";
import type { Program } from "../../ts/api/program.ts";
import type { Runtime } from "../../ts/api/runtime.ts";
import { CompileError, GuestError, LimitError, type PausedState, type State } from "../../ts/index.ts";
import { FIRST_LINE, OUT, STACK } from "./frame.ts";
import { isAccident, NOWHERE } from "./places.ts";
import { type Language, Places, print, type Tree } from "./tree.ts";

export interface Outcome {
  readonly end: "complete" | "uncaught" | "syntax" | "limit";
  /** Lines of standard output; where an error was caught, a line says where it was made. */
  readonly trace: readonly string[];
  readonly output: unknown;
  readonly fuel: number;
}

/** A program as both engines get it. */
export interface Source {
  readonly language: Language;
  /** What Fermata runs. */
  readonly text: string;
  /** The same in JavaScript. */
  readonly twin: string;
  /** A place in the JavaScript as one in the text, `line:column`. */
  moved(line: number, column: number): string;
}

const FILENAME = "fuzz.js";

/** Fuel for one program; those that want more are left out. */
export const FUEL = 600_000;
export const LIMITS = { memoryBytes: 24 * 1024 * 1024, stackDepth: 3000, timeMs: Infinity, stdoutBytes: 1_000_000 };

/** Offsets at which the lines of a text begin. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index } of text.matchAll(/[\n\u2028\u2029]/g)) starts.push(index + 1);
  return starts;
}

export function sourceOf(tree: Tree, language: Language): Source {
  const twin = print(tree, "javascript");
  if (language === "javascript") {
    return { language, text: twin, twin, moved: (line, column) => `${line}:${column}` };
  }
  const text = print(tree, "typescript");
  let places: Places | undefined;
  const starts = { twin: lineStarts(twin), text: lineStarts(text) };
  return {
    language,
    text,
    twin,
    moved(line, column) {
      places ??= new Places(tree);
      const offset = places.inTypeScript(starts.twin[line - 1]! + column - 1);
      if (offset === undefined) return NOWHERE;
      const found = starts.text.findLastIndex((start) => start <= offset);
      return `${found + 1}:${offset - starts.text[found]! + 1}`;
    },
  };
}

/** A program that stands for itself. */
export function javascript(text: string): Source {
  return { language: "javascript", text, twin: text, moved: (line, column) => `${line}:${column}` };
}

/** Before the place of an error in a trace. */
export const PLACE = "\u0003";
const FRAME = /fuzz\.js:(\d+):(\d+)/g;

/** Where an error was made, the first place in its stack that is the program's own, and what it says. */
function madeAt(stack: string, move: (line: number, column: number) => string): string {
  for (const [, line, column] of stack.matchAll(FRAME)) {
    if (Number(line) < FIRST_LINE) continue;
    // Before the error that leaves a program the host shows the line.
    const begin = stack.startsWith(`${FILENAME}:`) ? stack.indexOf("\n\n") + 2 : 0;
    const message = stack.slice(begin, Math.max(begin, stack.indexOf("\n    at "))).replaceAll("\n", " ");
    return `${PLACE}${move(Number(line), Number(column))} ${message}`;
  }
  return `${PLACE}no place`;
}

const same = (line: number, column: number): string => `${line}:${column}`;

function traceOf(stdout: string, move = same): string[] {
  const texts = stdout.split(STACK);
  const whole = texts.map((text, i) => (i % 2 === 0 ? text : madeAt(text, move))).join("");
  const end = whole.indexOf(OUT);
  return (end < 0 ? whole : whole.slice(0, end)).split("\n").slice(0, -1);
}

/**
 * A realm for one program. From Node 22.8 its global object is V8's own; before, Node's interceptors let strict code assign functions to
 * globals that are not declared.
 */
function newContext(): Context {
  const vanilla = (constants as { readonly DONT_CONTEXTIFY?: unknown }).DONT_CONTEXTIFY;
  return createContext((vanilla ?? {}) as Context, { microtaskMode: "afterEvaluate" });
}

export function runInHost(source: Source, timeout?: number): Outcome {
  let script: Script;
  try {
    script = new Script(source.twin, { filename: FILENAME });
  } catch {
    return { end: "syntax", trace: [], output: undefined, fuel: 0 };
  }
  let stdout = "";
  const log = (text: string): void => {
    stdout += `${text}\n`;
  };
  const context = newContext();
  context["console"] = { log };
  const trace = (): string[] => traceOf(stdout, source.moved);
  try {
    const output = script.runInContext(context, timeout === undefined ? {} : { timeout }) as unknown;
    return { end: "complete", trace: trace(), output, fuel: 0 };
  } catch (error) {
    if ((error as { code?: string } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      return { end: "limit", trace: trace(), output: undefined, fuel: 0 };
    if (!stdout.includes(OUT)) throw error;
    const stack = (error as { stack?: unknown } | null)?.stack;
    // Only errors say where they were made.
    const output = typeof stack === "string" ? madeAt(stack, source.moved) : `${PLACE}${NOWHERE}`;
    return { end: "uncaught", trace: trace(), output, fuel: 0 };
  }
}

/** Where a program stops on its way, and what is done there. */
export interface Way {
  readonly step: boolean;
  /** Fuel of slice number `stop`. */
  slice(stop: number): number;
  /** The state with which it goes on. */
  through(state: PausedState, stop: number): State;
}

const WHOLE: Way = { step: false, slice: () => FUEL, through: (state) => state };

/** Programs are compiled once for all their runs. */
const compiled = new WeakMap<Source, Map<boolean, Program>>();

export function compile(runtime: Runtime, source: Source, step: boolean): Program {
  let known = compiled.get(source);
  if (known === undefined) compiled.set(source, (known = new Map<boolean, Program>()));
  let program = known.get(step);
  if (program === undefined) {
    program = runtime.compile(source.text, { language: source.language, filename: FILENAME, step });
    known.set(step, program);
  }
  return program;
}

export function runInFermata(runtime: Runtime, source: Source, way: Way = WHOLE): Outcome {
  const nothing = { trace: [], output: undefined, fuel: 0 };
  let program;
  try {
    program = compile(runtime, source, way.step);
  } catch (error) {
    if (error instanceof CompileError) return { end: "syntax", ...nothing };
    throw error;
  }
  let stop = 0;
  const slice = (): number => way.slice(stop++);
  try {
    let state: State = program.start({ limits: { ...LIMITS, fuel: slice() }, seed: 1, now: 0 });
    while (state.status === "paused") {
      if (state.usage.fuel >= FUEL) {
        const { usage, stdout } = state;
        state.dispose();
        return { end: "limit", trace: traceOf(stdout), output: undefined, fuel: usage.fuel };
      }
      state = way.through(state, stop);
      if (state.status === "paused") state = state.resume({ fuel: slice() });
    }
    if (state.status !== "complete") throw new Error(`a program is ${state.status}`);
    if (NO_MEMORY.test(state.stdout)) return { end: "limit", ...nothing };
    return { end: "complete", trace: traceOf(state.stdout), output: state.output, fuel: state.usage.fuel };
  } catch (error) {
    if (error instanceof LimitError) return { end: "limit", ...nothing };
    if (!(error instanceof GuestError)) throw error;
    const { stdout, usage } = error.run!;
    const trace = traceOf(stdout);
    // The host has more memory.
    if (NO_MEMORY.test(stdout) || NO_MEMORY.test(error.message)) return { end: "limit", ...nothing };
    if (!stdout.includes(OUT)) return { end: "complete", trace, output: UNHANDLED, fuel: usage.fuel };
    return { end: "uncaught", trace, output: madeAt(error.guestStack, same), fuel: usage.fuel };
  }
}

/** The output of a program of which a rejected promise was left unhandled: reported when all is done, in the output's place. */
const UNHANDLED = Symbol("unhandled");

const NO_MEMORY = /RangeError: Array buffer allocation failed/;
const OVERFLOW = /^RangeError: Maximum call stack size exceeded/;

/** A place, and the message of the error; undefined for other texts. */
function placeIn(text: unknown): { place: string; message: string } | undefined {
  if (typeof text !== "string" || !text.startsWith(PLACE)) return undefined;
  const end = text.indexOf(" ");
  return end < 0 ? { place: text.slice(1), message: "" } : { place: text.slice(1, end), message: text.slice(end + 1) };
}

function agree(source: Source, expected: unknown, actual: unknown): boolean {
  if (expected === actual) return true;
  const theirs = placeIn(expected);
  const ours = placeIn(actual);
  if (theirs === undefined || ours === undefined) return false;
  if (theirs.place === NOWHERE || theirs.place === ours.place) return true;
  // Which of the calls of a recursion finds no room depends on the size of the engine's frames.
  if (OVERFLOW.test(theirs.message) && OVERFLOW.test(ours.message)) return true;
  return isAccident(source.twin, theirs.message, ours.place, (line, column) => source.moved(line, column));
}

/** How two outcomes differ, as text; undefined if they do not. */
export function difference(source: Source, expected: Outcome, actual: Outcome): string | undefined {
  const length = Math.max(expected.trace.length, actual.trace.length);
  for (let i = 0; i < length; i++) {
    if (!agree(source, expected.trace[i], actual.trace[i])) {
      return `line ${i + 1}: expected ${JSON.stringify(expected.trace[i])}, got ${JSON.stringify(actual.trace[i])}`;
    }
  }
  if (expected.end !== actual.end) return `ends with ${actual.end}, expected ${expected.end}`;
  if (actual.output === UNHANDLED || expected.output === UNHANDLED || agree(source, expected.output, actual.output))
    return undefined;
  return `output: expected ${JSON.stringify(expected.output)}, got ${JSON.stringify(actual.output)}`;
}
