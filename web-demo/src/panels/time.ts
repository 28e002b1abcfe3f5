// The slider through time: the recorded moments of a run, from the first to the last.

import { byId, setText } from "../dom.ts";
import type { PlayView } from "../protocol.ts";

const EMPTY = "A program that is held can be moved back and forth through time.";

export class TimePanel {
  readonly #slider = byId<HTMLInputElement>("when");
  readonly #text = byId("when-text");
  #isBusy = false;
  #wanted: number | undefined;

  /** @param goTo resolves when the page shows that moment */
  constructor(goTo: (position: number) => Promise<unknown>) {
    this.#slider.oninput = () => {
      this.#wanted = Number(this.#slider.value);
      void this.#follow(goTo);
    };
  }

  /** True while the program is looked at in the past. */
  static isPast({ time }: PlayView): boolean {
    return time !== undefined && time.position < time.last;
  }

  show(view: PlayView): void {
    const { time, status } = view;
    const canMove = time !== undefined && time.last > time.first;
    this.#slider.disabled = !canMove;
    if (!canMove) {
      setText(this.#text, status === "idle" ? EMPTY : status === "running" ? "now" : EMPTY);
      return;
    }
    this.#slider.min = String(time.first);
    this.#slider.max = String(time.last);
    if (this.#wanted === undefined) this.#slider.value = String(time.position);
    const place = view.line === undefined ? "" : `, line ${view.line}`;
    const text = TimePanel.isPast(view)
      ? `in the past: moment ${number(time.position)} of ${number(time.last)}${place}`
      : `now: moment ${number(time.last)}`;
    setText(this.#text, text);
    this.#slider.setAttribute("aria-valuetext", text);
  }

  /** One request at a time, and always the newest: a slider is faster than anything. */
  async #follow(goTo: (position: number) => Promise<unknown>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#wanted !== undefined) {
      const position = this.#wanted;
      await goTo(position);
      if (this.#wanted === position) this.#wanted = undefined;
    }
    this.#isBusy = false;
  }
}

function number(position: number): string {
  return position.toLocaleString("en");
}
