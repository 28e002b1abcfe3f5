// Owns the text of guest errors on the host: the frames of a stack, and a thrown value that is not an error. All input comes from
// the guest. Must never take time or room beyond what it reads, and must never match guest text against an expression that can
// backtrack.

/** Longest text of a thrown object; the rest is cut off. */
export const MAX_TEXT = 10_000;
/** Deepest level of nested objects that is written. */
const MAX_DEPTH = 100;
/** Larger integers are not written in decimal digits: that takes more than proportional time. */
const LARGE_BIGINT = 1n << 16_384n;

const CUT = "…";

/** One frame of a stack. */
export interface FrameText {
  readonly filename: string;
  readonly line: number;
  readonly column: number;
}

const FRAME_START = "    at ";
/** More digits cannot be a line or a column. */
const MAX_DIGITS = 10;

/** Returns the start of the digits that end before `end`; -1 if there are no digits, or too many. */
function digitsBefore(text: string, end: number): number {
  let at = end;
  while (at > 0 && end - at <= MAX_DIGITS) {
    const unit = text.charCodeAt(at - 1);
    if (unit < 0x30 || unit > 0x39) break;
    at--;
  }
  return at === end || end - at > MAX_DIGITS ? -1 : at;
}

/** Parses the frame in a line of a stack: `    at name (file:line:column)` or `    at file:line:column`. */
export function frameOf(text: string): FrameText | undefined {
  if (!text.startsWith(FRAME_START)) return undefined;
  const end = text.endsWith(")") ? text.length - 1 : text.length;
  const column = digitsBefore(text, end);
  if (column < 0 || text[column - 1] !== ":") return undefined;
  const line = digitsBefore(text, column - 1);
  if (line < 0 || text[line - 1] !== ":") return undefined;
  const place = text.slice(FRAME_START.length, line - 1);
  const name = place.lastIndexOf(" (");
  return {
    filename: name < 0 ? place : place.slice(name + 2),
    line: Number(text.slice(line, column - 1)),
    column: Number(text.slice(column, end)),
  };
}

/** Values that JSON cannot represent. */
class NoJson extends Error {}

/** Writes the same text as `JSON.stringify`, but stops when the text is long enough. */
class JsonText {
  text = "";
  readonly #around: object[] = [];

  get isFull(): boolean {
    return this.text.length > MAX_TEXT;
  }

  /** The value as JSON; false: it is left out, as JSON leaves out undefined. */
  write(value: unknown): boolean {
    if (typeof value === "bigint") throw new NoJson();
    if (typeof value !== "object" || value === null) {
      const text = typeof value === "string" ? quoted(value) : JSON.stringify(value);
      if (text === undefined) return false;
      this.text += text;
    } else if (value instanceof Date) this.text += JSON.stringify(value);
    else this.#inside(value);
    return true;
  }

  #inside(value: object): void {
    if (this.#around.includes(value)) throw new NoJson();
    if (this.#around.length >= MAX_DEPTH) {
      this.text += CUT;
      return;
    }
    this.#around.push(value);
    if (Array.isArray(value)) this.#elements(value);
    else this.#properties(value);
    this.#around.pop();
  }

  #elements(list: readonly unknown[]): void {
    this.text += "[";
    for (let i = 0; i < list.length && !this.isFull; i++) {
      if (i > 0) this.text += ",";
      if (!this.write(list[i])) this.text += "null";
    }
    this.text += "]";
  }

  #properties(value: object): void {
    this.text += "{";
    let isFirst = true;
    for (const key of keysOf(value)) {
      if (this.isFull) break;
      const before = this.text;
      this.text += `${isFirst ? "" : ","}${quoted(key)}:`;
      if (this.write((value as Record<string, unknown>)[key])) isFirst = false;
      else this.text = before;
    }
    this.text += "}";
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_TEXT ? text.slice(0, MAX_TEXT + 1) : text);
}

/** The keys that JSON writes; those of a typed array are its indices, of which no list of millions is made. */
function keysOf(value: object): readonly string[] {
  if (!ArrayBuffer.isView(value)) return Object.keys(value);
  const length = "length" in value ? Math.min(Number(value.length), MAX_TEXT) : 0;
  return Array.from({ length }, (_, i) => String(i));
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) + CUT : text;
}

/** Returns the text of a thrown value that is not an error; objects in the style of JSON. */
export function thrownText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint" && (value >= LARGE_BIGINT || value <= -LARGE_BIGINT))
    return cut(`${value < 0n ? "-" : ""}0x${(value < 0n ? -value : value).toString(16)}`);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  const json = new JsonText();
  try {
    json.write(value);
  } catch (error) {
    if (!(error instanceof NoJson)) throw error;
    // Cycles, BigInts.
    return Object.prototype.toString.call(value);
  }
  return cut(json.text);
}
