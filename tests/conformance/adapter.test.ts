// The joint with a test262 runner: it reaches into the machine by names that no type checks, so each of them is used here once.

import { beforeAll, describe, expect, it } from "vitest";
import { WASM } from "../support/runtime.ts";

interface Outcome {
  readonly ok: boolean;
  readonly name?: string;
  readonly phase?: string;
}

interface Context {
  evalScript(
    source: string,
    options: { filename: string; module?: boolean; resolveModule?: unknown },
  ): Promise<Outcome>;
  dispose(): void;
}

interface Adapter {
  init(options: { adapterOptions: Record<string, string> }): Promise<void>;
  createContext(options: {
    print(text: string): void;
    harness: { key: string; files: { name: string; source: string }[] };
  }): Promise<Context>;
}

const HARNESS = { key: "one", files: [{ name: "one.js", source: "function helper() { return 41; }" }] };

describe.each(["0", "5"])("the adapter, held each %s units", (hold) => {
  let adapter: Adapter;
  beforeAll(async () => {
    // A module of its own for each way, since its options are the module's.
    const path = `./test262-adapter.mjs?hold=${hold}`;
    adapter = (await import(/* @vite-ignore */ path)) as Adapter;
    await adapter.init({ adapterOptions: { wasm: WASM, hold } });
  });

  async function run(source: string, options = {}): Promise<{ readonly outcome: Outcome; readonly printed: string[] }> {
    const printed: string[] = [];
    const context = await adapter.createContext({ print: (text) => void printed.push(text), harness: HARNESS });
    const outcome = await context.evalScript(source, { filename: "test.js", ...options });
    context.dispose();
    return { outcome, printed };
  }

  it("runs a script in a realm that has the harness", async () => {
    expect(await run("let n = 0; for (let i = 0; i < 9; i++) n += i; print(helper() + n)")).toEqual({
      outcome: { ok: true },
      printed: ["77"],
    });
  });
  it("evaluates scripts within a script, whose declarations stay", async () => {
    const source =
      '$262.evalScript("let later = 1; var seen = 2;"); print(later + seen); print(typeof globalThis.later)';
    expect((await run(source)).printed).toEqual(["3", "undefined"]);
  });
  it("detaches buffers", async () => {
    expect((await run("const b = new ArrayBuffer(8); $262.detachArrayBuffer(b); print(b.detached)")).printed).toEqual([
      "true",
    ]);
  });
  it("imports modules", async () => {
    const resolveModule = () => ({ source: "export default 7", filename: "seven.js" });
    const { outcome, printed } = await run('import seven from "./seven.js"; print(seven)', {
      module: true,
      resolveModule,
    });
    expect({ outcome, printed }).toEqual({ outcome: { ok: true }, printed: ["7"] });
  });
  it.each([
    ["let a; let a;", "SyntaxError", "parse"],
    ["null.x", "TypeError", "runtime"],
    ['$262.evalScript("let b; let b;")', "SyntaxError", "runtime"],
  ])("says which error %j is, and of which phase", async (source, name, phase) => {
    expect((await run(source)).outcome).toMatchObject({ ok: false, name, phase });
  });
});
