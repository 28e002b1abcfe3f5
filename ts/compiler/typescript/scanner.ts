// Owns the tokens of TypeScript: it reads one at a time, and reads a character again when the grammar asks for it (regular expressions,
// templates, `>>`). Must never know the grammar, and must never read past the end of the source.

//
//   previousEnd     start      end
//   … token before ]  spaces, comments  [ token at hand ]  rest of the source
//                   └ newline: does a line end in there?
//
// One token at a time, because JavaScript cannot be cut into tokens without its grammar: `/` divides or begins a regular expression, `}`
// ends a block or the hole of a template, `>>` shifts or closes two lists of types. So the scanner reads the shortest or the most usual
// token, and the grammar, which knows what may come here, has it read again (rescanGreater, splitPunctuator, rescanRegExp,
// readTemplateText).
//
// Nothing is kept but the seven fields of a Place. To guess is to note a Place, read on, and put it back if the guess was wrong:
// TypeParser's `attempt` does that for the edits and names made meanwhile, too.
import { TypeScriptSyntaxError } from "./errors.ts";

/** Kinds of tokens. Keywords are names: the grammar decides. */
export const T = {
  eof: 0,
  name: 1,
  privateName: 2,
  number: 3,
  bigint: 4,
  string: 5,
  punctuator: 6,
  regexp: 7,
} as const;
/** One of the numbers in {@link T}. */
export type TokenType = (typeof T)[keyof typeof T];

/** Thrown by a speculation that turned out to be wrong. Not an Error: it is thrown often, and users never see it. */
export const WRONG_WAY = Symbol("wrong way");

/** A place to which the scanner can go back. */
export interface Place {
  readonly type: TokenType;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly newline: boolean;
  readonly escaped: boolean;
  readonly previousEnd: number;
}

/** Classes of characters; those of numbers and names are the highest. */
const SPACE = 1;
const LINE_END = 2;
const DIGIT = 3;
const LETTER = 4;

const classes = new Uint8Array(128);
for (const code of [9, 11, 12, 32]) classes[code] = SPACE;
for (const code of [10, 13]) classes[code] = LINE_END;
for (let code = 48; code < 58; code++) classes[code] = DIGIT;
for (let code = 97; code < 123; code++) classes[code] = classes[code - 32] = LETTER;
for (const code of [36, 92, 95]) classes[code] = LETTER;

/** By first character, the operators of several characters, longest first. `>` is always a token of its own: it may end type arguments. */
const operators: ReadonlyMap<number, readonly string[]> = new Map(
  Object.entries({
    "!": ["!==", "!="],
    "%": ["%="],
    "&": ["&&=", "&&", "&="],
    "*": ["**=", "**", "*="],
    "+": ["++", "+="],
    "-": ["--", "-="],
    ".": ["..."],
    "/": ["/="],
    "<": ["<<=", "<<", "<="],
    "=": ["===", "==", "=>"],
    "?": ["??=", "??", "?."],
    "^": ["^="],
    "|": ["||=", "||", "|="],
  }).map(([first, rest]) => [first.charCodeAt(0), rest]),
);
/** What rescanGreater may find, longest first. https://tc39.es/ecma262/#sec-punctuators */
const greater = [">>>=", ">>>", ">>=", ">>", ">="];
/** The string of each ASCII character, so that no punctuator allocates one. */
const single: readonly string[] = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
const isPunctuator = new Set("!%&()*+,-./:;<=>?@[]^`{|}~");

/** https://tc39.es/ecma262/#sec-white-space: the byte order mark and all characters of the category Zs, apart from ASCII. */
function isSpaceBeyondAscii(code: number): boolean {
  if (code === 0xa0 || code === 0xfeff || code === 0x1680 || code === 0x3000) return true;
  return (code >= 0x2000 && code <= 0x200a) || code === 0x202f || code === 0x205f;
}

