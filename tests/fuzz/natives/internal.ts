// Owns a target whose calls reach the natives that only the prelude calls: code of the prelude that was never released, in a core that is told it was.

import { readdirSync, readFileSync } from "node:fs";
import { createRuntimeFrom } from "../../../ts/api/runtime.ts";
import { withCustomSections } from "../../../ts/build/wasm-sections.ts";
import { ByteWriter } from "../../../ts/bytes/writer.ts";
import { compileToImage } from "../../../ts/compiler/compile.ts";
import { extractFunctions } from "../../../ts/compiler/image.ts";
import { SECTIONS } from "../../../ts/defs/snapshot-format.ts";
import { NATIVE_IDS } from "../../../ts/generated/id-names.ts";
import { readContainer, writeContainer } from "../../../ts/snapshot/container.ts";
import { preludeHashes } from "../../../ts/snapshot/prelude-trust.ts";
import { realmTarget, type Target } from "./attack.ts";
import { internalSource, probeSource } from "./guest.ts";

const PRELUDE = new URL("../../../ts/prelude/", import.meta.url);

/** Natives that the prelude calls: in a stranger's snapshot its frames may hold anything in their registers. */
function nativesOfPrelude(): string[] {
  const called = new Set<string>();
  for (const file of readdirSync(PRELUDE).filter((name) => name.endsWith(".js"))) {
    for (const [, name] of readFileSync(new URL(file, PRELUDE), "utf8").matchAll(/\$(\w+)\(/g)) called.add(name!);
  }
  return Object.keys(NATIVE_IDS).filter((name) => called.has(name));
}

/** @param source the program, which holds `probe` and the names of the natives it calls */
export async function internalTarget(wasm: string, source = internalSource): Promise<Target> {
  const natives = nativesOfPrelude();
  const { image } = compileToImage(probeSource(natives), {
    filename: "probe.js",
    mode: "prelude",
    prelude: { natives: new Map(Object.entries(NATIVE_IDS)), intrinsics: new Map() },
  });
  const probe = extractFunctions(image, [1]).image;
  const released = new Uint8Array(Buffer.from(preludeHashes(probe).join(""), "hex"));
  const module = withCustomSections(readFileSync(wasm), { "fermata.released": released });
  const runtime = await createRuntimeFrom({ module, typescript: false, poolSize: 8 });
  const { begin } = realmTarget(runtime, source(natives));
  const { buildId, sections } = readContainer(begin.dump({ level: 0 }), 1 << 28);
  // The one function of the prelude that the program holds has the code of the probe from now on.
  const out = new ByteWriter();
  for (const n of [1, 0, 0, probe.length]) out.v(n);
  out.raw(probe);
  for (const n of [1, 0, 1]) out.v(n);
  const bytes = writeContainer(buildId, new Map(sections).set(SECTIONS.prelude, out.done()), 0);
  return {
    runtime,
    begin: runtime.load(bytes, { allowEval: true, limits: { timeMs: Infinity, memoryBytes: 64 * 1024 * 1024 } }),
  };
}
