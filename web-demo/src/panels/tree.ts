// Values that can be unfolded. Their parts are made when they are first opened.

import { make } from "../dom.ts";
import type { ValueView } from "../protocol.ts";

/** What is open, by path: it stays so from moment to moment. */
export type Opened = Set<string>;

/** A list of named values. `before`: texts by path of the moment before, to show what has changed. */
export function treeOf(
  entries: readonly { readonly key: string; readonly value: ValueView }[],
  path: string,
  opened: Opened,
  before?: ReadonlyMap<string, string>,
): HTMLUListElement {
  const items = entries.map(({ key, value }) => itemOf(key, value, `${path}.${key}`, opened, before));
  return make("ul", { className: "tree" }, ...items);
}

function itemOf(
  key: string,
  value: ValueView,
  path: string,
  opened: Opened,
  before: ReadonlyMap<string, string> | undefined,
): HTMLLIElement {
  const name = make("span", { className: "key", textContent: key });
  const changed = before !== undefined && before.get(path) !== value.text ? " changed" : "";
  const text = make("span", { className: `value-${value.type}${changed}`, textContent: value.text });
  if (value.entries === undefined) return make("li", {}, name, ": ", text);
  const details = make("details", {}, make("summary", {}, name, ": ", text));
  const fill = (): void => {
    if (details.childElementCount > 1) return;
    details.append(treeOf(value.entries!, path, opened));
    if (value.more !== undefined) details.append(make("p", { textContent: `… ${value.more} more` }));
  };
  details.ontoggle = () => {
    if (details.open) fill();
    if (details.open) opened.add(path);
    else opened.delete(path);
  };
  if (opened.has(path)) {
    fill();
    details.open = true;
  }
  return make("li", {}, details);
}
