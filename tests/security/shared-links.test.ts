// The playground opens links that strangers send: what is in their fragment must not keep the page.

import { expect, test } from "vitest";
import { bytesIn } from "../../web-demo/src/share.ts";

test("the bytes of a link are found, also where a messenger broke it and ended a sentence", () => {
  expect([...bytesIn("#held=Rk1T_-8")!]).toEqual([0x46, 0x4d, 0x53, 0xff, 0xef]);
  expect([...bytesIn("#held=Rk%201T _-8.),")!]).toEqual([0x46, 0x4d, 0x53, 0xff, 0xef]);
  expect(bytesIn("#other=Rk1T")).toBeUndefined();
  expect(bytesIn("#held=")).toBeNull();
  expect(bytesIn("#held=Rk1T.Rk1T")).toBeNull();
});

test("a link of a million full stops is no bytes, at once", () => {
  // With a pattern that looks for its end this took a quarter of an hour.
  expect(bytesIn(`#held=${".".repeat(1_000_000)}x`)).toBeNull();
});
