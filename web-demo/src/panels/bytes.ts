// What the bytes of a snapshot are, as a bar, and the snapshot as a file.

import { byId, bytesText, make } from "../dom.ts";
import type { PlayView } from "../protocol.ts";

const PARTS: Readonly<Record<string, string>> = {
  programs: "program",
  prelude: "builtins in use",
  graph: "objects and stack",
  texts: "texts",
  numbers: "numbers",
};

export class BytesPanel {
  readonly #bar = byId("bar");
  readonly #download = byId("download");
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #name = "program";

  constructor() {
    this.#download.onclick = () => this.#save();
  }

  show({ capture, inside, status }: PlayView, filename: string): void {
    this.#name = filename;
    if (capture !== undefined) this.#bytes = capture.bytes;
    else if (status === "idle" || status === "complete" || status === "failed") this.#bytes = undefined;
    this.#download.setAttribute("aria-disabled", String(this.#bytes === undefined));
    if (this.#bytes === undefined) return this.#show([]);
    if (inside !== undefined) this.#show(Object.entries(inside.parts).filter(([, size]) => size > 0));
  }

  #show(parts: readonly (readonly [string, number])[]): void {
    const segments = parts.map(([part, size]) => {
      const segment = make("span", { title: `${PARTS[part] ?? part}: ${bytesText(size)} before compression` });
      segment.style.flex = `${size} 0 0`;
      segment.style.background = `var(--part-${part})`;
      return segment;
    });
    this.#bar.replaceChildren(...segments);
    const text = parts.map(([part, size]) => `${PARTS[part] ?? part} ${bytesText(size)}`).join(", ");
    this.#bar.setAttribute("aria-label", text === "" ? "No snapshot yet" : `Before compression: ${text}`);
  }

  #save(): void {
    if (this.#bytes === undefined) return;
    const url = URL.createObjectURL(new Blob([this.#bytes], { type: "application/octet-stream" }));
    make("a", { href: url, download: `${this.#name}.fermata` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}
