// What the page itself has to say: an offer to take up what a closed tab left, or why a link cannot be opened.

import { button, byId, make } from "../dom.ts";
import type { ErrorView } from "../protocol.ts";

/** Something the user can do about a notice. */
export interface NoticeAction {
  readonly text: string;
  act(): void;
}

const REASONS: Readonly<Record<string, string>> = {
  "not-a-snapshot": "There is no held program in it.",
  truncated: "It was cut off on its way, so the program is incomplete. Ask the sender to send it once more.",
  checksum: "Some of it was changed on its way. Ask the sender to send it once more.",
  malformed: "It is not something Fermata writes. Nothing of it was run.",
  "unsupported-version": "It was written by a version of Fermata that this page does not know.",
  "too-large": "It is larger than this page accepts.",
  "missing-program": "Only the state is in it, the program is not.",
  key: "It is sealed, and this page has no key for it.",
};

/** A snapshot that was refused, said kindly. */
export function refusalText({ reason, message }: ErrorView): string {
  return (reason && REASONS[reason]) ?? message;
}

export class Notices {
  readonly #place = byId("notices");

  /** Shows a notice in place of the last one. */
  show(kind: "offer" | "problem", text: string, ...actions: NoticeAction[]): void {
    const close = (): void => this.clear();
    const buttons = actions.map(({ text: name, act }) =>
      button(name, "small", () => {
        close();
        act();
      }),
    );
    const dismiss = button("×", "remove", close);
    dismiss.setAttribute("aria-label", "Dismiss");
    this.#place.replaceChildren(
      make("div", { className: `notice ${kind}` }, make("p", { textContent: text }), ...buttons, dismiss),
    );
  }

  clear(): void {
    this.#place.replaceChildren();
  }
}
