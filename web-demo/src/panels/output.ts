// The output: what the program wrote, its result or its error. A log that assistive technology reads out as it grows.

import { byId, make } from "../dom.ts";
import type { ErrorView, PlayView } from "../protocol.ts";
import { treeOf, type Opened } from "./tree.ts";

/** Older lines leave the page; the program's own stdout keeps them. */
const MOST_LINES = 1000;

export class OutputPanel {
  readonly #log = byId("output");
  readonly #end = byId("ending");
  readonly #empty = byId("output-empty");
  /** The last line of each stream, while it has no line end. */
  readonly #open = new Map<string, HTMLElement>();
  #shown: string | undefined;
  readonly #opened: Opened = new Set();

  show(view: PlayView): void {
    if (view.isWhole) this.#clear();
    const wasAtEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 24;
    this.#write("stdout", view.stdout);
    this.#write("stderr", view.stderr);
    while (this.#log.childElementCount > MOST_LINES) this.#log.firstElementChild!.remove();
    this.#showEnd(view);
    this.#empty.hidden = this.#log.childElementCount > 0 || view.status === "complete" || view.status === "failed";
    // A user who scrolled up is reading.
    if (wasAtEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }

  #clear(): void {
    this.#log.replaceChildren();
    this.#open.clear();
  }

  #write(stream: "stdout" | "stderr", text: string): void {
    if (text === "") return;
    const lines = text.split("\n");
    // A flood would only be scrolled away again.
    const first = Math.max(0, lines.length - MOST_LINES - 1);
    const added = document.createDocumentFragment();
    for (let i = first; i < lines.length; i++) {
      const isLast = i === lines.length - 1;
      if (isLast && lines[i] === "") {
        this.#open.delete(stream);
        break;
      }
      const block = i === 0 && this.#open.has(stream) ? 0 : blockAt(lines, i);
      if (block > 0) {
        added.append(folded(stream, lines.slice(i, i + block + 1)));
        i += block;
        continue;
      }
      const open = i === 0 ? this.#open.get(stream) : undefined;
      if (open !== undefined) open.append(lines[i]!);
      const line = open ?? make("div", { className: `line ${stream}`, textContent: lines[i]! });
      if (open === undefined) added.append(line);
      if (isLast) this.#open.set(stream, line);
      else this.#open.delete(stream);
    }
    this.#log.append(added);
  }

  #showEnd({ result, resultTree, error }: PlayView): void {
    const text = JSON.stringify([result, error]);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#end.replaceChildren();
    if (result !== undefined) {
      this.#end.append(
        make("p", { className: "ending-title", textContent: "Result" }),
        make("pre", { textContent: result, tabIndex: 0 }),
      );
      if (resultTree?.entries !== undefined && (result.includes("\n") || result.length > 48))
        this.#end.append(treeOf(resultTree.entries, "result", this.#opened));
    }
    if (error !== undefined) this.#end.append(...errorNodes(error));
  }
}

/** How many lines after this one are of the same value, as console shows it: the deeper ones, and the one that closes it. */
function blockAt(lines: readonly string[], first: number): number {
  const indent = /^(\s*).*[[{(]$/.exec(lines[first]!)?.[1];
  if (indent === undefined) return 0;
  for (let i = first + 1; i < lines.length - 1; i++) {
    const line = lines[i]!;
    if (line.startsWith(`${indent} `)) continue;
    return i > first + 1 && /^\s*[\]})]/.test(line) && line.startsWith(indent) ? i - first : 0;
  }
  return 0;
}

/** A value of several lines, which can be folded. */
function folded(stream: string, lines: readonly string[]): HTMLElement {
  const [first, ...rest] = lines;
  const body = make("div", { textContent: rest.join("\n") });
  return make("details", { className: `line ${stream}`, open: true }, make("summary", { textContent: first! }), body);
}

/** An error, with where it happened. */
export function errorNodes({ title, message, codeFrame, stack }: ErrorView): HTMLElement[] {
  const nodes: HTMLElement[] = [
    make("p", { className: "error-title" }, make("strong", { textContent: title }), message && `: ${message}`),
  ];
  if (codeFrame) nodes.push(make("pre", { className: "code-frame", textContent: codeFrame, tabIndex: 0 }));
  const frames = stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? [];
  if (frames.length > 1) {
    const text = frames.map((line) => line.trim()).join("\n");
    nodes.push(
      make("details", {}, make("summary", { textContent: "Stack" }), make("pre", { textContent: text, tabIndex: 0 })),
    );
  }
  return nodes;
}
