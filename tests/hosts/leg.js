// One leg of a snapshot's journey, in plain JavaScript so that every runtime can take it as it is. It gets the package from
// whoever runs it, and must use nothing of its host.

export const FILENAME = "board.ts";

/** Held inside a comparator, inside a sort, inside a class getter, with another call under way. */
export const SOURCE = `
interface Row { readonly name: string; readonly weight: number }
class Board {
  #rows: Row[] = ["fig", "kiwi", "date", "plum", "apple", "pear"].map((name, i) => ({ name, weight: i ** 2 / 3 }));
  readonly trail: string[] = [];
  get ranked(): Row[] {
    const trail = this.trail;
    return [...this.#rows].sort(function compareByHost(a, b) {
      const order: number = judge(a.name, b.name);
      trail.push(a.name + (order < 0 ? "<" : ">") + b.name);
      return order;
    });
  }
}
const weather: Promise<{ sky: string; degrees: Map<string, number> }> = forecast({ city: "Zürich", days: 2 });
const board = new Board();
let report: string | undefined;
try {
  report = board.ranked.map(({ name, weight }) => name + ":" + weight.toFixed(2)).join(" ");
} finally {
  console.log("ranked after", board.trail.length, "questions");
}
const { sky, degrees } = await weather;
console.log({ sky, degrees });
[report, sky, [...degrees.values()].reduce((sum, n) => sum + n, 0), board.trail.length, Math.sin(0.5) + 0.1 + 0.2].join(" | ");
`;

export const START = { seed: 11, now: 1_763_900_000_000 };
export const COMPILE = { filename: FILENAME, externals: { judge: "sync", forecast: "async" } };

const answerTo = ({ name, args }) =>
  name === "judge"
    ? { value: args[0] < args[1] ? -1 : args[0] > args[1] ? 1 : 0 }
    : { value: { sky: "clear", degrees: new Map([["today", 11], ["tomorrow", -0.5]]) } };

/** What is answered on a leg: so many comparisons, the other call, or all that is asked. */
export function answer(state, plan) {
  let left = plan.comparisons;
  for (;;) {
    if (state.status === "complete") return state;
    const due = state.calls.filter(({ name }) => (name === "judge" ? left > 0 : plan.forecast));
    if (due.length === 0) return state;
    left -= due.filter(({ name }) => name === "judge").length;
    state = state.resumeCalls(new Map(due.map((call) => [call.id, answerTo(call)])));
  }
}

/** What can be compared between runtimes. */
export function report(state) {
  const { status, stdout, usage } = state;
  if (status === "complete") return { status, stdout, fuel: usage.fuel, output: state.output };
  return {
    status,
    stdout,
    fuel: usage.fuel,
    calls: state.calls.map(({ id, name, kind, args }) => ({ id, name, kind, args })),
    bytes: [...state.snapshot().dump({ elapsed: false })],
  };
}

/** Begins the journey (no bytes), or goes on from where the bytes were taken. */
export async function takeLeg(fermata, { bytes, plan }) {
  const runtime = await fermata.createRuntime();
  const state =
    bytes === undefined
      ? runtime.compile(SOURCE, COMPILE).start(START)
      : runtime.load(Uint8Array.from(bytes)).restore();
  return report(answer(state, plan));
}
