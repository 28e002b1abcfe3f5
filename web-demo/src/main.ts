// Wires the page: buttons to the worker, views of the worker to the panels, captures to IndexedDB and links.

import { agoText, byId, bytesText, make, setText } from "./dom.ts";
import { draftOf, dropDraft, keepDraft, keepTools, lastOpen, noteOpen, toolsOf } from "./drafts.ts";
import type { Editor, Fault } from "./editor.ts";
import { EXAMPLES, titleOf } from "./examples.ts";
import { findExternals } from "./externals.ts";
import { BytesPanel } from "./panels/bytes.ts";
import { CallsPanel } from "./panels/calls.ts";
import { FiguresPanel } from "./panels/figures.ts";
import { openGallery } from "./panels/gallery.ts";
import { InsidePanel } from "./panels/inside.ts";
import { Notices, refusalText } from "./panels/notices.ts";
import { OutputPanel } from "./panels/output.ts";
import { TimePanel } from "./panels/time.ts";
import { Timeline } from "./panels/timeline.ts";
import type { AnswerView, CaptureView, ErrorView, PlayView, Request, Stripped } from "./protocol.ts";
import { SavedPrograms, type Label, type Saved } from "./saved.ts";
import { bytesIn, codeIn, linkTo, linkToCode, LONGEST_SAFE_LINK, type SharedCode, toolsIn } from "./share.ts";
import { startTheme } from "./theme.ts";
import { ToolsPanel } from "./tools/panel.ts";
import { Transport, type Action } from "./transport.ts";
import { TypeCheck } from "./types/client.ts";
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

/** After the last key: mistakes of somebody who is typing are none. */
const CHECK_AFTER_MS = 400;
/** A source of the user's own, in errors and stacks. */
const OWN = "program.ts";

type MakeEditor = (id: string, label: string, onEdit: () => void) => Editor;

