// The saved snapshots as notes on a staff: the newest first, the larger the higher.

import { agoText, button, byId, bytesText, make } from "../dom.ts";
import type { Saved } from "../saved.ts";

/** Steps between the lowest and the highest note. */
const STEPS = 7;
const LOWEST_BYTES = 512;

export interface TimelineEvents {
  restore(saved: Saved): void;
  delete(saved: Saved): void;
}

export class Timeline {
  readonly #list = byId("notes");
  readonly #empty = byId("notes-empty");
  readonly #events: TimelineEvents;

  constructor(events: TimelineEvents) {
    this.#events = events;
  }

  show(all: readonly Saved[]): void {
    const focused = this.#list.contains(document.activeElement) ? [...this.#list.children].findIndex(holdsFocus) : -1;
    this.#list.replaceChildren(...all.map((saved) => this.#makeNote(saved)));
    this.#empty.hidden = all.length > 0;
    if (focused < 0) return;
    const next = this.#list.children[Math.min(focused, all.length - 1)];
    (next?.querySelector("button") ?? byId("save")).focus();
  }

  #makeNote(saved: Saved): HTMLElement {
    const { at, bytes, title, kind } = saved;
    const when = agoText(at);
    const restore = button("", "note", () => this.#events.restore(saved));
    restore.append(
      noteHead(kind),
      make("span", { className: "visually-hidden", textContent: "Restore " }),
      make("span", { className: "note-title", textContent: title }),
      make("span", { className: "note-size", textContent: ` ${bytesText(bytes)} · ${when}` }),
    );
    restore.title = `${at.toLocaleString("en")} · ${saved.fuel.toLocaleString("en")} fuel`;
    const step = Math.round(Math.log2(Math.max(1, bytes / LOWEST_BYTES)) * 1.5);
    restore.style.setProperty("--pitch", String(Math.min(STEPS, step)));
    const remove = button("×", "remove", () => this.#events.delete(saved));
    remove.setAttribute("aria-label", `Delete ${title}, saved ${when}`);
    return make("li", {}, restore, remove);
  }
}

function holdsFocus(element: Element): boolean {
  return element.contains(document.activeElement);
}

const SVG = "http://www.w3.org/2000/svg";

/** A filled note; an open one for one from a tab that was closed. */
function noteHead(kind: Saved["kind"]): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 44");
  svg.setAttribute("class", `note-head note-${kind}`);
  svg.setAttribute("aria-hidden", "true");
  const stem = document.createElementNS(SVG, "path");
  stem.setAttribute("d", "M13.2 37 V4");
  const head = document.createElementNS(SVG, "ellipse");
  for (const [name, value] of Object.entries({
    cx: "7.6",
    cy: "38",
    rx: "5.8",
    ry: "4.2",
    transform: "rotate(-22 7.6 38)",
  })) {
    head.setAttribute(name, value);
  }
  svg.append(stem, head);
  return svg;
}
