// Case mapping, normalization and collation against the engine that runs the tests. It may know an older Unicode: characters
// that it takes for unassigned are left out.

import { beforeAll, describe, expect, it } from "vitest";
import { Differences, Random } from "./compile-numbers.ts";
import { compileStrings, type Strings } from "./compile-strings.ts";
import { cpuMs } from "../support/cpu-time.ts";

let s: Strings;

beforeAll(async () => {
  s = await compileStrings();
});

const FORMS = ["NFD", "NFKD", "NFC", "NFKC"] as const;

function* assigned(): Generator<string> {
  for (let c = 0; c <= 0x10ffff; c++) {
    if ((c >= 0x20000 && c < 0x2f800) || (c >= 0xe1000 && c < 0x110000)) continue;
    const text = String.fromCodePoint(c);
    if (!/\p{Cn}|\p{Co}/u.test(text)) yield text;
  }
}

/** Texts of characters that mean something to each other. */
function* mixtures(seed: number, count: number): Generator<string> {
  const random = new Random(seed);
  const marks = "\u0301\u0300\u0323\u0307\u0345\u0327\u0308\u05b0\u093c\u3099\u1161\u1175\u11a8\u11c2";
  const bases =
    "aAeEiIoOsSqΑΩῳᾳ가각힣ᄀᄒかガ\u1e9b\u212b\u2126\ufb01½①㎏Σσİıßẞ .:'\u00ad\u{1d15e}\u{2f800}\u{1109a}\u{10400}\ud800";
  const all = [...bases, ...marks];
  for (let i = 0; i < count; i++) {
    let text = "";
    const length = random.below(14);
    for (let k = 0; k < length; k++)
      text += random.below(3) === 0 ? marks[random.below(marks.length)]! : all[random.below(all.length)]!;
    yield text;
  }
}

describe("case", () => {
  it("maps every character", () => {
    const differences = new Differences();
    for (const text of assigned()) {
      const top = s.call("mark");
      differences.compare(
        s.read(s.call("toUpperCase", s.make(text))),
        text.toUpperCase(),
        "upper",
        text.codePointAt(0)!.toString(16),
      );
      differences.compare(
        s.read(s.call("toLowerCase", s.make(text))),
        text.toLowerCase(),
        "lower",
        text.codePointAt(0)!.toString(16),
      );
      s.call("release", top);
    }
    expect(differences.list).toEqual([]);
  });

  it("maps texts, final sigma included", () => {
    const differences = new Differences();
    for (const text of mixtures(1, 20_000)) {
      for (const wide of [false, true]) {
        const cell = s.make(text, wide);
        differences.compare(s.read(s.call("toUpperCase", cell)), text.toUpperCase(), "upper", JSON.stringify(text));
        differences.compare(s.read(s.call("toLowerCase", cell)), text.toLowerCase(), "lower", JSON.stringify(text));
      }
    }
    expect(differences.list).toEqual([]);
  });

  it("answers the string itself when nothing changes", () => {
    const cell = s.make("lower я");
    expect(s.call("toLowerCase", cell)).toBe(cell);
    const latin = s.make("UPPER");
    expect(s.call("toUpperCase", latin)).toBe(latin);
  });
});

describe("normalization", () => {
  const normalize = (text: string, form: string): string => {
    const kind = s.call("normalForm", s.make(form));
    const cell = s.make(text);
    if (s.call("isNormalForm", cell, kind)) return text;
    return s.read(s.call("normalize", cell, kind));
  };

  it("knows its forms", () => {
    expect(FORMS.map((form) => s.call("normalForm", s.make(form)))).toEqual([0, 1, 2, 3]);
    expect(s.call("normalForm", 0)).toBe(2);
    for (const bad of ["", "nfc", "NFX", "NFCC", "NFK", "NFKCD", "NFXC"])
      expect(s.call("normalForm", s.make(bad))).toBe(-1);
  });

  it("normalizes every character", () => {
    const differences = new Differences();
    for (const text of assigned()) {
      const top = s.call("mark");
      for (const form of FORMS)
        differences.compare(normalize(text, form), text.normalize(form), form, text.codePointAt(0)!.toString(16));
      s.call("release", top);
    }
    expect(differences.list).toEqual([]);
  });

  it("normalizes texts", () => {
    const differences = new Differences();
    for (const text of mixtures(2, 20_000)) {
      for (const form of FORMS)
        differences.compare(normalize(text, form), text.normalize(form), form, JSON.stringify(text));
    }
    expect(differences.list).toEqual([]);
  });

  it("sorts long runs of marks in linear time", () => {
    const textOf = (length: number): string => "a" + "\u0301\u0323\u0307\u0345".repeat(length) + "b";
    const spent = (text: string): number => {
      const started = cpuMs();
      for (const form of FORMS) normalize(text, form);
      return cpuMs() - started;
    };
    const fastest = (text: string): number => Math.min(...Array.from({ length: 5 }, () => spent(text)));
    for (const form of FORMS) expect(normalize(textOf(5000), form)).toBe(textOf(5000).normalize(form));
    // Fifteen times the text: fifteen times the work, with a square it would be 225 times.
    expect(fastest(textOf(7500)) / fastest(textOf(500))).toBeLessThan(80);
  });
});

describe("collation", () => {
  const compare = (a: string, b: string): number => s.call("collate", s.make(a), s.make(b), 0, 1, 1);

  it("orders as the root collation does for everyday text", () => {
    const words = [
      "",
      " ",
      "_x",
      "-",
      "a",
      "A",
      "á",
      "Á",
      "ab",
      "aB",
      "Ab",
      "a b",
      "a-b",
      "b",
      "B",
      "cote",
      "coté",
      "côte",
      "côté",
      "résumé",
      "resume",
      "Resume",
      "z",
      "Z",
      "0",
      "10",
      "9",
      "#1",
      "$5",
    ];
    const collator = new Intl.Collator("en");
    const differences = new Differences();
    for (const a of words)
      for (const b of words) differences.compare(compare(a, b), Math.sign(collator.compare(a, b)), a, b);
    expect(differences.list).toEqual([]);
  });

  it("takes canonically equivalent strings for equal, and is an order", () => {
    expect(compare("\u00e9", "e\u0301")).toBe(0);
    expect(compare("\u212b", "A\u030a")).toBe(0);
    expect(compare("\uac00", "\u1100\u1161")).toBe(0);
    const texts = [...mixtures(3, 60)];
    for (const a of texts) {
      for (const b of texts) {
        const order = compare(a, b);
        expect(compare(b, a)).toBe(order === 0 ? 0 : -order);
        expect(order === 0).toBe(a.normalize("NFD") === b.normalize("NFD"));
        for (const c of texts)
          if (order < 0 && compare(b, c) < 0 && compare(a, c) >= 0) throw new Error(JSON.stringify([a, b, c]));
      }
    }
  });
});
