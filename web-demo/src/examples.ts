// The example programs, as texts.

const texts = import.meta.glob<string>("../examples/*.ts", { query: "?raw", import: "default", eager: true });

/** A program to begin with. */
export interface Example {
  readonly filename: string;
  readonly title: string;
  /** What it shows, in a sentence. */
  readonly shows: string;
  readonly source: string;
}

/** In the order in which they are offered. */
const TITLES: Readonly<Record<string, readonly [title: string, shows: string]>> = {
  "approval.ts": [
    "An agent that asks for approval",
    "It waits for its tools and for a person, for as long as they like. You are all of them.",
  ],
  "sorting.ts": [
    "A sort that asks you",
    "Held in the middle of a comparator, inside a sort. There is no await anywhere.",
  ],
  "counting.ts": [
    "A loop that counts for ever",
    "An endless loop can be held at any moment, kept, and goes on where it was.",
  ],
  "game.ts": [
    "A game that is passed as a link",
    "Play, share the link: your friend moves next, in the same running program.",
  ],
  "sudoku.ts": [
    "A puzzle, solved back and forth",
    "Hold the search deep in its recursion, and move the slider: it unsolves itself.",
  ],
  "retry.ts": [
    "A tool that fails",
    "Answer with an error, and see it caught and tried again; go back, and answer otherwise.",
  ],
  "generators.ts": ["A pipeline of generators", "Every stage is suspended at its yield. The stack shows all of them."],
  "timers.ts": ["Promises and timers", "Timers survive: held for a day, they ring when they are due."],
};

export const EXAMPLES: readonly Example[] = Object.entries(TITLES).map(([filename, [title, shows]]) => ({
  filename,
  title,
  shows,
  source: (texts[`../examples/${filename}`] ?? "").trimEnd(),
}));

/** A name for people; programs that are no example go by their file. */
export function titleOf(filename: string): string {
  return EXAMPLES.find((example) => example.filename === filename)?.title ?? filename;
}
