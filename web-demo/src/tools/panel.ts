// Owns the second tab, tools.ts, and the switch that lets it answer the program's calls. Must never run it before somebody has switched it on
// in this page: the text may be a stranger's.

import { byId, setText } from "../dom.ts";
import type { Editor, Fault } from "../editor.ts";
import type { External } from "../externals.ts";
import type { AnswerView, CallView, ErrorView, PlayView, Stripped } from "../protocol.ts";
import { type Place, told, ToolsError } from "./places.ts";
import { Sandbox, type ToolResult } from "./sandbox.ts";

/** What the panel needs of its page. */
export interface ToolsPage {
  /** TypeScript → JavaScript, or what is wrong with it. */
  strip(source: string): Promise<Stripped | { readonly fault: ErrorView }>;
  /** The arguments of a pending call as values. */
  argsOf(call: number): Promise<readonly unknown[]>;
  answer(call: number, answer: AnswerView): void;
  externals(): readonly External[];
  /** The text was changed by the user. */
  onEdit(): void;
}

const NOTE = "// Answers the program's calls, once it is switched on.\n// It runs in this page, not in the machine.\n";

/** A tools.ts to begin with: a function for every one that the program declares. */
export function templateOf(externals: readonly External[]): string {
  const functions = externals.map(
    ({ name, parameters, example }) => `export async function ${name}(${parameters}) {\n  return ${example};\n}\n`,
  );
  return `${NOTE}\n${functions.join("\n")}`;
}

export class ToolsPanel {
  readonly #page: ToolsPage;
  readonly #makeEditor: () => Editor;
  /** Made when the tab is first opened. */
  #editor: Editor | undefined;
  #text = "";
  /** What is underlined; kept for an editor that is made later. */
  #fault: readonly Fault[] = [];
  readonly #switch = byId<HTMLButtonElement>("by-tools");
  readonly #tabs = [byId("tab-program"), byId("tab-tools")] as const;
  #sandbox: Sandbox | undefined;
  #names: readonly string[] = [];
  /** Calls that a tool works at, or has an answer for that the program was held too early to get. */
  readonly #taken = new Map<number, ToolResult | "working">();
  #view: PlayView | undefined;

  constructor(page: ToolsPage, makeEditor: (onEdit: () => void) => Editor) {
    this.#page = page;
    this.#makeEditor = () =>
      makeEditor(() => {
        this.#off("");
        page.onEdit();
      });
    this.#tabs.forEach((tab, i) => {
      tab.onclick = () => this.select(i === 1);
      tab.onkeydown = ({ key }) => {
        if (key !== "ArrowLeft" && key !== "ArrowRight") return;
        this.select(i === 0);
        this.#tabs[1 - i]!.focus();
      };
    });
    this.#switch.onclick = () => void (this.#sandbox === undefined ? this.#on() : this.#off("switched off"));
  }

  get text(): string {
    return this.#editor?.text ?? this.#text;
  }

  set text(text: string) {
    this.#off("");
    this.#fault = [];
    this.#text = text;
    if (this.#editor !== undefined) this.#editor.text = text;
  }

  /** Shows one of the two sources. */
  select(tools: boolean): void {
    this.#tabs.forEach((tab, i) => {
      const isSelected = (i === 1) === tools;
      tab.setAttribute("aria-selected", String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
    });
    byId("editor").hidden = tools;
    byId("tools-pane").hidden = !tools;
    if (!tools) return;
    if (this.#editor === undefined) {
      this.#editor = this.#makeEditor();
      this.#editor.text = this.#text;
      this.#editor.faults = this.#fault;
    }
    if (this.text.trim() === "") {
      this.#editor.text = templateOf(this.#page.externals());
      this.#page.onEdit();
    }
  }

  show(view: PlayView): void {
    this.#view = view;
    // Ids begin anew with each program, and with each other future.
    const there = new Set(view.calls.map(({ id }) => id));
    for (const id of this.#taken.keys()) if (!there.has(id)) this.#taken.delete(id);
    this.#switch.hidden = this.#page.externals().length === 0;
    this.#work();
  }

  async #on(): Promise<void> {
    if (this.text.trim() === "") return this.select(true);
    const sandbox = new Sandbox();
    this.#sandbox = sandbox;
    this.#tell("loading …");
    this.#underline("", undefined);
    try {
      const stripped = await this.#page.strip(this.text);
      if ("fault" in stripped) {
        const { message, line, column = 1 } = stripped.fault;
        throw new ToolsError(message, line === undefined ? undefined : { line, column });
      }
      this.#names = await sandbox.open(stripped);
      if (sandbox !== this.#sandbox) return;
      this.#switch.setAttribute("aria-pressed", "true");
      this.#tell(this.#names.length === 0 ? "on, but it exports no function" : `on: ${this.#names.join(", ")}`);
      this.#work();
    } catch (error) {
      if (sandbox !== this.#sandbox) return;
      const place = error instanceof ToolsError ? error.place : undefined;
      const message = error instanceof Error ? error.message : String(error);
      this.#off(`off: ${told(message, place)}`);
      this.select(true);
      this.#underline(message, place);
    }
  }

  #off(text: string): void {
    const sandbox = this.#sandbox;
    this.#sandbox = undefined;
    this.#names = [];
    this.#taken.clear();
    this.#switch.setAttribute("aria-pressed", "false");
    this.#tell(text);
    sandbox?.close();
  }

  /** Shows a mistake where it is, as far as that is known. */
  #underline(message: string, place: Place | undefined): void {
    this.#fault = place === undefined ? [] : [{ kind: "syntax", ...place, message }];
    if (this.#editor !== undefined) this.#editor.faults = this.#fault;
  }

  #tell(text: string): void {
    setText(byId("tools-state"), text);
  }

  /** Answers what can be answered. While the program is held, and in the past, nothing happens by itself. */
  #work(): void {
    const view = this.#view;
    if (this.#sandbox === undefined || view?.status !== "waiting") return;
    for (const call of view.calls) {
      const taken = this.#taken.get(call.id);
      if (taken === undefined && this.#names.includes(call.name) && call.kind !== "timer") void this.#take(call);
      else if (taken !== undefined && taken !== "working") {
        this.#taken.delete(call.id);
        this.#page.answer(call.id, "error" in taken ? { error: taken.error } : taken);
        // The program goes on: the next view says with what.
        return;
      }
    }
  }

  async #take({ id, name }: CallView): Promise<void> {
    const sandbox = this.#sandbox!;
    this.#taken.set(id, "working");
    const result = await this.#page.argsOf(id).then(
      (args) => sandbox.call(name, args),
      (error: Error): ToolResult => ({ error: error.message }),
    );
    // Meanwhile it may be another program, or the tools may be other ones.
    if (this.#sandbox !== sandbox || this.#taken.get(id) !== "working") return;
    this.#taken.set(id, result);
    if ("error" in result && result.place !== undefined) {
      this.#tell(`${name} failed at ${told(result.error, result.place)}`);
      this.#underline(result.error, result.place);
    }
    this.#work();
  }
}
