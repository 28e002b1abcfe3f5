import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compileToImage } from "../../ts/compiler/compile.ts";
import { disassemble } from "../../ts/compiler/disassemble.ts";
import { ImageError, decodeImage, encodeImage, extractFunctions } from "../../ts/compiler/image.ts";
import { VerifyError, verifyImage } from "../../ts/compiler/verify.ts";

const folder = fileURLToPath(new URL("goldens", import.meta.url));
const sources = readdirSync(folder)
  .filter((file) => file.endsWith(".js"))
  .map((file) => readFileSync(`${folder}/${file}`, "utf8"));
const compile = (source: string): Uint8Array => compileToImage(source, { filename: "a.js", mode: "script" }).image;

/** Why bytes are refused; null if they are a well-formed image. */
function refusal(bytes: Uint8Array): unknown {
  try {
    const decoded = decodeImage(bytes);
    verifyImage(decoded);
    return Buffer.compare(encodeImage(decoded), bytes) === 0 ? null : new Error("another encoding of the same image");
  } catch (error) {
    return error;
  }
}

/** Deterministic pseudo-random numbers. */
function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

describe("mutated images", () => {
  it("are refused with a typed error or still well formed", () => {
    const next = random(7);
    let refused = 0;
    for (const source of sources) {
      const image = compile(source);
      for (let i = 0; i < 60; i++) {
        const bad = image.slice();
        const kind = next(3);
        if (kind === 0) bad[next(bad.length)] = next(256);
        else if (kind === 1) bad[next(bad.length)]! ^= 1 << next(8);
        const bytes = kind === 2 ? bad.slice(0, next(bad.length)) : bad;
        const reason = refusal(bytes);
        if (reason === null) continue;
        expect(reason instanceof ImageError || reason instanceof VerifyError).toBe(true);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it.each([
    ["nothing", []],
    ["another magic", [0x46, 0x4d, 0x51, 1, 0, 0]],
    ["another version", [0x46, 0x4d, 0x50, 9, 0, 0]],
    ["no functions", [0x46, 0x4d, 0x50, 1, 0, 0]],
    ["an absurd count", [0x46, 0x4d, 0x50, 1, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ["a number that does not end", [0x46, 0x4d, 0x50, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])("%s is refused", (_what, bytes) => {
    expect(() => decodeImage(Uint8Array.from(bytes))).toThrow(ImageError);
  });
});

describe("extractFunctions", () => {
  it("extracts functions with those nested in them", () => {
    const image = compile("function a() { return () => 'deep'; } function b() { return 'other'; } a();");
    const names = decodeImage(image).functions.map((fn, i, all) => [i, all.length, fn.name]);
    expect(names.length).toBe(4);
    const { image: part, map } = extractFunctions(image, [1]);
    verifyImage(part);
    const text = disassemble(part);
    expect(text).toContain('"deep"');
    expect(text).not.toContain('"other"');
    expect([...map.keys()]).toEqual([1, 3]);
    expect(decodeImage(part).strings).not.toContain("b");
  });

  it("keeps every function of every golden valid", () => {
    for (const source of sources) {
      const image = compile(source);
      decodeImage(image).functions.forEach((_fn, index) => {
        expect(() => verifyImage(extractFunctions(image, [index]).image)).not.toThrow();
      });
    }
  });

  it("refuses an index that is not there", () => {
    expect(() => extractFunctions(compile("1"), [5])).toThrow(ImageError);
  });
});
