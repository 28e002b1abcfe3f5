// The stack of a held program, and the variables of the function that is selected in it.

import { button, byId, make, setText } from "../dom.ts";
import type { FrameView, InsideView } from "../protocol.ts";
import { treeOf, type Opened } from "./tree.ts";

const KINDS: Readonly<Record<string, string>> = {
  async: "awaits",
  generator: "suspended generator",
  "async-generator": "suspended generator",
};
const SCOPES: Readonly<Record<string, string>> = {
  local: "Variables",
  closure: "From around it",
  module: "Module",
  global: "Global",
};

const HINT = "Hold a program, and see everything that is in it.";

export class InsidePanel {
  readonly #stack = byId("stack");
  readonly #variables = byId("variables");
  readonly #empty = byId("inside-empty");
  readonly #look: (line: number) => void;
  readonly #opened: Opened = new Set();
  #frames: readonly FrameView[] = [];
  #selected = 0;
  /** Texts of the variables when they were last shown, by path. */
  #before = new Map<string, string>();

  /** @param look told the line of the function that is selected */
  constructor(look: (line: number) => void) {
    this.#look = look;
  }

  /** Without `inside`, there is nothing to be seen. @param canGoBack whether it has ended, with a past */
  show(inside: InsideView | undefined, canGoBack: boolean): void {
    const hadFocus = this.#stack.contains(document.activeElement);
    this.#frames = inside?.frames ?? [];
    this.#selected = 0;
    this.#empty.hidden = this.#frames.length > 0;
    setText(this.#empty, canGoBack ? "It has ended. Back shows what it was like just before." : HINT);
    this.#render();
    if (hadFocus) this.#stack.querySelector("button")?.focus();
  }

  #select(index: number): void {
    this.#selected = index;
    this.#render();
    this.#stack.querySelectorAll("button")[index]?.focus();
    const { line } = this.#frames[index]!;
    if (line !== undefined) this.#look(line);
  }

  #render(): void {
    this.#stack.replaceChildren(...this.#frames.map((frame, i) => make("li", {}, this.#row(frame, i))));
    const frame = this.#frames[this.#selected];
    if (frame === undefined) this.#variables.replaceChildren();
    else this.#renderVariables(frame);
  }

  #row(frame: FrameView, index: number): HTMLButtonElement {
    const { line, kind } = frame;
    const row = button("", "", () => this.#select(index));
    const where = line === undefined ? "" : `line ${line}`;
    const state = kind === undefined ? "" : `${KINDS[kind]} · `;
    row.append(make("span", { textContent: nameOf(frame) }), make("small", { textContent: `${state}${where}` }));
    row.setAttribute("aria-pressed", String(index === this.#selected));
    return row;
  }

  #renderVariables(frame: FrameView): void {
    const nodes: HTMLElement[] = [];
    const texts = new Map<string, string>();
    const place = nameOf(frame);
    const self = frame.this === undefined ? [] : [{ name: "this", value: frame.this }];
    const [own] = frame.scopes;
    // What is always there comes last, and has a place where there are no variables.
    const scopes = own?.kind === "local" ? frame.scopes : [{ kind: "local", variables: [] }, ...frame.scopes];
    for (const [i, { kind, function: around, variables, more }] of scopes.entries()) {
      const entries = [...variables, ...(i === 0 ? self : [])].map(({ name, value }) => ({ key: name, value }));
      if (entries.length === 0) continue;
      const path = `${place}/${kind} ${around ?? ""}`;
      for (const { key, value } of entries) texts.set(`${path}.${key}`, value.text);
      nodes.push(make("h3", { textContent: around ? `From ${around}()` : (SCOPES[kind] ?? kind) }));
      const isKnown = [...this.#before.keys()].some((known) => known.startsWith(`${path}.`));
      nodes.push(treeOf(entries, path, this.#opened, isKnown ? this.#before : undefined));
      if (more !== undefined) nodes.push(make("p", { textContent: `… ${more.toLocaleString("en")} more` }));
    }
    if (nodes.length === 0) nodes.push(make("p", { className: "empty", textContent: "It has no variables yet." }));
    this.#before = texts;
    this.#variables.replaceChildren(...nodes);
  }
}

function nameOf({ function: name, isProgram }: FrameView): string {
  if (isProgram) return "(program)";
  return name === "" ? "(function)" : `${name}()`;
}
