// What a host has misspelled is named, with what it probably meant.
import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { createRuntimeFrom } from "../../ts/index.ts";
import { nearestName } from "../../ts/machine/option-names.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

const wrong = (options: object): never => options as never;

describe("names that a host gives", () => {
  it("refuses options of another name", async () => {
    const program = runtime.compile("await ask(1)", { externals: { ask: "async" } });
    const suspended = program.start();
    if (suspended.status !== "suspended") throw new Error(suspended.status);
    const bytes = suspended.snapshot().dump();
    const session = runtime.session();
    const cases: [() => unknown, string][] = [
      [
        () => runtime.compile("1", wrong({ extrenals: ["a"] })),
        'compile has no option "extrenals": did you mean "externals"?',
      ],
      [
        () => runtime.compile({ "a.js": "1" }, wrong({ entry: "a.js", filename: "b" })),
        'compile has no option "filename"',
      ],
      [() => program.start(wrong({ limit: {} })), 'start has no option "limit": did you mean "limits"?'],
      [() => suspended.resume(1, wrong({ feul: 1 })), 'resume has no option "feul": did you mean "fuel"?'],
      [() => suspended.snapshot().dump(wrong({ contxt: "a" })), 'dump has no option "contxt": did you mean "context"?'],
      [() => runtime.load(bytes, wrong({ key: new Uint8Array(32) })), 'load has no option "key": did you mean "keys"?'],
      [
        () => runtime.session(wrong({ externalls: [] })),
        'session has no option "externalls": did you mean "externals"?',
      ],
      [
        () => session.start("1", wrong({ zzzzzz: 1 })),
        'a chunk has no option "zzzzzz". It has filename, language, type',
      ],
      [
        () => program.start({ limits: wrong({ memorybytes: 1 }) }),
        'unknown limit: memorybytes: did you mean "memoryBytes"?',
      ],
    ];
    for (const [call, message] of cases) expect(call, message).toThrow(message);
    await expect(createRuntimeFrom(wrong({ module: new Uint8Array(), poolsize: 1 }))).rejects.toThrow(
      'did you mean "poolSize"?',
    );
    await expect(suspended.drive(wrong({ toolz: {} }))).rejects.toThrow(
      'drive has no option "toolz": did you mean "tools"?',
    );
    expect(suspended.resume(5).status).toBe("complete");
  });

  it("takes an option that is undefined for one that was not given", () => {
    expect(() => runtime.compile("1", wrong({ unknown: undefined }))).not.toThrow();
  });

  it("names the input and the tool that were probably meant", async () => {
    const program = runtime.compile("tools.search(question)", {
      inputs: ["question"],
      externals: { tools: { search: "sync" } },
    });
    expect(() => program.start({ inputs: { qestion: "" } })).toThrow(
      'the program has no input "qestion": it declares question: did you mean "question"?',
    );
    await expect(program.run({ tools: { tools: { serach: () => 1 } }, inputs: { question: "" } })).rejects.toThrow(
      'missing external function: tools.search. The tools have "tools.serach": rename it, or the external',
    );
    expect(() => runtime.compile("1").start({ inputs: { a: 1 } })).toThrow(
      'the program has no input "a": it declares no inputs: list them in `inputs` where it is compiled',
    );
  });

  it.each([
    ["feul", ["fuel", "full"], "fuel"],
    ["a", ["b"], "b"],
    ["abc", ["xyz"], undefined],
    ["timems", ["timeMs"], "timeMs"],
    ["x".repeat(100), ["x".repeat(99)], undefined],
  ])("nearestName %s of %j", (name, names, expected) => expect(nearestName(name, names)).toBe(expected));
});
