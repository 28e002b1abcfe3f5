// The state of the program in figures.

import { byId, bytesText, setText } from "../dom.ts";
import type { PlayStatus, PlayView } from "../protocol.ts";

const WORDS: Readonly<Record<PlayStatus, string>> = {
  idle: "ready",
  running: "running",
  waiting: "waiting for its host",
  held: "held",
  complete: "complete",
  failed: "failed",
};

const NONE = "–";

export class FiguresPanel {
  readonly #status = byId("status");
  readonly #signal = byId("signal");

  show(view: PlayView): void {
    const { status, line } = view;
    // A program that failed before it began has no figures.
    const isIdle = status === "idle" || (status === "failed" && view.fuel === 0);
    const past = view.time !== undefined && view.time.position < view.time.last ? ", in the past" : "";
    setText(this.#status, status === "held" && line !== undefined ? `held at line ${line}${past}` : WORDS[status]);
    this.#signal.dataset["status"] = status;
    document.body.dataset["status"] = status;
    setText(byId("fuel"), isIdle ? NONE : view.fuel.toLocaleString("en"));
    setText(byId("time"), isIdle ? NONE : millisecondsText(view.timeMs));
    setText(byId("memory"), isIdle ? NONE : bytesText(view.memoryBytes));
    if (view.capture !== undefined) {
      const { bytes, rawBytes, milliseconds } = view.capture;
      setText(byId("size"), bytesText(bytes.length));
      setText(byId("raw"), bytesText(rawBytes));
      setText(byId("capture-time"), millisecondsText(milliseconds));
    } else if (isIdle || status === "complete" || status === "failed") {
      for (const id of ["size", "raw", "capture-time"]) setText(byId(id), NONE);
    }
  }
}

function millisecondsText(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return milliseconds >= 100 ? `${milliseconds.toFixed(0)} ms` : `${milliseconds.toFixed(2)} ms`;
}
