// Sorts by asking you. `ask` is synchronous: there is no await anywhere, and
// the program is held in the middle of a comparison, inside
// Array.prototype.sort, until you answer.

declare function ask(question: string): boolean;

const composers = ["Bach", "Grieg", "Hildegard", "Satie"];

const ranked = composers.sort((a, b) => (ask(`Do you prefer ${a} to ${b}?`) ? -1 : 1));

ranked.forEach((name, i) => console.log(`${i + 1}. ${name}`));
ranked[0];
