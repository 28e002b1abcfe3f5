// Wires the page: buttons to the worker, views of the worker to the panels, captures to IndexedDB and links.

import { agoText, byId, bytesText, make, setText } from "./dom.ts";
import { Editor } from "./editor.ts";
import { EXAMPLES, titleOf } from "./examples.ts";
import { findExternals } from "./externals.ts";
import { CallsPanel } from "./panels/calls.ts";
import { FiguresPanel } from "./panels/figures.ts";
import { Notices, refusalText } from "./panels/notices.ts";
import { OutputPanel } from "./panels/output.ts";
import { Timeline } from "./panels/timeline.ts";
import type { AnswerView, CaptureView, PlayView, Request } from "./protocol.ts";
import { SavedPrograms, type Label, type Saved } from "./saved.ts";
import { bytesIn, linkTo, LONGEST_SAFE_LINK } from "./share.ts";
import { Transport, type Action } from "./transport.ts";
import { Refusal, VmClient } from "./vm-client.ts";

const IDLE: PlayView = {
  status: "idle",
  stdout: "",
  stderr: "",
  isWhole: true,
  fuel: 0,
  memoryBytes: 0,
  peakMemoryBytes: 0,
  hostCalls: 0,
  timeMs: 0,
  calls: [],
};

class Page {
  readonly #editor = new Editor(byId("editor"), () => this.#onEdit());
  readonly #picker = byId<HTMLSelectElement>("example");
  readonly #figures = new FiguresPanel();
  readonly #calls = new CallsPanel((call, answer) => void this.#answer(call, answer));
  readonly #output = new OutputPanel();
  readonly #notices = new Notices();
  readonly #saved = new SavedPrograms();
  readonly #timeline = new Timeline({
    restore: (saved) => void this.#restoreSaved(saved),
    delete: (saved) => void this.#delete(saved),
  });
  readonly #transport = new Transport((action) => void this.#act(action));
  readonly #client = new VmClient({
    ready: (milliseconds) => setText(byId("loaded"), `machine ready in ${milliseconds.toFixed(0)} ms`),
    view: (view) => this.#show(view),
    broken: (error) => {
      this.#show(IDLE);
      this.#notices.show("problem", `${error.title}. ${error.message}`);
    },
  });
  #filename = EXAMPLES[0]!.filename;
  #view = IDLE;
  #capture: CaptureView | undefined;
  #storeFailed = false;

  constructor() {
    for (const { filename, title } of EXAMPLES) {
      this.#picker.append(make("option", { value: filename, textContent: title }));
    }
    this.#picker.onchange = () => this.#open(this.#picker.value);
    byId("save").onclick = () => void this.#save();
    byId("share").onclick = () => void this.#share();
    addEventListener("hashchange", () => void this.#openLink());
    this.#open(this.#filename);
    this.#show(IDLE);
  }

  /** What was there before this page was: a program in the link, or one that a closed tab left. */
  async begin(): Promise<void> {
    await this.#list();
    if (await this.#openLink()) return;
    const left = (await this.#saved.list()).find(({ kind }) => kind === "auto");
    if (left === undefined) return;
    const text = `${left.title} was held here ${agoText(left.at)}, at ${bytesText(left.bytes)}.`;
    this.#notices.show(
      "offer",
      text,
      { text: "Restore", act: () => void this.#restoreSaved(left) },
      { text: "Discard", act: () => void this.#delete(left) },
    );
  }

  // --- the program

  #open(filename: string): void {
    const example = EXAMPLES.find((each) => each.filename === filename);
    if (example === undefined) return;
    this.#filename = filename;
    this.#setSource(example.source);
    if (this.#view.status !== "idle") void this.#ask({ do: "reset" });
  }

  #setSource(source: string): void {
    this.#editor.text = source;
    this.#calls.externals = findExternals(source);
    byId("edited").hidden = true;
  }

  #onEdit(): void {
    byId("edited").hidden = this.#view.status === "idle" || this.#view.status === "complete";
  }

  #act(action: Action): Promise<unknown> {
    const goesOn = action !== "run" && (action !== "step" || this.#view.status === "held");
    if (goesOn) return this.#ask({ do: action });
    this.#notices.clear();
    this.#calls.externals = findExternals(this.#editor.text);
    byId("edited").hidden = true;
    return this.#ask({ do: "run", source: this.#editor.text, filename: this.#filename, step: action === "step" });
  }

  #answer(call: number, answer: AnswerView): Promise<unknown> {
    return this.#ask({ do: "answer", call, answer });
  }

  async #ask(request: Request): Promise<boolean> {
    try {
      await this.#client.ask(request);
      return true;
    } catch (error) {
      this.#notices.show("problem", error instanceof Refusal ? refusalText(error.view) : String(error));
      return false;
    }
  }

  // --- what it tells

  #show(view: PlayView): void {
    this.#view = view;
    const { status, error, line, restored } = view;
    if (restored !== undefined) {
      this.#filename = restored.filename;
      this.#picker.value = restored.filename;
      this.#setSource(restored.source);
    }
    this.#transport.show(status, view.calls.length === 0);
    this.#figures.show(view);
    this.#output.show(view);
    this.#calls.show(view.calls);
    const isError = status === "failed" && error?.line !== undefined;
    if (isError) this.#editor.mark({ line: error.line!, kind: "error" });
    else this.#editor.mark(status !== "running" && line !== undefined ? { line, kind: "held" } : undefined);
    if (view.capture !== undefined) void this.#keep(view.capture);
    else if (status === "idle" || status === "complete" || status === "failed") void this.#forget();
    const canKeep = String(this.#capture === undefined);
    byId("save").setAttribute("aria-disabled", canKeep);
    byId("share").setAttribute("aria-disabled", canKeep);
  }

  get #label(): Label {
    const bytes = this.#capture?.bytes.length ?? 0;
    return { title: titleOf(this.#filename), bytes, fuel: this.#view.fuel };
  }

  #keep(capture: CaptureView): Promise<void> {
    this.#capture = capture;
    byId("shared").hidden = true;
    return this.#stored(async () => {
      await this.#saved.keep(capture.bytes, this.#label);
      setText(byId("kept"), "kept in this browser · ");
    });
  }

  #forget(): Promise<void> {
    this.#capture = undefined;
    byId("shared").hidden = true;
    setText(byId("kept"), "");
    return this.#stored(() => this.#saved.forget());
  }

  // --- saved programs and links

  async #stored(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // Said once: without a store, each capture fails.
      if (!this.#storeFailed)
        this.#notices.show("problem", `This browser does not keep it: ${(error as Error).message}`);
      this.#storeFailed = true;
    }
  }

  #list(): Promise<void> {
    return this.#stored(async () => this.#timeline.show(await this.#saved.list()));
  }

  async #save(): Promise<void> {
    const capture = this.#capture;
    if (capture === undefined) return;
    await this.#stored(() => this.#saved.save(capture.bytes, this.#label));
    await this.#list();
  }

  async #delete({ key }: Saved): Promise<void> {
    await this.#stored(() => this.#saved.delete(key));
    await this.#list();
  }

  async #restoreSaved({ key, kind }: Saved): Promise<void> {
    await this.#stored(async () => {
      const bytes = await this.#saved.read(key);
      if (bytes === undefined) this.#notices.show("problem", "It is no longer there: another tab has deleted it.");
      // What a closed tab left is this tab's now.
      else if ((await this.#restore(bytes, "The snapshot")) && kind === "auto") await this.#saved.delete(key);
    });
    await this.#list();
  }

  async #restore(bytes: Uint8Array<ArrayBuffer>, what: string): Promise<boolean> {
    try {
      await this.#client.ask({ do: "restore", bytes });
      this.#notices.clear();
      return true;
    } catch (error) {
      const why = error instanceof Refusal ? refusalText(error.view) : String(error);
      this.#notices.show("problem", `${what} cannot be opened. ${why}`);
      return false;
    }
  }

  /** Resolves to whether the address holds a program, good or bad. */
  async #openLink(): Promise<boolean> {
    const bytes = bytesIn(location.hash);
    if (bytes === undefined) return false;
    // Later visits shall find what became of the program, not where it began.
    history.replaceState(null, "", location.href.replace(/#.*$/s, ""));
    if (bytes === null) this.#notices.show("problem", "The link cannot be opened. It was damaged on its way.");
    else await this.#restore(bytes, "The link");
    return true;
  }

  async #share(): Promise<void> {
    if (this.#capture === undefined) return;
    if (this.#view.status !== "held") await this.#ask({ do: "hold" });
    const { bytes } = this.#capture;
    const link = linkTo(bytes);
    const input = byId<HTMLInputElement>("link");
    input.value = link;
    byId("shared").hidden = false;
    input.select();
    const length = `${link.length.toLocaleString("en")} characters`;
    const isLong = link.length > LONGEST_SAFE_LINK ? ", long: some programs cut it off" : "";
    setText(byId("link-state"), `${(await copied(link)) ? "copied, " : ""}${length}${isLong}`);
  }
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not allowed, or not there: the text is selected in its field.
    return false;
  }
}

await new Page().begin();
