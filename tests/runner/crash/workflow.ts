// The workflow that is killed at random moments, and what its ledger must look like: written by the tools, outside of every record.

/** 20 calls: three at a time in the middle, two that a person approves; and one timer. */
export const WORKFLOW = `const seen = [];
for (let n = 0; n < 6; n++) seen.push(await step(n));
seen.push(...(await Promise.all([step(6), step(7), step(8)])));
seen.push(await approve(9));
for (let n = 10; n < 14; n++) seen.push(await step(n));
await new Promise((resolve) => setTimeout(resolve, 15));
seen.push(await approve(14));
for (let n = 15; n < 20; n++) seen.push(await step(n));
seen.join()`;

/** What the workflow gives. */
export const RESULT = Array.from({ length: 20 }, (_, n) => n * n).join();

/** Steps that the program takes at a time, in order. */
const ROUNDS = [...[0, 1, 2, 3, 4, 5].map((n) => [n]), [6, 7, 8], ...Array.from({ length: 11 }, (_, i) => [9 + i])];

/** One line of the ledger: a call that was begun. */
export interface Line {
  readonly run: string;
  readonly step: number;
  readonly key: string;
  readonly attempt: number;
}

export function parseLedger(text: string): Line[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

/** What is wrong with the ledger of one run; `again` counts calls that were made more than once. */
export function judgeLedger(lines: readonly Line[]): { readonly wrong: string[]; readonly again: number } {
  const wrong: string[] = [];
  const keys = new Map<number, string>();
  const attempts = new Map<number, number>();
  let reached = 0;
  let again = 0;
  for (const { run, step, key, attempt } of lines) {
    const round = ROUNDS.findIndex((steps) => steps.includes(step));
    const before = attempts.get(step) ?? 0;
    // An earlier attempt, whose worker was given up, may still be on its way when a later one has its answer.
    const isLate = attempt < before;
    if (round < reached && !isLate)
      wrong.push(
        `${run}: step ${step} was made again (attempt ${attempt} after ${before}), though its answer was stored`,
      );
    attempts.set(step, Math.max(before, attempt));
    reached = Math.max(reached, round);
    const known = keys.get(step);
    if (known === undefined && attempt < 1) wrong.push(`${run}: step ${step} began with attempt ${attempt}`);
    if (known !== undefined) again++;
    if (known !== undefined && known !== key) wrong.push(`${run}: step ${step} has changed its key`);
    keys.set(step, key);
  }
  if (keys.size !== 20) wrong.push(`${lines[0]?.run ?? "?"}: ${keys.size} of 20 steps were made`);
  if (new Set(keys.values()).size !== keys.size) wrong.push(`${lines[0]?.run ?? "?"}: two steps have one key`);
  return { wrong, again };
}
