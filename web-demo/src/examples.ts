// The example programs, as texts.

const texts = import.meta.glob<string>("../examples/*.ts", { query: "?raw", import: "default", eager: true });

/** A program to begin with. */
export interface Example {
  readonly filename: string;
  readonly title: string;
  readonly source: string;
}

/** In the order in which they are offered. */
const TITLES = {
  "approval.ts": "An agent that asks for approval",
  "counting.ts": "A loop that counts for ever",
  "sorting.ts": "A sort that asks you",
  "generators.ts": "A pipeline of generators",
  "timers.ts": "Promises and timers",
};

export const EXAMPLES: readonly Example[] = Object.entries(TITLES).map(([filename, title]) => ({
  filename,
  title,
  source: (texts[`../examples/${filename}`] ?? "").trimEnd(),
}));

/** A name for people; programs that are no example go by their file. */
export function titleOf(filename: string): string {
  return EXAMPLES.find((example) => example.filename === filename)?.title ?? filename;
}