class Page {
  readonly #editor: Editor;
  readonly #tools: ToolsPanel;
  readonly #picker = byId<HTMLSelectElement>("example");
  readonly #figures = new FiguresPanel();
  readonly #calls = new CallsPanel((call, answer) => void this.#answer(call, answer));
  readonly #output = new OutputPanel();
  readonly #inside = new InsidePanel((line) => this.#editor.mark({ line, kind: "held" }));
  readonly #bytes = new BytesPanel();
  readonly #time = new TimePanel((position) => this.#ask({ do: "goTo", position }));
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
    checked: (fault) => this.#showFault(fault),
    broken: (error) => {
      this.#show(IDLE);
      this.#notices.show("problem", `${error.title}. ${error.message}`);
    },
  });
  #filename = EXAMPLES[0]!.filename;
  #view = IDLE;
  #capture: CaptureView | undefined;
  #storeFailed = false;
  #checking: ReturnType<typeof setTimeout> | undefined;
  #syntax: readonly Fault[] = [];
  #types: readonly Fault[] = [];
  readonly #typeCheck = new TypeCheck((findings) => {
    this.#types = findings.map((finding) => ({ kind: "type", ...finding }));
    this.#showFaults();
    byId("fault").dataset["types"] = "checked";
  });

  constructor(makeEditor: MakeEditor) {
    this.#editor = makeEditor("editor", "Program", () => this.#onEdit());
    this.#tools = new ToolsPanel(
      {
        strip: async (source) =>
          (await this.#client.ask({ do: "strip", source, filename: "tools.ts" })) as Stripped | { fault: ErrorView },
        argsOf: async (call) => (await this.#client.ask({ do: "args", call })) as readonly unknown[],
        answer: (call, answer) => void this.#answer(call, answer),
        externals: () => findExternals(this.#editor.text),
        onEdit: () => keepTools(this.#filename, this.#tools.text),
      },
      (onEdit) => makeEditor("tools-editor", "tools.ts", onEdit),
    );
    for (const { filename, title } of EXAMPLES) {
      this.#picker.append(make("option", { value: filename, textContent: title }));
    }
    this.#picker.onchange = () => this.#open(this.#picker.value);
    openGallery((filename) => this.#open(filename));
    byId("original").onclick = () => this.#dropDraft();
    byId("close-shared").onclick = () => void (byId("shared").hidden = true);
    byId("save").onclick = () => void this.#save();
    byId("share").onclick = () => void this.#share();
    addEventListener("hashchange", () => void this.#openLink());
    const last = lastOpen();
    this.#open(EXAMPLES.some(({ filename }) => filename === last) ? last! : this.#filename);
    this.#show(IDLE);
  }

  /** What was there before this page was: a program in the link, or one that a closed tab left. */
  async begin(): Promise<void> {
    if (new URLSearchParams(location.search).has("embed")) document.body.dataset["embed"] = "";
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
    this.#picker.value = filename;
    noteOpen(filename);
    this.#tools.text = toolsOf(filename);
    this.#tools.select(false);
    this.#setSource(draftOf(filename) ?? example.source);
    if (this.#view.status !== "idle") void this.#ask({ do: "reset" });
  }

  #setSource(source: string): void {
    this.#editor.text = source;
    this.#calls.externals = findExternals(source);
    byId("edited").hidden = true;
    byId("original").hidden = !this.#isOwn;
    this.#showFault(undefined);
  }

  /** True if the text is no example as it was. */
  get #isOwn(): boolean {
    return EXAMPLES.find(({ filename }) => filename === this.#filename)?.source !== this.#editor.text;
  }

  #onEdit(): void {
    this.#typeCheck.wake();
    byId("edited").hidden = this.#view.status === "idle" || this.#view.status === "complete";
    const { text } = this.#editor;
    if (this.#isOwn) keepDraft(this.#filename, text);
    else dropDraft(this.#filename);
    byId("original").hidden = !this.#isOwn;
    this.#showFault(undefined);
    clearTimeout(this.#checking);
    this.#checking = setTimeout(
      () => void this.#ask({ do: "check", source: this.#editor.text, filename: OWN }),
      CHECK_AFTER_MS,
    );
  }

  /** Back to the example; what was written can still be taken back. */
  #dropDraft(): void {
    const filename = this.#filename;
    const draft = this.#editor.text;
    dropDraft(filename);
    this.#open(filename);
    this.#notices.show("offer", "Your version is put away.", {
      text: "Take it back",
      act: () => {
        keepDraft(filename, draft);
        this.#open(filename);
      },
    });
  }

  /** The program cannot be read, or can: then its types are checked when there is time. */
  #showFault(fault: ErrorView | undefined): void {
    const { line, column = 1, message = "" } = fault ?? {};
    this.#syntax = line === undefined ? [] : [{ kind: "syntax", line, column, message }];
    this.#types = [];
    byId("fault").dataset["types"] = "";
    this.#showFaults();
    if (line === undefined) this.#typeCheck.soon(() => this.#editor.text);
  }

  #showFaults(): void {
    const faults = [...this.#syntax, ...this.#types];
    const [first, ...others] = faults;
    const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
    setText(byId("fault"), first === undefined ? "" : `Line ${first.line}: ${first.message}${more}`);
    this.#editor.faults = faults;
  }

  #act(action: Action): Promise<unknown> {
    clearTimeout(this.#checking);
    const goesOn = action !== "run" && (action !== "step" || this.#view.status === "held");
    if (goesOn) return this.#ask({ do: action });
    this.#notices.clear();
    this.#calls.externals = findExternals(this.#editor.text);
    byId("edited").hidden = true;
    const filename = this.#isOwn ? OWN : this.#filename;
    return this.#ask({ do: "run", source: this.#editor.text, filename, step: action === "step" });
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
    const { time } = view;
    const isPast = TimePanel.isPast(view);
    this.#transport.show(status, isPast || view.calls.length === 0, time !== undefined && time.position > time.first);
    this.#time.show(view);
    this.#figures.show(view);
    this.#bytes.show(view, this.#filename.replace(/\.\w+$/, ""));
    if (view.inside !== undefined || status === "idle" || status === "complete" || status === "failed")
      this.#inside.show(view.inside, time !== undefined && (status === "complete" || status === "failed"));
    this.#output.show(view);
    this.#calls.show(view.calls);
    this.#tools.show(view);
    const isError = status === "failed" && error?.line !== undefined;
    if (isError) this.#editor.mark({ line: error.line!, kind: "error" });
    else this.#editor.mark(status !== "running" && line !== undefined ? { line, kind: "held" } : undefined);
    if (view.capture !== undefined) void this.#keep(view.capture, isPast);
    else if (status === "idle" || status === "complete" || status === "failed") void this.#forget();
    byId("save").setAttribute("aria-disabled", String(this.#capture === undefined));
  }

  get #label(): Label {
    const bytes = this.#capture?.bytes.length ?? 0;
    return { title: titleOf(this.#filename), bytes, fuel: this.#view.fuel };
  }

  #keep(capture: CaptureView, isPast: boolean): Promise<void> {
    this.#capture = capture;
    byId("shared").hidden = true;
    // What a closed tab leaves is where the program is, not where somebody was looking.
    if (isPast) return Promise.resolve();
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
    const { hash } = location;
    const bytes = bytesIn(hash);
    const code = await codeIn(hash);
    if (bytes === undefined && code === undefined) return false;
    // Later visits shall find what became of the program, not where it began.
    history.replaceState(null, "", location.href.replace(/#.*$/s, ""));
    if (bytes === null || code === null)
      this.#notices.show("problem", "The link cannot be opened. It was damaged on its way.");
    else if (code !== undefined) this.#openCode(code);
    else {
      const size = bytes!.length;
      const tools = await toolsIn(hash);
      if (await this.#restore(bytes!, "The link")) {
        this.#tools.text = tools;
        this.#explainLink(size);
      }
    }
    return true;
  }

  #openCode({ filename, source, tools }: SharedCode): void {
    this.#filename = EXAMPLES.some((each) => each.filename === filename) ? filename : OWN;
    this.#picker.value = filename;
    this.#setSource(source);
    this.#tools.text = tools;
    const also = tools === "" ? "" : " Its tools.ts is in the second tab; it does nothing until you switch it on.";
    this.#notices.show(
      "offer",
      `Somebody has shared this program. It has not run yet: read it, then press Run.${also}`,
    );
  }

  #explainLink(bytes: number): void {
    const { line, calls } = this.#view;
    const where = line === undefined ? "" : ` at line ${line}`;
    const next = calls.length > 0 ? "answer its calls, or press Resume" : "press Resume";
    this.#notices.show(
      "offer",
      `Somebody has held this program${where} and sent it to you: all of its state is in the link, in ${bytesText(bytes)}. Nothing of it runs until you ${next}.`,
    );
  }

  /** A link to the program as it is held; before it has run, and after its end, to its source. */
  async #share(): Promise<void> {
    const { status } = this.#view;
    if (status === "running" || status === "waiting") await this.#ask({ do: "hold" });
    const bytes = this.#capture?.bytes;
    const tools = this.#tools.text;
    const link =
      bytes === undefined
        ? await linkToCode({ filename: this.#filename, source: this.#editor.text, tools })
        : await linkTo(bytes, tools);
    const input = byId<HTMLInputElement>("link");
    input.value = link;
    byId("shared").hidden = false;
    setText(
      byId("link-label"),
      bytes === undefined
        ? "Anyone who opens this link sees this source."
        : "Anyone who opens this link goes on from here.",
    );
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

startTheme();
// The page works offline once it has been there.
if (import.meta.env.MODE === "production" && "serviceWorker" in navigator)
  void navigator.serviceWorker.register("./sw.js").catch(() => undefined);
const { Editor: PageEditor } = await import("./editor.ts");
await new Page((id, label, onEdit) => new PageEditor(byId(id), label, onEdit)).begin();
