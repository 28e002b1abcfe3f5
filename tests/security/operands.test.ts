// Every operand of every instruction is proved by the verifier or looked at by the instruction (CHECKS in ts/defs/opcodes.ts). From that column
// come two tests for each operand: a number that the verifier must refuse, and registers with every sort of value for the instruction.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { ByteWriter } from "../../ts/bytes/writer.ts";
import { CONSTANT } from "../../ts/compiler/assembler.ts";
import { decodeImage, encodeImage, type FunctionImage, type Instruction } from "../../ts/compiler/image.ts";
import { CHECKS, FUNCTION_FLAGS, type OpcodeRow, PORTABLE } from "../../ts/defs/opcodes.ts";
import { SECTIONS } from "../../ts/defs/snapshot-format.ts";
import { OP } from "../../ts/generated/emit.ts";
import type { State, SuspendedState } from "../../ts/index.ts";
import { readContainer, writeContainer } from "../../ts/snapshot/container.ts";
import { decodeParts } from "../../ts/snapshot/parts.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;
let held: Uint8Array;
beforeAll(async () => {
  runtime = await testRuntime({ typescript: false });
  // Many names and registers, so that what stands in its place may have as many.
  const source = `const list = ask(); function inner(a) { return a } ${Array.from({ length: 24 }, (_, i) => `let v${i} = ${i};`).join(" ")} [inner(1), list, ${Array.from({ length: 24 }, (_, i) => `v${i}`).join()}]`;
  const state = runtime.compile(source, { externals: { ask: "sync" }, filename: "a.js" }).start({ now: 0, seed: 1 });
  held = (state as SuspendedState).snapshot().dump({ level: 0 });
});

const sizeOf = (op: number): number => (PORTABLE[op]!.operands.some(([field]) => field === "x") ? 2 : 1);

/** The snapshot with the code behind the call at which the program is held, which comes to `code` and a return. */
function withCode(make: (fn: FunctionImage) => readonly (readonly [op: number, operands: number[]])[]): Uint8Array {
  const { buildId, sections } = readContainer(held, 1 << 28);
  const image = decodeImage(
    decodeParts(buildId, sections, { byHash: new Map(), brings: "any", allowEval: true }).programs[0]!.image,
  );
  const fn = image.functions[0]!;
  const call = fn.code.findIndex(({ op }) => op === OP.CALLU || op === OP.CALL);
  const code: Instruction[] = fn.code.slice(0, call + 1);
  let word = code.at(-1)!.word + sizeOf(code.at(-1)!.op);
  for (const [op, operands] of [...make(fn), [OP.RETURNU, []] as const]) {
    code.push({ word, op, operands: [...operands] });
    word += sizeOf(op);
  }
  const constants = [
    ...fn.constants,
    { tag: CONSTANT.STRING, value: 0, template: null },
    { tag: CONSTANT.DOUBLE, value: 5.5e-310, template: null },
  ];
  const changed = { ...fn, code, constants, wordCount: word, handlers: [], positions: [0, 0] };
  const out = new ByteWriter();
  const bytes = encodeImage({ ...image, functions: [changed, ...image.functions.slice(1)] });
  out.v(bytes.length << 1);
  out.raw(bytes);
  return writeContainer(buildId, new Map(sections).set(SECTIONS.images, out.done()), 0);
}

/** Goes on from a snapshot for a while; what it ended with. Anything but a typed error or a state fails. */
function outcome(bytes: Uint8Array): string {
  try {
    let state: State = runtime.load(bytes).restore();
    for (let i = 0; i < 6 && state.status !== "complete"; i++) {
      if (state.status === "paused") state = state.resume({ fuel: 500 });
      else {
        const call = state.calls[0]!;
        state = state.resumeCalls(
          new Map([[call.id, call.kind === "timer" ? { value: undefined } : { error: new Error("no") }]]),
          { fuel: 500 },
        );
      }
    }
    return state.status;
  } catch (error) {
    const { name, message } = error as Error;
    if (
      !["SnapshotError", "GuestError", "LimitError", "MarshalError"].includes(name) ||
      message.includes("the core failed")
    )
      throw error;
    return name;
  }
}

