// Owns the commands that look at a program or a snapshot without running it.

import { compileRecord } from "../api/compile.ts";
import { frontEndWith } from "../api/front-end.ts";
import type { ScopedFrame } from "../api/snapshot.ts";
import { disassemble } from "../compiler/disassemble.ts";
import { SNAPSHOT_MAGIC } from "../defs/snapshot-format.ts";
import { decodeBundle } from "../machine/program-bytes.ts";
import type { ProgramRecord } from "../machine/records.ts";
import { readContainer } from "../snapshot/container.ts";
import { decodeParts } from "../snapshot/parts.ts";
import type { Arguments } from "./arguments.ts";
import { readBytes, readOperand, readSource } from "./files.ts";
import { loadLibraries } from "./library.ts";
import { jsonOf, shown } from "./show.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/** Bytes of memory that a snapshot may take when it is only inspected. */
const INSPECTED_BYTES = 256 * 1024 * 1024;

export async function inspect(terminal: Terminal, { source, json, scopes, libraries }: Arguments): Promise<number> {
  const bytes = await readOperand(terminal, source, "a snapshot");
  const runtime = await terminal.createRuntime({ libraries: await loadLibraries(terminal, libraries) });
  const inspection = runtime.load(bytes, { limits: { memoryBytes: INSPECTED_BYTES } }).inspect({ scopes });
  const { frames, suspended } = inspection;
  const brief = scopes ? { frames: frames.map(briefly), suspended: suspended?.map(briefly) } : {};
  const all = { size: bytes.length, ...inspection, ...(json ? {} : brief) };
  terminal.out(`${json ? jsonOf(all) : shown(all, 6)}\n`);
  return EXIT.COMPLETE;
}

/** A frame for people: values as texts, those of functions around it under their names. */
function briefly({ scopes, this: self, ...frame }: ScopedFrame): object {
  const own: [string, string][] = [];
  const around: [string, object][] = [];
  for (const { kind, function: name, variables } of scopes ?? []) {
    const texts = variables.map((one): [string, string] => [one.name, one.value.text]);
    if (kind === "local") own.push(...texts);
    else around.push([name ? `of ${name}` : kind, Object.fromEntries(texts)]);
  }
  if (self !== undefined) own.push(["this", self.text]);
  return { ...frame, variables: Object.fromEntries(own) as object, ...(Object.fromEntries(around) as object) };
}

async function compiled(source: string, filename: string): Promise<ProgramRecord> {
  const { stripTypes } = await import("../compiler/typescript/strip.ts");
  return compileRecord(source, { filename }, frontEndWith(stripTypes), undefined);
}

/** The programs in a snapshot, a compiled program or a source. */
async function programsOf(terminal: Terminal, source: Arguments["source"]): Promise<readonly ProgramRecord[]> {
  if (source.from === "file") {
    const bytes = await readBytes(terminal, source.file);
    if (SNAPSHOT_MAGIC.every((byte, i) => bytes[i] === byte)) {
      const { buildId, sections } = readContainer(bytes, INSPECTED_BYTES);
      return decodeParts(buildId, sections, { byHash: new Map(), brings: "any", allowEval: true }).programs;
    }
    if (bytes.subarray(0, 3).toString("latin1") === "FMP") return decodeBundle(bytes);
  }
  const { text, filename } = await readSource(terminal, source);
  return [await compiled(text, filename)];
}

export async function disassembled(terminal: Terminal, { source }: Arguments): Promise<number> {
  const programs = await programsOf(terminal, source);
  for (const { image, source: text, filename } of programs)
    terminal.out(`${programs.length > 1 ? `; ${filename}\n` : ""}${disassemble(image, { source: text })}\n`);
  return EXIT.COMPLETE;
}
