// The declarations of dist/, as users' compilers see them: nothing in them may name what is not shipped.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const types = join(root, "dist/types");

/** What TypeScript says of a program that uses the package; `paths` stands in for node_modules. */
function complaints(source: string, options: ts.CompilerOptions): string[] {
  const file = join(root, "tests/build/consumer.ts");
  const all: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    types: [],
    paths: {
      "fermata-vm": [join(types, "hosts/node.d.ts")],
      "fermata-vm/runner": [join(types, "runner/index.d.ts")],
      "fermata-vm/*": [join(types, "*.d.ts")],
    },
    ...options,
  };
  const host = ts.createCompilerHost(all);
  const { getSourceFile } = host;
  host.getSourceFile = (name, version, ...rest) =>
    name === file ? ts.createSourceFile(name, source, version) : getSourceFile(name, version, ...rest);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], all, host))
    .map(
      ({ file: where, messageText }) =>
        `${where?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
}

const CONSUMER = `
import { createRuntime, GuestError, type Answer, type PendingCall, type SnapshotStore, type State } from "fermata-vm";
import { FetchStore } from "fermata-vm/stores/fetch";
import { FileStore } from "fermata-vm/stores/file";
import { IndexedDBStore } from "fermata-vm/stores/indexeddb";
import { MemoryStore } from "fermata-vm/stores/memory";
import { createRunner, RunError } from "fermata-vm/runner";

export const stores: SnapshotStore[] = [
  new MemoryStore(), new IndexedDBStore(), new FileStore("held"), new FetchStore("https://example.com/held/"),
];
const runtime = await createRuntime();
let state: State = runtime.compile("await ask(1)", { externals: { ask: "async" } }).start();
if (state.status === "suspended") {
  const call: PendingCall = state.calls[0];
  const answers = new Map<number, Answer>([[call.id, { value: 1 }]]);
  await stores[0]!.put("held", state.snapshot().dump(), { ifVersion: null });
  state = state.resumeCalls(answers);
}
try { console.log(state.status === "complete" ? state.output : state.reason); }
catch (error) { if (error instanceof GuestError) error.state?.dispose(); }
try { createRunner({ runtime, store: new MemoryStore() }); }
catch (error) { if (error instanceof RunError) console.log(error.message); }
`;

describe("the declarations in dist/types", () => {
  it.each([
    ["nodenext", { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
    ["bundler", { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
  ])("type-check in a strict program that checks its libraries: %s", (_, options) => {
    // The last line uses what only one status has.
    expect(complaints(CONSUMER, options)).toEqual([
      expect.stringContaining("Property 'reason' does not exist on type 'SuspendedState'"),
    ]);
  });

  it("import only each other, by names that exist", () => {
    const files = readdirSync(types, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(4);
    for (const name of files) {
      // Examples in comments import as users do.
      const text = readFileSync(join(types, name), "utf8").replaceAll(/\/\*\*[^]*?\*\//g, "");
      for (const [, from] of text.matchAll(/\bfrom ['"](.+)['"]|\bimport\(['"](?:.+)['"]\)/g)) {
        expect(from, name).toMatch(/^\.\.?\/.+\.(?:d\.ts|js)$/);
        expect(files, name).toContain(join(name, "..", from!.replace(/\.js$/, ".d.ts")));
      }
    }
  });

  it("show nothing of the inside", () => {
    const main = readFileSync(join(types, "hosts/node.d.ts"), "utf8");
    expect(main).not.toMatch(/\b(?:Machine|Lease|CoreExports|ProgramRecord|VM_WORD)\b/);
  });
});