/** Registers with one value of each sort, made by the code itself; `first`: the register of the first. */
function makers(first: number, fn: FunctionImage): readonly (readonly [number, number[]])[] {
  return [
    [OP.LOADI, [first, 0x3fff_fff0]],
    [OP.LOADK, [first + 1, fn.constants.length + 1]],
    [OP.LOADS, [first + 2, 0]],
    [OP.LOADS, [first + 3, 4]],
    [OP.LOADK, [first + 4, fn.constants.length]],
    [OP.NEWPRIV, [first + 5, 0]],
    [OP.NEWENV, [first + 6, first + 2, 1]],
    [OP.NEWOBJ, [first + 7, 1]],
    [OP.NEWARR, [first + 8, 2]],
    [OP.CLOSURE, [first + 9, first + 6, 1]],
  ];
}
const SORTS = 10;
const FIRST = 4;
/** A group whose registers hold the sorts one after the other lies here. */
const FREE = FIRST + SORTS;

/** Operands that the verifier lets pass. */
function plain(row: OpcodeRow): number[] {
  return row.operands.map(([, type, , check]) => {
    switch (type) {
      case "dst":
        return FREE;
      case "base":
      case "out":
        return FIRST;
      case "top":
        return FREE + 8;
      case "src":
      case "rw":
        return FIRST + 7;
      case "jump16":
      case "jump32":
      case "jump":
        return row.name.startsWith("LOOP") ? 0 : row.operands.some(([field]) => field === "x") ? 2 : 1;
      case "i16":
        return 1;
      case "imm":
        return 0;
      default:
        return check === ">0" || check === "!=0" ? 1 : 0;
    }
  });
}

/** Instructions that are for the prelude, or need another kind of function, are tested by what refuses them. */
const ELSEWHERE = new Set([
  "CALLN",
  "LOADINTR",
  "ARGC",
  "GENSTART",
  "YIELD",
  "YIELDRESULT",
  "ASYNCSTART",
  "AWAIT",
  "ASYNCRETURN",
  "ASYNCTHROW",
  "ARGUMENTS",
  "REST",
  "NEWTARGET",
  "GETTEMPLATE",
]);

const OPERANDS = PORTABLE.flatMap((row, op) =>
  row.operands.map(([, type, name, check, limit], i) => ({ row, op, i, type, name, check, limit })),
);
const isRegister = (type: string): boolean => ["dst", "src", "rw", "base", "out", "top"].includes(type);

describe("the verifier refuses", () => {
  const expectRefused = (bytes: Uint8Array): void => {
    expect(() => runtime.load(bytes).restore()).toThrow(expect.objectContaining({ name: "SnapshotError" }));
  };

  it.each(OPERANDS.filter(({ row, type }) => isRegister(type) && !ELSEWHERE.has(row.name)))(
    "$row.name: $name out of the frame",
    ({ row, op, i }) => {
      expectRefused(
        withCode((fn) => {
          const operands = plain(row);
          operands[i] = fn.registerCount + 1;
          return [...makers(FIRST, fn), [op, operands]];
        }),
      );
    },
  );

  it.each(
    OPERANDS.filter(
      ({ row, type, check }) =>
        (type === "dst" || check === "written" || check === "iterator" || check === "area") && !ELSEWHERE.has(row.name),
    ),
  )("$row.name: r0 as $name", ({ row, op, i }) => {
    expectRefused(
      withCode((fn) => {
        const operands = plain(row);
        operands[i] = 0;
        return [...makers(FIRST, fn), [op, operands]];
      }),
    );
  });

  it.each(OPERANDS.filter(({ check }) => check === "live"))("$row.name: parameters dead at $name", ({ row, op, i }) => {
    expectRefused(
      withCode((fn) => {
        const operands = plain(row);
        operands[i] = 1;
        return [...makers(FIRST, fn), [op, operands]];
      }),
    );
  });

  const TOO_MUCH: Readonly<Record<string, (limit: number) => number>> = {
    "<=": (limit) => limit + 1,
    "!=0": () => 0,
    ">0": () => 0,
    method: () => 3,
    image: () => 0xffff,
    register: () => 0xffff,
    helper: () => 0xffff,
    "helper-arguments": () => 9,
  };
  it.each(OPERANDS.filter(({ row, check }) => check in TOO_MUCH && !ELSEWHERE.has(row.name)))(
    "$row.name: $name beyond what it may be",
    ({ row, op, i, check, limit }) => {
      expectRefused(
        withCode((fn) => {
          const operands = plain(row);
          operands[i] = TOO_MUCH[check]!(limit);
          return [...makers(FIRST, fn), [op, operands]];
        }),
      );
    },
  );

  it.each([...ELSEWHERE].filter((name) => name !== "GETTEMPLATE"))("%s where it does not belong", (name) => {
    const op = PORTABLE.findIndex((row) => row.name === name);
    expectRefused(withCode((fn) => [...makers(FIRST, fn), [op, plain(PORTABLE[op]!)]]));
  });
});

