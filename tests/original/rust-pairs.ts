// Owns reading pairs of code and expected value out of Rust tests: assertions about what a function of the file gives for a text of
// JavaScript. Must never guess: what it does not understand is no pair.

/** A program, and what its value is as text. */
export interface Pair {
  readonly code: string;
  readonly expected: string;
  readonly place: string;
}

type Token =
  | { readonly kind: "text"; readonly text: string; readonly line: number }
  | { readonly kind: "word" | "mark"; readonly text: string; readonly line: number };

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

/** The value of what is between the quotes of a Rust string. */
function unescape(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F_]+)\}|(\r?\n\s*)|(.))/g, (_, hex, unicode, gap, one) => {
    if (hex ?? unicode) return String.fromCodePoint(parseInt((hex ?? unicode) as string, 16));
    return gap === undefined ? (ESCAPES[one as string] ?? (one as string)) : "";
  });
}

const PIECES =
  /\/\/[^\n]*|\/\*[^]*?\*\/|\bb?r(#*)"([^]*?)"\1(?!#)|b?"((?:[^"\\]|\\[^])*)"|'(?:[^'\\\n]|\\[^']+)'|[\p{L}_][\p{L}\p{N}_]*!?|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?(?:_?[iuf]\d+)?|[^\s]/gu;

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let last = 0;
  for (const match of source.matchAll(PIECES)) {
    const [piece, , raw, text] = match;
    for (let at = source.indexOf("\n", last); at !== -1 && at < match.index; at = source.indexOf("\n", at + 1)) line++;
    last = match.index;
    if (piece.startsWith("//") || piece.startsWith("/*")) continue;
    if (raw !== undefined) tokens.push({ kind: "text", text: raw, line });
    else if (text !== undefined) tokens.push({ kind: "text", text: unescape(text), line });
    else tokens.push({ kind: /^[\p{L}\p{N}_]/u.test(piece) ? "word" : "mark", text: piece, line });
  }
  return tokens;
}

/** What a function of the file makes of its text: the text itself, or a longer one around it. */
type Runner = (code: string) => string;

