// The gallery of examples: a card for each, with what it shows.

import { button, byId, make } from "../dom.ts";
import { EXAMPLES } from "../examples.ts";

/** Fills the gallery, and opens dialogs by their buttons. */
export function openGallery(pick: (filename: string) => void): void {
  const gallery = byId<HTMLDialogElement>("gallery");
  const cards = EXAMPLES.map(({ filename, title, shows }) => {
    const card = button("", "", () => {
      gallery.close();
      pick(filename);
    });
    card.append(make("strong", { textContent: title }), make("span", { textContent: shows }));
    return make("li", {}, card);
  });
  byId("cards").append(...cards);
  byId("open-gallery").onclick = () => gallery.showModal();
  byId("open-about").onclick = () => byId<HTMLDialogElement>("about").showModal();
}
