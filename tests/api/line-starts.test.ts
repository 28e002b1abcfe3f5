// Owns where lines begin, which stacks and the core go by. Must never need a machine.

import { expect, it } from "vitest";
import { lineStartsOf } from "../../ts/machine/program-bytes.ts";

it.each([
  ["", [0]],
  ["one", [0]],
  ["one\ntwo\n", [0, 4, 8]],
  ["a\r\nb\rc\n\rd", [0, 3, 5, 7, 8]],
  ["é\u2028ü\u2029\n", [0, 2, 4, 5]],
])("lines of %j", (source, starts) => expect([...lineStartsOf(source)]).toEqual(starts));

it("are found in a text of nothing but ends of lines", () => {
  for (const end of ["\n", "\r\n", "\u2029"]) {
    const starts = lineStartsOf(end.repeat(1000));
    expect(starts.length).toBe(1001);
    expect(starts[1000]).toBe(1000 * end.length);
  }
});
