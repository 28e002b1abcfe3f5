// The pending calls, each with a form to answer it: by a JSON value, or by an error that the program sees thrown. What the user has
// begun to type must survive whatever else happens to the list.

import { button, byId, make, setText } from "../dom.ts";
import type { External } from "../externals.ts";
import type { AnswerView, CallView } from "../protocol.ts";

const KINDS: Readonly<Record<CallView["kind"], string>> = {
  async: "awaited",
  sync: "held at the call",
  timer: "timer",
  module: "module",
};

export class CallsPanel {
  readonly #list = byId("calls");
  readonly #empty = byId("calls-empty");
  readonly #heading = byId("calls-heading");
  readonly #answer: (id: number, answer: AnswerView) => void;
  readonly #items = new Map<number, HTMLElement>();
  #externals: readonly External[] = [];
  #calls: readonly CallView[] = [];

  constructor(answer: (id: number, answer: AnswerView) => void) {
    this.#answer = answer;
    byId("answer-all").onclick = () => this.#answerAll();
    setInterval(() => this.#tick(), 200);
  }

  /** The declarations by which answers are suggested. */
  set externals(externals: readonly External[]) {
    this.#externals = externals;
    // Ids begin anew with each program.
    this.#items.forEach((item) => item.remove());
    this.#items.clear();
  }

  show(calls: readonly CallView[]): void {
    const hadFocus = this.#list.contains(document.activeElement);
    const there = new Set(calls.map(({ id }) => id));
    for (const [id, item] of this.#items) {
      if (there.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
    for (const call of calls) {
      if (this.#items.has(call.id)) continue;
      const item = this.#makeItem(call);
      this.#items.set(call.id, item);
      this.#list.append(item);
    }
    this.#empty.hidden = calls.length > 0;
    const count = calls.length === 0 ? "" : ` (${calls.length})`;
    setText(this.#heading, `Pending calls${count}`);
    byId("answer-all").hidden = this.#answerable(calls).length === 0;
    this.#calls = calls;
    this.#tick();
    if (hadFocus && !this.#list.contains(document.activeElement)) this.#focusNext();
  }

  #answerable(calls: readonly CallView[]): readonly CallView[] {
    return calls.filter(({ kind }) => kind === "async" || kind === "sync");
  }

  /** Every call gets what its declaration gives as an example, or what suits its type. */
  #answerAll(): void {
    for (const { id, name } of this.#answerable(this.#calls)) {
      const example = this.#externals.find((external) => external.name === name)?.example ?? "null";
      this.#answer(id, { value: JSON.parse(example) as unknown });
    }
    this.#heading.focus();
  }

  /** After an answer by keyboard, the next call gets the focus. */
  #focusNext(): void {
    const next = this.#list.querySelector<HTMLElement>("button, input");
    (next ?? this.#heading).focus();
  }

  #makeItem(call: CallView): HTMLElement {
    const text = call.kind === "timer" ? "setTimeout" : `${call.name}(${call.args.join(", ")})`;
    const head = make(
      "div",
      { className: "call-head" },
      make("code", { textContent: text }),
      make("span", { className: `tag tag-${call.kind}`, textContent: KINDS[call.kind] }),
    );
    const item = make("li", { className: "call" }, head);
    if (call.kind === "timer") {
      const due = make("p", { className: "due" });
      due.dataset["dueAt"] = String(call.dueAt ?? 0);
      item.append(due);
    } else item.append(this.#makeForm(call));
    return item;
  }

  #makeForm(call: CallView): HTMLFormElement {
    const external = this.#externals.find(({ name }) => name === call.name);
    const id = `answer-${call.id}`;
    const label = make("label", { htmlFor: id, className: "visually-hidden" });
    const input = make("input", { id, type: "text", autocomplete: "off", spellcheck: false });
    const kind = make("select", {}, make("option", { value: "value", textContent: "value" }));
    kind.append(make("option", { value: "error", textContent: "error" }));
    kind.setAttribute("aria-label", `What ${call.name} gives: a value or an error`);
    const problem = make("p", { className: "problem", id: `${id}-problem` });
    problem.setAttribute("role", "alert");
    input.setAttribute("aria-describedby", problem.id);
    const choose = (): void => {
      const isError = kind.value === "error";
      setText(label, isError ? `Error message of ${call.name}` : `Answer of ${call.name}, as JSON`);
      input.value = isError ? `${call.name} is not available` : (external?.example ?? "null");
      setText(problem, "");
    };
    kind.onchange = choose;
    choose();
    const form = make("form", { className: "answer" });
    const choices = external?.choices ?? [];
    if (choices.length > 0) {
      const send = (choice: string): void => this.#answer(call.id, { value: JSON.parse(choice) as unknown });
      const chips = choices.map((choice) => button(choice, "chip", () => send(choice)));
      form.append(make("div", { className: "chips" }, ...chips));
    }
    form.append(
      make("div", { className: "fields" }, kind, label, input, make("button", { className: "small" }, "Answer")),
      problem,
    );
    form.onsubmit = (event) => {
      event.preventDefault();
      const answer = readAnswer(kind.value, input.value);
      if (typeof answer !== "string") return this.#answer(call.id, answer);
      input.setAttribute("aria-invalid", "true");
      setText(problem, answer);
    };
    input.oninput = () => {
      input.removeAttribute("aria-invalid");
      setText(problem, "");
    };
    return form;
  }

  #tick(): void {
    for (const due of this.#list.querySelectorAll<HTMLElement>(".due")) {
      const left = Number(due.dataset["dueAt"]) - Date.now();
      setText(due, left <= 0 ? "due now" : `due in ${(left / 1000).toFixed(1)} s`);
    }
  }
}

/** The answer, or the fault in the text. */
function readAnswer(kind: string, text: string): AnswerView | string {
  if (kind === "error") return { error: text };
  if (text.trim() === "" || text.trim() === "undefined") return { value: undefined };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return `Not JSON. Texts go in double quotes: ${JSON.stringify(text)}`;
  }
}
