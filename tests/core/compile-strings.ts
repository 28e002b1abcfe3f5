// Compiles strings-entry.ts (or another entry that exports the same) with asc, in memory, and gives its exports with ways to pass strings in and out.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export interface Strings {
  readonly x: Record<string, (...values: never[]) => never> & { memory: WebAssembly.Memory };
  /** Calls an export with numbers (addresses, lengths) and answers a number. */
  call(name: string, ...values: (number | bigint)[]): number;
  /** Calls an export that answers a Value. */
  value(name: string, ...values: (number | bigint)[]): bigint;
  /** A new string cell: as narrow as possible, or two-byte whatever its content. */
  make(text: string, wide?: boolean): number;
  /** Content of a string cell of any form. */
  read(cell: number): string;
  bytes(at: number, length: number): Uint8Array;
  buffer: number;
}

interface Asc {
  ready: Promise<void>;
  createMemoryStream(): { toString(): string };
  main(argv: string[], options: object, callback: (error: Error | null) => number): number;
}

const compiled = new Map<string, Promise<WebAssembly.Module>>();

async function compile(entry: string): Promise<WebAssembly.Module> {
  const asc = createRequire(import.meta.url)("assemblyscript/cli/asc") as Asc;
  await asc.ready;
  const messages = asc.createMemoryStream();
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const flags =
    "--runtime stub -O3 --noAssert --memoryBase 16384 --enable bulk-memory --enable nontrapping-f2i --use abort=";
  await new Promise<void>((resolve, reject) => {
    asc.main(
      [entry, "--baseDir", folder, "--binaryFile", "strings.wasm", ...flags.split(" ")],
      {
        stdout: asc.createMemoryStream(),
        stderr: messages,
        writeFile: (name: string, contents: Uint8Array<ArrayBuffer>) => {
          if (name.endsWith("strings.wasm")) binary = contents;
        },
      },
      (error) => {
        if (error) reject(new Error(`${error.message}\n${messages.toString()}`));
        else resolve();
        return 0;
      },
    );
  });
  return WebAssembly.compile(binary!);
}

/** What the wrapper gives the core for other things than strings: none of it may be called here. */
function missingImports(module: WebAssembly.Module): WebAssembly.Imports {
  const imports: Record<string, Record<string, () => never>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => {
      throw new Error(`${from}.${name} was called`);
    };
  }
  return imports;
}

export async function compileStrings(entry = "strings-entry.ts"): Promise<Strings> {
  if (!compiled.has(entry)) compiled.set(entry, compile(entry));
  const module = await compiled.get(entry)!;
  const instance = await WebAssembly.instantiate(module, missingImports(module));
  const x = instance.exports as unknown as Strings["x"];
  const call = (name: string, ...values: (number | bigint)[]): number => Number(x[name]!(...(values as never[])));
  call("reset");
  const buffer = call("textBuffer");
  const bytes = (at: number, length: number): Uint8Array => new Uint8Array(x.memory.buffer, at, length);
  return {
    x,
    call,
    value: (name, ...values) => BigInt.asUintN(64, x[name]!(...(values as never[])) as unknown as bigint),
    make(text, wide = false) {
      const units = new Uint16Array(x.memory.buffer, buffer, text.length);
      for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
      return call(wide ? "newWide" : "newFromUtf16", buffer, text.length);
    },
    read(cell) {
      const length = call("lengthOf", cell);
      const chars = call("charsOf", cell);
      const content = Buffer.from(x.memory.buffer, chars, length << call("isTwoByte", cell));
      return content.toString(call("isTwoByte", cell) ? "utf16le" : "latin1");
    },
    bytes,
    buffer,
  };
}