/** https://tc39.es/ecma262/#sec-line-terminators */
export function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
}

/** Whether a line ends anywhere in the range, comments included: automatic semicolons depend on it. */
export function hasLineEnd(source: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (isLineEnd(source.charCodeAt(at))) return true;
  return false;
}

export class Scanner {
  readonly source: string;
  /** The token at hand. */
  type: TokenType = T.eof;
  /** The text of a name (escapes read) or of a punctuator; "" for other tokens. */
  value = "";
  start = 0;
  end = 0;
  /** Does a line end before the token? */
  newline = false;
  /** Is the name written with an escape? Then it is not a keyword. */
  escaped = false;
  /** The end of the token before. */
  previousEnd = 0;
  /** How many speculations are under way. */
  protected speculating = 0;
  #hasHtmlComments: boolean | undefined;

  constructor(source: string) {
    this.source = source;
    if (source.startsWith("#!")) this.end = this.#endOfLine(0);
    this.next();
    this.previousEnd = 0;
  }

  /** Reports a syntax error; during a speculation, it only ends the speculation. */
  fail(message: string, offset: number = this.start): never {
    if (this.speculating > 0) throw WRONG_WAY;
    throw new TypeScriptSyntaxError(message, offset);
  }

  /** The token at hand is not what the grammar expects. */
  unexpected(expected = ""): never {
    if (this.speculating > 0) throw WRONG_WAY;
    if (this.type === T.eof) this.fail("Unexpected end of input");
    const found = /^(?:[\p{ID_Continue}$]+|[^\s])/u.exec(this.source.slice(this.start, this.start + 40))?.[0] ?? "";
    this.fail(`Unexpected token '${found}'${expected === "" ? "" : `, expected "${expected}"`}`);
  }

  protected place(): Place {
    const { type, value, start, end, newline, escaped, previousEnd } = this;
    return { type, value, start, end, newline, escaped, previousEnd };
  }

  protected goTo(place: Place): void {
    this.type = place.type;
    this.value = place.value;
    this.start = place.start;
    this.end = place.end;
    this.newline = place.newline;
    this.escaped = place.escaped;
    this.previousEnd = place.previousEnd;
  }

  /**
   * Advances to the next token. Characters beyond ASCII count as parts of names, unless they are spaces: whether a name may hold them is
   * for the JavaScript parser, which reads the result, to say. https://tc39.es/ecma262/#sec-names-and-keywords
   */
  next(): void {
    const { source } = this;
    this.previousEnd = this.end;
    this.#skipSpace();
    this.start = this.end;
    this.value = "";
    this.escaped = false;
    if (this.start >= source.length) {
      this.type = T.eof;
      return;
    }
    const code = source.charCodeAt(this.start);
    const kind = code < 128 ? classes[code]! : LETTER;
    if (kind === LETTER) return this.#readName(T.name);
    if (kind === DIGIT) return this.#readNumber();
    if (code === 34 || code === 39) return this.#readString(code);
    if (code === 35) {
      this.end++;
      return this.#readName(T.privateName);
    }
    this.#readPunctuator(code);
  }

  /**
   * Reads `>` again as the operator that it begins. Called wherever an operator may follow an operand; never where a list of types may end:
   * `Map<string, Set<number>>` closes twice.
   */
  rescanGreater(): void {
    if (this.value !== ">") return;
    for (const operator of greater) {
      if (!this.source.startsWith(operator, this.start)) continue;
      this.value = operator;
      this.end = this.start + operator.length;
      return;
    }
  }

  /**
   * Reads only the first character of the operator at hand. `f<<T>(x: T) => T>(y)`: the first `<` of `<<` begins type arguments, the second
   * a function type.
   */
  splitPunctuator(): void {
    this.value = single[this.source.charCodeAt(this.start)]!;
    this.end = this.start + 1;
  }

