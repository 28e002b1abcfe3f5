// Owns the check of the names that a host gives: options, inputs, tools. Must never look at their values.

/** The names of all options of a kind: the compiler of TypeScript refuses one that is missing here. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/** Most differences between two names of which one may be meant by the other: a third of the shorter one. */
const allowedDistance = (a: string, b: string): number => Math.max(1, Math.floor(Math.min(a.length, b.length) / 3));
/** Longer names are not compared: the distance takes the product of both lengths. */
const MAX_COMPARED = 64;

/** Number of characters to be inserted, removed, replaced or exchanged with their neighbour to make one of the other. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, beforeLast[j - 2]! + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** Returns the one of the names that was probably meant; undefined if no name is alike. */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  if (name.length > MAX_COMPARED) return undefined;
  const plain = name.toLowerCase();
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of names) {
    if (candidate.length > MAX_COMPARED || candidate === name) continue;
    const far = distance(plain, candidate.toLowerCase());
    if (far < least && far <= allowedDistance(name, candidate)) {
      least = far;
      best = candidate;
    }
  }
  return best;
}

/** Returns `: did you mean "x"?`, or an empty text if no name is alike. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const nearest = nearestName(name, names);
  return nearest === undefined ? "" : `: did you mean ${JSON.stringify(nearest)}?`;
}

/**
 * Checks that there is no option of another name. One whose value is undefined was not given.
 *
 * @throws TypeError that names the option and the one that was probably meant
 */
export function checkOptions<Options extends object>(
  what: string,
  options: Options,
  ...known: readonly Readonly<Record<string, true>>[]
): void {
  for (const name of Object.keys(options)) {
    if (known.some((names) => Object.hasOwn(names, name))) continue;
    if ((options as Readonly<Record<string, unknown>>)[name] === undefined) continue;
    const names = known.flatMap((some) => Object.keys(some));
    const way = didYouMean(name, names) || `. It has ${names.join(", ")}`;
    throw new TypeError(`${what} has no option ${JSON.stringify(name)}${way}`);
  }
}