describe("the verifier takes", () => {
  it.each(PORTABLE.filter((row) => !ELSEWHERE.has(row.name)))("$name with operands as they may be", (row) => {
    const bytes = withCode((fn) => [...makers(FIRST, fn), ...makers(FREE, fn), [PORTABLE.indexOf(row), plain(row)]]);
    expect(runtime.load(bytes).restore().status).toBe("suspended");
  });
});

describe("an instruction looks at", () => {
  const looked = PORTABLE.filter(
    (row) => !ELSEWHERE.has(row.name) && row.operands.some(([, type]) => ["src", "rw", "base"].includes(type)),
  );

  it.each(looked)("what its registers hold: $name", (row) => {
    const op = PORTABLE.indexOf(row);
    const readers = row.operands.flatMap(([, type], i) => (["src", "rw", "base"].includes(type) ? [i] : []));
    for (let a = 0; a < SORTS; a++) {
      for (let b = 0; b < (readers.length > 1 ? SORTS : 1); b++) {
        const bytes = withCode((fn) => {
          const operands = plain(row);
          operands[readers[0]!] = FIRST + a;
          if (readers.length > 1) operands[readers[1]!] = FIRST + b;
          if (readers.length > 2) operands[readers[2]!] = FIRST + ((a + b) % SORTS);
          return [...makers(FIRST, fn), ...makers(FREE, fn), [op, operands]];
        });
        // No trap: a typed error, or a program that went on.
        expect(outcome(bytes)).toMatch(/^(?:complete|paused|suspended|SnapshotError|GuestError|LimitError)$/);
      }
    }
  });
});

describe("values that no guest can have's", () => {
  it.each(Array.from({ length: SORTS }, (_, sort) => sort))("can be thrown: sort %i", (sort) => {
    const bytes = withCode((fn) => [...makers(FIRST, fn), [OP.THROW, [FIRST + sort]]]);
    expect(outcome(bytes)).toBe("GuestError");
  });
  it.each(["THROW", "RETURN", "RETURNU"] as const)("can be what an async function keeps of itself: %s", (name) => {
    const source = "ask(); async function f(a) { await 1; throw a } f({ b: 1 });";
    const state = runtime.compile(source, { externals: { ask: "sync" }, filename: "a.js" }).start({ now: 0, seed: 1 });
    const { buildId, sections } = readContainer((state as SuspendedState).snapshot().dump({ level: 0 }), 1 << 28);
    const image = decodeImage(
      decodeParts(buildId, sections, { byHash: new Map(), brings: "any", allowEval: true }).programs[0]!.image,
    );
    const f = image.functions[1]!;
    const code = f.code.map((one) =>
      one.op === OP.THROW ? { ...one, op: OP[name], operands: name === "RETURNU" ? [] : [2 + f.parameterCount] } : one,
    );
    const out = new ByteWriter();
    const bytes = encodeImage({ ...image, functions: [image.functions[0]!, { ...f, code }] });
    out.v(bytes.length << 1);
    out.raw(bytes);
    const changed = writeContainer(buildId, new Map(sections).set(SECTIONS.images, out.done()), 0);
    let ended = "complete";
    try {
      runtime.load(changed).resume(1);
    } catch (error) {
      ended = (error as Error).name;
    }
    expect(ended).toMatch(/^(?:complete|GuestError|SnapshotError)$/);
  });
});

describe("the column of checks", () => {
  it("names who checks each operand", () => {
    for (const { check } of OPERANDS) expect(["verifier", "instruction", "both"]).toContain(CHECKS[check][0]);
  });
  it("has every check in use", () => {
    expect(new Set(OPERANDS.map(({ check }) => check))).toEqual(new Set(Object.keys(CHECKS)));
  });
  it("leaves no flag of a function out", () => {
    expect(Object.values(FUNCTION_FLAGS).reduce((sum, bit) => sum | bit, 0)).toBe(8191);
  });
});