  /**
   * Reads `/` or `/=` again as the regular expression that it begins. Called where an operand must begin. A `/` in a class does not end it.
   * The pattern is not checked here: the core compiles it. https://tc39.es/ecma262/#sec-literals-regular-expression-literals
   */
  rescanRegExp(): void {
    const { source } = this;
    let inClass = false;
    for (let at = this.start + 1; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (isLineEnd(code)) break;
      if (code === 92) at++;
      else if (code === 91) inClass = true;
      else if (code === 93) inClass = false;
      else if (code === 47 && !inClass) {
        this.end = at + 1;
        while (this.end < source.length && this.#isPart(source.charCodeAt(this.end))) this.end++;
        this.type = T.regexp;
        this.value = "";
        return;
      }
    }
    this.fail("Unterminated regular expression");
  }

  /**
   * After a `` ` `` or a `}`, reads the text of a template up to `` ` `` or `${`; true if the template ends there. The grammar calls it
   * after each hole, when it has read an expression up to a `}`: only the grammar knows which `}` ends the hole.
   */
  readTemplateText(): boolean {
    const { source } = this;
    for (let at = this.end; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === 92) at++;
      else if (code === 96) {
        this.end = at + 1;
        return true;
      } else if (code === 36 && source.charCodeAt(at + 1) === 123) {
        this.end = at + 2;
        return false;
      }
    }
    return this.fail("Unterminated template");
  }