/** The functions of a file that run a text, and those that also check what comes of it. */
function runnersOf(source: string): { runs: Map<string, Runner>; checks: Set<string> } {
  const runs = new Map<string, Runner>();
  const checks = new Set<string>();
  for (const match of source.matchAll(/^(?:pub )?fn (\w+)\((\w+): &str(, \w+: &str)?\)([^{]*)\{\n([^]*?)^\}/gm)) {
    const [, name = "", parameter = "", more, result = "", body = ""] = match;
    const around = /format!\(\s*(r#*)?"((?:[^"\\]|\\[^])*)"/.exec(body);
    const hole = `{${parameter}}`;
    const template = around?.[2]?.includes(hole) === true && !/panic|expected/.test(around[2]) ? around[2] : undefined;
    const run: Runner =
      template === undefined
        ? (code) => code
        : (code) =>
            (around![1] === undefined ? unescape(template) : template)
              .split(hole)
              .map((part) => part.replaceAll("{{", "{").replaceAll("}}", "}"))
              .join(code);
    if (more !== undefined) {
      if (/assert_eq!/.test(body)) checks.add(name);
    } else if (
      /->\s*(?:String|i64|f64|bool|\(Value, Heap\))/.test(result) &&
      !/Err\(e\) =>|run_err|unwrap_err/.test(body)
    ) {
      runs.set(name, run);
    } else if (name === "assert_true" || name === "assert_false") runs.set(name, run);
  }
  return { runs, checks };
}

/** Reads along tokens. */
class Reader {
  readonly tokens: readonly Token[];
  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  is(at: number, ...texts: readonly string[]): boolean {
    return texts.every((text, i) => this.tokens[at + i]?.kind !== "text" && this.tokens[at + i]?.text === text);
  }

  text(at: number): string | undefined {
    const token = this.tokens[at];
    return token?.kind === "text" ? token.text : undefined;
  }

  /** A value that is expected, at its first token: the text of it, and where it ends. */
  value(at: number): { text: string; end: number } | undefined {
    const text = this.text(at);
    if (text !== undefined) {
      let end = at + 1;
      while (this.is(end, ".")) end += 4;
      return { text, end };
    }
    if (this.is(at, "Value", ":", ":")) {
      const kind = this.tokens[at + 3]!.text;
      if (kind === "Null" || kind === "Undefined") return { text: kind.toLowerCase(), end: at + 4 };
      if (!this.is(at + 4, "(")) return undefined;
      let inner = at + 5;
      if (kind === "String") {
        while (this.tokens[inner] !== undefined && this.tokens[inner]!.kind !== "text" && !this.is(inner, ")")) inner++;
        const found = this.text(inner);
        return found === undefined ? undefined : { text: found, end: inner + 1 };
      }
      return this.number(inner);
    }
    return this.number(at);
  }

  private number(at: number): { text: string; end: number } | undefined {
    const isNegative = this.is(at, "-");
    const word = this.tokens[at + (isNegative ? 1 : 0)]?.text ?? "";
    if (word === "true" || word === "false") return { text: word, end: at + 1 };
    const digits = word.replace(/_?[iuf]\d+$/, "").replaceAll("_", "");
    if (!/^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(digits)) return undefined;
    return { text: String(Number(digits) * (isNegative ? -1 : 1)), end: at + (isNegative ? 2 : 1) };
  }
}

/** All pairs of a file. */
export function pairsOfRust(source: string, file: string): Pair[] {
  const { runs, checks } = runnersOf(source);
  const reader = new Reader(tokensOf(source));
  const { tokens } = reader;
  const pairs: Pair[] = [];
  let known = new Map<string, string>();
  const add = (code: string, expected: string, at: number): void => {
    pairs.push({ code, expected, place: `${file}:${tokens[at]!.line}` });
  };
  /** `run(TEXT)` at a token. */
  const call = (at: number): { code: string; end: number } | undefined => {
    const run = runs.get(tokens[at]?.text ?? "");
    const begin = reader.is(at + 2, "&") ? at + 3 : at + 2;
    const text = reader.text(begin);
    if (run === undefined || text === undefined || !reader.is(at + 1, "(")) return undefined;
    const end = reader.is(begin + 1, ",", ")") ? begin + 3 : reader.is(begin + 1, ")") ? begin + 2 : -1;
    return end < 0 ? undefined : { code: run(text), end };
  };
  for (let at = 0; at < tokens.length; at++) {
    if (reader.is(at, "fn")) known = new Map();
    const token = tokens[at]!;
    if (token.kind !== "word") continue;
    if (checks.has(token.text) && reader.is(at + 1, "(")) {
      const code = reader.text(at + 2);
      const expected = reader.text(at + 4);
      if (code !== undefined && expected !== undefined && reader.is(at + 3, ",")) add(code, expected, at);
    } else if (token.text === "assert_true" || token.text === "assert_false") {
      const made = call(at);
      if (made !== undefined) add(made.code, token.text === "assert_true" ? "true" : "false", at);
    } else if (token.text === "let") {
      // let name = run(TEXT); let (value, heap) = run(TEXT);
      const isPair = reader.is(at + 1, "(");
      const name = tokens[at + (isPair ? 2 : 1)]?.text ?? "";
      const equals = isPair ? at + 6 : at + 2;
      const made = reader.is(equals, "=") ? call(equals + 1) : undefined;
      if (made !== undefined) known.set(name, made.code);
    } else if (token.text === "assert_eq!") {
      let end: number;
      let code: string | undefined;
      const made = call(at + 2);
      if (made !== undefined) ({ code, end } = made);
      else {
        code = known.get(tokens[at + 2]?.text ?? "");
        end = at + 3;
      }
      if (code === undefined) continue;
      // .0, .as_str(), .to_js_string(&heap)
      while (reader.is(end, ".")) end += reader.is(end + 2, "(") ? (reader.is(end + 3, ")") ? 4 : 6) : 2;
      if (!reader.is(end, ",")) continue;
      const expected = reader.value(end + 1);
      if (expected !== undefined) add(code, expected.text, at);
    }
  }
  return pairs;
}
