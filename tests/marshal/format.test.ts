// The numbers of the transfer form stand in ts/defs/transfer.ts and, for the core, in assembly/host/transfer-format.ts.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ERROR_FIELDS, PATH_STEPS, REFUSALS, TRANSFER_TAGS } from "../../ts/defs/transfer.ts";

const text = readFileSync(new URL("../../assembly/host/transfer-format.ts", import.meta.url), "utf8");

function constEnum(name: string): Record<string, number> {
  const body = new RegExp(`const enum ${name} \\{([^}]*)\\}`).exec(text)![1]!;
  return Object.fromEntries([...body.matchAll(/(\w+) = (\d+)/g)].map(([, key, value]) => [key!, Number(value)]));
}

describe("transfer form", () => {
  it("has the same tags on both sides", () => {
    expect(constEnum("Tag")).toEqual(TRANSFER_TAGS);
  });
  it("has the same error fields on both sides", () => {
    expect(constEnum("ErrorField")).toEqual(ERROR_FIELDS);
  });
  it("has the same refusals on both sides", () => {
    expect(constEnum("Refusal")).toEqual({ NONE: 0, ...REFUSALS });
  });
  it("has the same path steps on both sides", () => {
    expect(constEnum("Step")).toEqual(PATH_STEPS);
  });
});
