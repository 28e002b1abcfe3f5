// Owns the one definition from which a host gets all that it says about its tools: the externals of the program, the functions that
// answer, the names that are held, and the declarations for the guest. Must never call a tool.

import { canonicalName, isPlainName } from "../machine/externals.ts";
import { checkOptions, type OptionNames } from "../machine/option-names.ts";
import type { ExternalMode } from "../machine/records.ts";
import type { CompileOptions } from "./compile.ts";
import type { CompleteState } from "./complete.ts";
import type { Program, RunOptions } from "./program.ts";
import type { Runtime } from "./runtime.ts";
import type { Tool } from "./tools.ts";

/** One tool, as the host describes it. */
export interface ToolDefinition<Run extends Tool = Tool> {
  /** How the program calls it: `"async"` (the default) gives a promise, `"sync"` the value itself. */
  readonly mode?: ExternalMode | undefined;
  /** What it does: becomes the comment before its declaration. */
  readonly description?: string | undefined;
  /** Its parameters and what it gives, as TypeScript: `"(city: string, days?: number) => Forecast"`. Default `"(...args: any[]) => any"`. */
  readonly signature?: string | undefined;
  /** The function that answers. Without one, calls are held: `state.answer(name, value)` answers them later. */
  readonly run?: Run | undefined;
}

/** Tools by name. A function alone is an async tool; an object of tools is a namespace. */
export interface ToolDefinitions {
  readonly [name: string]: Tool | ToolDefinition | ToolDefinitions;
}

declare const TYPE: unique symbol;
/** The text of a TypeScript type, with the type that the host uses for it. */
export type TypeText<Type> = string & { readonly [TYPE]: Type };

interface NamedTypes {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
  readonly bigint: bigint;
  readonly Date: Date;
  readonly Uint8Array: Uint8Array;
  readonly null: null;
  readonly undefined: undefined;
}

/** The host's type for the text of one: exact for the names of simple types and arrays of them, else unknown. */
export type TypeOf<Text> =
  Text extends TypeText<infer Type>
    ? Type
    : Text extends keyof NamedTypes
      ? NamedTypes[Text]
      : Text extends `${infer Element}[]`
        ? readonly TypeOf<Element>[]
        : unknown;

/** Says which type of the host's the text of a type means: `typed<Order>("{ id: string; total: number }")`. */
export function typed<Type>(text: string): TypeText<Type> {
  return text as TypeText<Type>;
}

/** Inputs by name, each the text of its type. */
export type InputTypes = Readonly<Record<string, string>>;

/** What a program gets and gives besides its tools. */
export interface ToolsOptions<Inputs extends InputTypes, Output extends string> {
  /** The inputs of the program, each the text of its type: `{ city: "string", order: typed<Order>("Order") }`. */
  readonly inputs?: Inputs | undefined;
  /** The text of the type of the program's result. It is not checked. */
  readonly output?: Output | undefined;
  /** Declarations that signatures and inputs use, such as `"interface Order { id: string }"`. */
  readonly types?: string | undefined;
}

const TOOLS_OPTIONS: OptionNames<ToolsOptions<InputTypes, string>> = { inputs: true, output: true, types: true };
const TOOL_OPTIONS: OptionNames<ToolDefinition> = { mode: true, description: true, signature: true, run: true };

/** True for a description without a function. */
type IsHeld<Definition> = Definition extends Tool
  ? false
  : "run" extends keyof Definition
    ? false
    : Exclude<keyof Definition, keyof ToolDefinition> extends never
      ? true
      : false;

/** The functions of a definition, with their types. */
export type ToolsOf<Definitions> = {
  readonly [Name in keyof Definitions as IsHeld<Definitions[Name]> extends true ? never : Name]: FunctionOf<
    Definitions[Name]
  >;
};

type FunctionOf<Definition> = Definition extends Tool
  ? Definition
  : Definition extends { readonly run: infer Run extends Tool }
    ? Exclude<keyof Definition, keyof ToolDefinition> extends never
      ? Run
      : ToolsOf<Definition>
    : ToolsOf<Definition>;

/** The options of `run`, with the inputs of a definition. */
export type TypedRunOptions<Inputs> = Omit<RunOptions, "inputs" | "tools" | "hold"> & {
  readonly inputs: { readonly [Name in keyof Inputs]: TypeOf<Inputs[Name]> };
};