  /** Skips spaces, line ends and comments up to the next token, and notes whether a line ended among them. */
  #skipSpace(): void {
    const { source } = this;
    const { length } = source;
    let at = this.end;
    this.newline = false;
    for (; at < length; at++) {
      const code = source.charCodeAt(at);
      if (code < 128) {
        const kind = classes[code]!;
        if (kind === SPACE) continue;
        if (kind === LINE_END) {
          this.newline = true;
          continue;
        }
        if (code === 47) {
          const end = this.#endOfComment(at);
          if (end > at) {
            at = end - 1;
            continue;
          }
        } else if ((code === 60 || code === 45) && this.#beginsHtmlComment(at)) {
          at = this.#endOfLine(at) - 1;
          continue;
        }
        break;
      }
      if (code === 0x2028 || code === 0x2029) this.newline = true;
      else if (!isSpaceBeyondAscii(code)) break;
    }
    this.end = at;
  }

  /** The end of the comment that begins at `at`; `at` if no comment does. */
  #endOfComment(at: number): number {
    const { source } = this;
    const next = source.charCodeAt(at + 1);
    if (next === 47) return this.#endOfLine(at);
    if (next !== 42) return at;
    const end = source.indexOf("*/", at + 2);
    if (end < 0) this.fail("Unterminated comment", at);
    // A comment of several lines counts as a line end: `return /*⏎*/ 1` returns undefined.
    if (!this.newline) this.newline = hasLineEnd(source, at, end);
    return end + 2;
  }

  /**
   * https://tc39.es/ecma262/#sec-html-like-comments. Scripts have them, modules do not. Which of the two the source is, is decided only
   * later: a line that begins with import or export says module. The test is made at most once, and only if something looks like such a
   * comment.
   */
  #beginsHtmlComment(at: number): boolean {
    const { source } = this;
    const begins = source.startsWith("<!--", at) || (source.startsWith("-->", at) && (this.newline || this.end === 0));
    if (!begins) return false;
    return (this.#hasHtmlComments ??= !/^[^\S\n]*(?:import|export)\b/m.test(source));
  }

  /** Where the line ends that `at` is in: its line end is not part of the comment. */
  #endOfLine(at: number): number {
    const { source } = this;
    while (at < source.length && !isLineEnd(source.charCodeAt(at))) at++;
    return at;
  }

  /** Can the character continue a name or a number? */
  #isPart(code: number): boolean {
    if (code < 128) return classes[code]! >= DIGIT && code !== 92;
    return !isSpaceBeyondAscii(code) && !isLineEnd(code);
  }

  /** Reads a name or, after a `#`, a private one. Escapes make it longer than its text, so `value` is read out only if there are any. */
  #readName(type: TokenType): void {
    const { source } = this;
    let at = this.end;
    for (;;) {
      while (at < source.length && this.#isPart(source.charCodeAt(at))) at++;
      if (source.charCodeAt(at) !== 92) break;
      const escape = /^\\u(?:[\da-fA-F]{4}|\{[\da-fA-F]+\})/.exec(source.slice(at, at + 14));
      if (escape === null) this.fail("Invalid Unicode escape sequence", at);
      this.escaped = true;
      at += escape[0].length;
    }
    if (at === this.end) this.fail(`Unexpected token '${source[this.start]}'`);
    this.type = type;
    this.end = at;
    const text = source.slice(this.start, at);
    this.value = this.escaped ? withoutEscapes(text) : text;
  }

  /** Reads a number or a bigint, roughly: `08.5`, `1_000n`, `0xfe`. A malformed one is left to the JavaScript parser. */
  #readNumber(): void {
    const { source } = this;
    const text = source.slice(this.start, this.start + 2);
    let at = this.start;
    const skipDigits = (): void => {
      while (classes[source.charCodeAt(at)] === DIGIT || source.charCodeAt(at) === 95) at++;
    };
    if (!/^0[xXoObB]/.test(text)) {
      skipDigits();
      const isOctal = /^0[0-7]+$/.test(source.slice(this.start, at));
      if (source.charCodeAt(at) === 46 && !isOctal) {
        at++;
        skipDigits();
      }
      if (/^[eE][+-]?\d/.test(source.slice(at, at + 3))) {
        at += 2;
        skipDigits();
      }
    }
    while (at < source.length && this.#isPart(source.charCodeAt(at))) at++;
    this.end = at;
    this.type = source.charCodeAt(at - 1) === 110 && !/^0[xX]/.test(text) ? T.bigint : T.number;
    if (this.type === T.number && /^0[xX][\da-fA-F_]+n$/.test(source.slice(this.start, at))) this.type = T.bigint;
  }

  /** Reads a string up to its quote; U+2028 and U+2029 may be in one. https://tc39.es/ecma262/#sec-literals-string-literals */
  #readString(quote: number): void {
    const { source } = this;
    for (let at = this.start + 1; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === quote) {
        this.end = at + 1;
        this.type = T.string;
        return;
      }
      if (code === 92) {
        // A backslash continues the line, and CR LF is one line end.
        if (source.charCodeAt(at + 1) === 13 && source.charCodeAt(at + 2) === 10) at++;
        at++;
      } else if (code === 10 || code === 13) break;
    }
    this.fail("Unterminated string");
  }

  /** Reads the longest operator that begins here, or one character; a number, if it is a point before a digit. */
  #readPunctuator(code: number): void {
    const { source, start } = this;
    this.type = T.punctuator;
    if (code === 46 && classes[source.charCodeAt(start + 1)] === DIGIT) return this.#readNumber();
    for (const operator of operators.get(code) ?? []) {
      if (!source.startsWith(operator, start)) continue;
      // `a?.5:1` is a conditional.
      if (operator === "?." && classes[source.charCodeAt(start + 2)] === DIGIT) continue;
      this.value = operator;
      this.end = start + operator.length;
      return;
    }
    this.value = single[code]!;
    if (!isPunctuator.has(this.value)) this.fail(`Unexpected token '${this.value}'`);
    this.end = start + 1;
  }
}

/** The name that the source means: `\u0061b` is `ab`. Two spellings of a name are one name, and an escaped keyword is no keyword. */
function withoutEscapes(text: string): string {
  return text.replace(/\\u(?:\{([\da-fA-F]+)\}|([\da-fA-F]{4}))/g, (_, long: string | undefined, short: string) => {
    const code = Number.parseInt(long ?? short, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}
