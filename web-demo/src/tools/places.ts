// Owns where in tools.ts a mistake is: what the browser says of the JavaScript that was made of it, in lines and columns of the source. Must
// never trust a stack: the tools can write what they like into it.

import { OffsetMap } from "../../../ts/compiler/typescript/offset-map.ts";
import type { Stripped } from "../protocol.ts";

/** A place in a text, 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Something wrong with tools.ts, or in it; where, if that is known. */
export class ToolsError extends Error {
  readonly place: Place | undefined;

  constructor(message: string, place: Place | undefined) {
    super(message);
    this.place = place;
  }
}

/** The place in the source for one in the JavaScript; undefined: it is not of the user's text. */
export function placeInSource({ code, source, insertions }: Stripped, { line, column }: Place): Place | undefined {
  const lines = code.split("\n");
  if (!(line >= 1 && line <= lines.length && column >= 1)) return undefined;
  const start = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  const inLine = Math.min(column - 1, lines[line - 1]!.length);
  const before = source.slice(0, new OffsetMap(insertions).toSource(start + inLine)).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** The innermost place of a stack that is in the user's text. */
export function placeInStack(stripped: Stripped, stack: unknown): Place | undefined {
  if (typeof stack !== "string") return undefined;
  for (const frame of stack.split("\n").slice(0, 50)) {
    // The address of the Worker is its whole text; those of other scripts are none of ours.
    const at = frame.includes("data:text/javascript") ? /:(\d+):(\d+)\)?$/.exec(frame.trimEnd()) : null;
    const place = at === null ? undefined : placeInSource(stripped, { line: Number(at[1]), column: Number(at[2]) });
    if (place !== undefined) return place;
  }
  return undefined;
}

/** As it is said: "line 3, column 5: no such city". */
export const told = (message: string, place: Place | undefined): string =>
  place === undefined ? message : `line ${place.line}, column ${place.column}: ${message}`;