/** All that a host says about its tools. */
export interface DefinedTools<Definitions, Inputs extends InputTypes, Output extends string> {
  /** For `compile`: each tool with its mode. */
  readonly externals: NonNullable<CompileOptions["externals"]>;
  /** For `compile`: the names of the inputs. */
  readonly inputs: readonly string[];
  /** For `run` and `drive`: the functions that answer. */
  readonly tools: ToolsOf<Definitions>;
  /** For `run` and `drive`: the tools without a function, whose calls are answered later. */
  readonly hold: readonly string[];
  /** Declarations in TypeScript of everything that the program can name: for an editor, a type checker or a model's prompt. */
  readonly declarations: string;
  /**
   * Compiles a program that has these tools and inputs.
   *
   * @throws as `runtime.compile`
   */
  compile(runtime: Runtime, source: string, options?: Omit<CompileOptions, "externals" | "inputs">): Program;
  /**
   * Runs a program to its end with these tools.
   *
   * @throws as `program.run`; TypeError if some tools have no function: drive such a program with `tools` and `hold`
   */
  run(
    program: Program,
    ...options: keyof Inputs extends never ? [options?: TypedRunOptions<Inputs>] : [options: TypedRunOptions<Inputs>]
  ): Promise<CompleteState<TypeOf<Output>>>;
}

/** One tool, found in a definition. */
interface Found {
  readonly steps: readonly string[];
  readonly definition: ToolDefinition;
}

/** A description has no other members than those of one. A namespace may have a tool called `run`, beside others. */
const isNamespace = (value: object): boolean => {
  const names = Object.keys(value);
  const isOfObjects = Object.values(value).every(
    (one) => typeof one === "function" || (typeof one === "object" && one !== null),
  );
  const isOfOptions = names.every((name) => Object.hasOwn(TOOL_OPTIONS, name));
  return names.length > 0 && isOfObjects && !(isOfOptions && typeof (value as ToolDefinition).run === "function");
};

function* toolsIn(definitions: ToolDefinitions, before: readonly string[]): Generator<Found> {
  for (const [name, value] of Object.entries(definitions)) {
    const steps = [...before, name];
    const path = steps.join(".");
    if (typeof value === "function") {
      yield { steps, definition: { run: value as Tool } };
    } else if (typeof value !== "object" || value === null) {
      throw new TypeError(`tool ${path} must be a function, its description or a namespace, not ${String(value)}`);
    } else if (isNamespace(value)) {
      yield* toolsIn(value as ToolDefinitions, steps);
    } else {
      checkOptions(`tool ${path}`, value, TOOL_OPTIONS);
      checkDefinition(path, value as ToolDefinition);
      yield { steps, definition: value as ToolDefinition };
    }
  }
}

function checkDefinition(path: string, { mode, run, signature, description }: ToolDefinition): void {
  if (mode !== undefined && mode !== "async" && mode !== "sync")
    throw new TypeError(`tool ${path}: mode must be "async" or "sync", not ${String(mode)}`);
  if (run !== undefined && typeof run !== "function") throw new TypeError(`tool ${path}: run must be a function`);
  if (signature !== undefined && resultAt(signature) < 0)
    throw new TypeError(
      `tool ${path}: signature must be like "(city: string) => number", not ${JSON.stringify(signature)}`,
    );
  if (description !== undefined && typeof description !== "string")
    throw new TypeError(`tool ${path}: description must be a string`);
}

/** The offset of the arrow that follows the parameters; -1 if it is not the type of a function. */
function resultAt(signature: string): number {
  if (typeof signature !== "string") return -1;
  let depth = 0;
  for (let i = 0; i < signature.length; i++) {
    const char = signature[i]!;
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    if (depth === 0) return char === ")" && /^\s*=>/.test(signature.slice(i + 1)) ? signature.indexOf("=>", i) : -1;
  }
  return -1;
}

/** The type of the function as the program sees it: an async one gives a promise. */
function typeOf({ signature = "(...args: any[]) => any", mode = "async" }: ToolDefinition): readonly [string, string] {
  const at = resultAt(signature);
  const result = signature.slice(at + 2).trim();
  const given = mode === "sync" || /^Promise\s*</.test(result) ? result : `Promise<${result}>`;
  return [signature.slice(0, at).trim(), given];
}

