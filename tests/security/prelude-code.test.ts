// Prelude code has privileges: a snapshot may bring that of this build or of a released one, and nothing else.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { createRuntimeFrom, type Runtime } from "../../ts/api/runtime.ts";
import { buildBaseImage } from "../../ts/build/build-base-image.ts";
import { releasedSection, unreleased } from "../../ts/build/released-prelude.ts";
import { withCustomSections } from "../../ts/build/wasm-sections.ts";
import { ByteWriter } from "../../ts/bytes/writer.ts";
import { compileToImage } from "../../ts/compiler/compile.ts";
import { decodeImage, encodeImage, extractFunctions } from "../../ts/compiler/image.ts";
import { SECTIONS } from "../../ts/defs/snapshot-format.ts";
import { NATIVE_IDS } from "../../ts/generated/id-names.ts";
import type { SuspendedState } from "../../ts/index.ts";
import { readContainer, writeContainer } from "../../ts/snapshot/container.ts";
import { preludeHashes } from "../../ts/snapshot/prelude-trust.ts";
import { testRuntime, thrownBy, WASM } from "../support/runtime.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const builder = fileURLToPath(new URL("../../build/fermata.builder.wasm", import.meta.url));

let runtime: Runtime;
let images: readonly Uint8Array[];
beforeAll(async () => {
  runtime = await testRuntime({ typescript: false });
  images = (await buildBaseImage(readFileSync(builder))).image.images;
}, 120_000);

/** A guest that holds a function of the prelude (what resolves a promise), calls it with what the host answers, and gives what it returns. */
const GUEST = `let f; new Promise((resolve) => { f = resolve }); const list = ask(); f(...list);`;

/** A snapshot in which that function's code is function `index` of the image. */
function bringing(image: Uint8Array, index: number): Uint8Array {
  const program = runtime.compile(GUEST, { externals: { ask: "sync" }, filename: "a.js" });
  const { buildId, sections } = readContainer(
    (program.start({ now: 0, seed: 1 }) as SuspendedState).snapshot().dump({ level: 0 }),
    1 << 28,
  );
  const out = new ByteWriter();
  for (const n of [1, 0, 0, image.length]) out.v(n);
  out.raw(image);
  for (const n of [1, 0, index]) out.v(n);
  return writeContainer(buildId, new Map(sections).set(SECTIONS.prelude, out.done()), 0);
}

/** Prelude code of one's own. */
function foreign(source: string): Uint8Array {
  const { image } = compileToImage(source, {
    filename: "foreign.js",
    mode: "prelude",
    prelude: { natives: new Map(Object.entries(NATIVE_IDS)), intrinsics: new Map() },
  });
  return extractFunctions(image, [1]).image;
}

describe("prelude code in a snapshot", () => {
  it("of a stranger's making is refused", () => {
    const evil = foreign("function evil(a, b, c, d) { return $bufferCopy(a, b, c, d); }");
    const error = thrownBy(() => runtime.load(bringing(evil, 1)).restore());
    expect(error).toMatchObject({ name: "SnapshotError", reason: "malformed" });
    expect((error as Error).message).toContain("that no released build has");
  });

  it("of this build is taken, whatever it is wrapped in", () => {
    const own = extractFunctions(images[0]!, [1]).image;
    expect(runtime.load(bringing(own, 1)).restore().status).toBe("suspended");
  });

  it("is refused when one number of it is changed", () => {
    const image = decodeImage(extractFunctions(images[0]!, [1]).image);
    const fn = image.functions[1]!;
    const changed = encodeImage({
      ...image,
      functions: [
        image.functions[0]!,
        { ...fn, clearCount: fn.clearCount === 0 ? 0 : fn.clearCount - 1, sourceLength: fn.sourceLength + 1 },
      ],
    });
    expect(() => runtime.load(bringing(changed, 1)).restore()).toThrow(/that no released build has/);
  });

  it("cannot come in as the function that does nothing", () => {
    const evil = decodeImage(foreign("function evil(a, b, c, d) { return $bufferCopy(a, b, c, d); }"));
    const good = decodeImage(extractFunctions(images[0]!, [1]).image);
    const mixed = encodeImage({
      ...good,
      functions: [{ ...evil.functions[1]!, name: 0, constants: [] }, good.functions[1]!],
    });
    // Function 0 is made anew, so that it is the one that does nothing.
    const state = runtime.load(bringing(mixed, 0)).restore();
    const done = state.status === "suspended" ? state.resume([1, 2, 3, 4]) : state;
    expect(done).toMatchObject({ status: "complete", output: undefined });
  });

  it("of a released build is taken: its hash is on the list", async () => {
    const old = foreign("function old(a) { return a; }");
    expect(() => runtime.load(bringing(old, 1)).restore()).toThrow(/that no released build has/);
    const released = Buffer.from(preludeHashes(old).join(""), "hex");
    const later = await createRuntimeFrom({
      module: withCustomSections(readFileSync(WASM), { "fermata.released": new Uint8Array(released) }),
      typescript: false,
    });
    const state = later.load(bringing(old, 1)).restore();
    expect(state.status === "suspended" && state.resume(["back"])).toMatchObject({
      status: "complete",
      output: "back",
    });
  });
});

describe("the list of released prelude code", () => {
  it("contains the current prelude: after a change of it run `npm run release:prelude` and commit the new file", () => {
    expect(unreleased(root, images)).toEqual([]);
  });

  it("goes into the build without what the build has itself", () => {
    const own = new Set(images.flatMap((image) => preludeHashes(image)));
    const section = Buffer.from(releasedSection(root, images)).toString("hex");
    expect(section.length % 32).toBe(0);
    for (let at = 0; at < section.length; at += 32) expect(own.has(section.slice(at, at + 32))).toBe(false);
  });
});
