// A little help with the DOM. Text always goes in as text: what a program prints is never markup.

/** The element with an id, which the page is sure to have. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element as T;
}

type Properties<K extends keyof HTMLElementTagNameMap> = Partial<Omit<HTMLElementTagNameMap[K], "style" | "dataset">>;

/** Makes an element with properties and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<K> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** A button that does something. */
export function button(text: string, className: string, onclick: () => void): HTMLButtonElement {
  return make("button", { type: "button", className, textContent: text, onclick });
}

/** Sets text only where it changed: readers of live regions hear each change. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A number of bytes for people. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(bytes < 10_000 ? 2 : 1)} KB` : `${(bytes / 1e6).toFixed(2)} MB`;
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How long ago, for people. */
export function agoText(date: Date): string {
  const seconds = (date.getTime() - Date.now()) / 1000;
  if (seconds > -45) return "just now";
  if (seconds > -3600) return relative.format(Math.round(seconds / 60), "minute");
  if (seconds > -86_400) return relative.format(Math.round(seconds / 3600), "hour");
  return relative.format(Math.round(seconds / 86_400), "day");
}