const comment = (text: string | undefined, indent: string): string =>
  text === undefined ? "" : `${indent}/** ${text.replaceAll("*/", "*\\/").replaceAll("\n", `\n${indent} * `)} */\n`;

const memberName = (name: string): string => (isPlainName(name) ? name : JSON.stringify(name));

/** A namespace's members, nested as in the definition. */
class Members {
  readonly tools = new Map<string, ToolDefinition>();
  readonly namespaces = new Map<string, Members>();

  add([first, ...rest]: readonly string[], definition: ToolDefinition): void {
    if (rest.length === 0) {
      this.tools.set(first!, definition);
      return;
    }
    let inner = this.namespaces.get(first!);
    if (inner === undefined) this.namespaces.set(first!, (inner = new Members()));
    inner.add(rest, definition);
  }

  /** The declarations of the program's globals. */
  globals(): string {
    const functions = [...this.tools].map(([name, tool]) => {
      const [parameters, result] = typeOf(tool);
      return `${comment(tool.description, "")}declare function ${name}${parameters}: ${result};\n`;
    });
    const objects = [...this.namespaces].map(([name, inner]) => `declare const ${name}: ${inner.#object("")};\n`);
    return functions.join("") + objects.join("");
  }

  #object(indent: string): string {
    const inside = `${indent}  `;
    const functions = [...this.tools].map(([name, tool]) => {
      const [parameters, result] = typeOf(tool);
      return `${comment(tool.description, inside)}${inside}readonly ${memberName(name)}: ${parameters} => ${result};\n`;
    });
    const objects = [...this.namespaces].map(
      ([name, inner]) => `${inside}readonly ${memberName(name)}: ${inner.#object(inside)};\n`,
    );
    return `{\n${functions.join("")}${objects.join("")}${indent}}`;
  }
}

/** Sets a value in nested objects without prototypes. */
function place(into: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  let at = into;
  for (const step of steps.slice(0, -1)) at = (at[step] ??= Object.create(null) as object) as Record<string, unknown>;
  at[steps.at(-1)!] = value;
}

/**
 * Describes the tools, inputs and result of programs once. From it come what `compile` and `run` take, and the declarations for the
 * guest.
 *
 * ```ts
 * const api = defineTools({ price: { signature: "(city: string) => number", run: async (city: string) => city.length } }, { inputs: { city: "string" }, output: "number" });
 * const { output } = await api.run(api.compile(runtime, "await price(city)"), { inputs: { city: "Oslo" } }); // 4
 * ```
 *
 * @throws TypeError for a tool or an option that is not one; it names the place and what was probably meant
 */
export function defineTools<
  const Definitions extends ToolDefinitions,
  const Inputs extends InputTypes = Record<never, string>,
  const Output extends string = "unknown",
>(definitions: Definitions, options: ToolsOptions<Inputs, Output> = {}): DefinedTools<Definitions, Inputs, Output> {
  checkOptions("defineTools", options, TOOLS_OPTIONS);
  const externals: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const tools: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const hold: string[] = [];
  const members = new Members();
  for (const { steps, definition } of toolsIn(definitions, [])) {
    place(externals, steps, definition.mode ?? "async");
    if (definition.run === undefined) hold.push(canonicalName(steps));
    else place(tools, steps, definition.run);
    members.add(steps, definition);
  }
  const { inputs = {} as Inputs, types } = options;
  const globals = Object.entries(inputs).map(([name, type]) => `declare const ${name}: ${type};\n`);
  const declared = {
    externals: externals as DefinedTools<Definitions, Inputs, Output>["externals"],
    inputs: Object.keys(inputs),
  };
  return {
    ...declared,
    tools: tools as ToolsOf<Definitions>,
    hold,
    declarations: `${types === undefined ? "" : `${types.trim()}\n`}${members.globals()}${globals.join("")}`,
    compile: (runtime, source, more) => runtime.compile(source, { ...more, ...declared }),
    run: (program, ...[more]) => runDefined(program, { ...more, tools: tools as RunOptions["tools"] }, hold),
  };
}

async function runDefined<Output>(
  program: Program,
  options: RunOptions & { hold?: undefined },
  hold: readonly string[],
): Promise<CompleteState<Output>> {
  if (hold.length > 0) {
    const names = hold.join(", ");
    throw new TypeError(
      `${names} ${hold.length === 1 ? "has" : "have"} no function: drive the program with \`tools\` and \`hold\``,
    );
  }
  return program.run<Output>(options);
}
