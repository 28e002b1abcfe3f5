// The buttons and their keys. A button that makes no sense now stays focusable, so that the focus is not lost.

import { byId } from "./dom.ts";
import type { PlayStatus } from "./protocol.ts";

export type Action = "run" | "hold" | "back" | "step" | "resume" | "reset";

/** Keys by action, as `event.key`; `mod` is Ctrl, or Cmd on a Mac. */
const KEYS: readonly {
  readonly action: Action;
  readonly key: string;
  readonly mod: boolean;
  readonly shift?: boolean;
}[] = [
  { action: "run", key: "Enter", mod: true },
  { action: "hold", key: ".", mod: true },
  { action: "resume", key: "F8", mod: false },
  { action: "back", key: "F10", mod: false, shift: true },
  { action: "step", key: "F10", mod: false },
  { action: "reset", key: "F9", mod: false },
];

const ALLOWED: Readonly<Record<PlayStatus, readonly Action[]>> = {
  idle: ["run", "step"],
  running: ["run", "hold", "reset"],
  waiting: ["run", "hold", "back", "reset"],
  held: ["run", "back", "step", "resume", "reset"],
  complete: ["run", "back", "step", "reset"],
  failed: ["run", "back", "step", "reset"],
};

export class Transport {
  #allowed: readonly Action[] = ALLOWED.idle;

  constructor(act: (action: Action) => void) {
    const actIfAllowed = (action: Action): void => {
      if (this.#allowed.includes(action)) act(action);
    };
    for (const { action } of KEYS) byId(action).onclick = () => actIfAllowed(action);
    // First of all: the editor has meanings of its own for some keys.
    addEventListener("keydown", (event) => this.#onKey(event, actIfAllowed), { capture: true });
  }

  #onKey(event: KeyboardEvent, act: (action: Action) => void): void {
    const mod = event.ctrlKey || event.metaKey;
    if (event.altKey || document.querySelector("dialog[open]") !== null) return;
    const found = KEYS.find(
      (each) => each.key === event.key && each.mod === mod && (each.shift ?? false) === event.shiftKey,
    );
    if (found === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act(found.action);
  }

  /**
   * @param canStep whether a held program has a next statement, rather than calls to be answered
   * @param canGoBack whether there is a past
   */
  show(status: PlayStatus, canStep: boolean, canGoBack: boolean): void {
    this.#allowed = ALLOWED[status].filter(
      (action) => (action !== "step" || status !== "held" || canStep) && (action !== "back" || canGoBack),
    );
    for (const { action } of KEYS) byId(action).setAttribute("aria-disabled", String(!this.#allowed.includes(action)));
  }
}
