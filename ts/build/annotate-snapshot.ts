// Owns the reading of a snapshot byte by byte for people: what each run of bytes means, by the description in
// ts/defs/snapshot-format.ts. It shares no code with the reader of the core, so that a test can compare the description with what the
// core writes. Must never be shipped: it trusts its input.
import { type Constant } from "../compiler/assembler.ts";
import { decodeImage } from "../compiler/image.ts";
import { ATOMS } from "../defs/atoms.ts";
import { RECORD_KINDS, RUN_STATUS } from "../defs/layout.ts";
import { SPECIALS } from "../defs/opcodes.ts";
import * as format from "../defs/snapshot-format.ts";
import { unpackImage } from "../snapshot/image-coder.ts";

/** A run of bytes and its meaning. Lines that have no bytes are headings. */
export interface Line {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly text: string;
}

export interface Annotated {
  readonly lines: readonly Line[];
  /** The unpacked images of the embedded programs. */
  readonly images: readonly Uint8Array[];
}

/** What the next value of a column is a difference to. */
interface Column {
  int: number;
  object: number;
  text: number;
  digits: number;
  decimal: bigint;
}
const newColumn = (): Column => ({ int: 0, object: 0, text: 0, digits: 0, decimal: 0n });
const zigzag = (n: bigint): bigint => (n >> 1n) ^ -(n & 1n);

/** A cursor over part of the snapshot that notes a line for each thing it reads. */
class Cursor {
  at: number;
  readonly end: number;
  readonly #all: Uint8Array;
  readonly #lines: Line[];
  #from: number;

  constructor(all: Uint8Array, at: number, end: number, lines: Line[]) {
    this.#all = all;
    this.at = at;
    this.end = end;
    this.#from = at;
    this.#lines = lines;
  }

  /** Notes what was read since the last line. */
  note(text: string): void {
    this.#lines.push({ at: this.#from, bytes: this.#all.subarray(this.#from, this.at), text });
    this.#from = this.at;
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.end) throw new Error(`the bytes end at ${this.end}`);
    this.at += length;
    return this.#all.subarray(this.at - length, this.at);
  }

  long(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.take(1)[0]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  v(): number {
    return Number(this.long());
  }

  text(): string {
    const head = this.v();
    if ((head & 1) !== 0) throw new Error("a text with lone surrogates");
    return new TextDecoder().decode(this.take(head >>> 1));
  }

  done(what: string): void {
    if (this.at !== this.end || this.#from !== this.end)
      throw new Error(`${what}: ${this.end - this.#from} bytes are left`);
  }
}

const quote = (text: string): string => JSON.stringify(text);
const named = (entries: Readonly<Record<string, number>>, number: number): string =>
  Object.entries(entries).find(([, n]) => n === number)?.[0] ?? String(number);
const flagsOf = (entries: Readonly<Record<string, number>>, bits: number): string =>
  Object.entries(entries)
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name)
    .join(" | ") || "no flags";

/** The graph: sections 4, 5 and 6 together. */
class Graph {
  readonly #main: Cursor;
  readonly #texts: Cursor;
  readonly #numbers: Cursor;
  readonly #known: readonly string[];
  readonly #baseIds: readonly string[];
  readonly #found: { readonly text: string; readonly wide: boolean }[] = [];
  readonly #shapes: { readonly keys: string[]; readonly columns: Column[] }[] = [];
  readonly #firstElement = newColumn();
  #mentioned: number;

  constructor(
    main: Cursor,
    texts: Cursor,
    numbers: Cursor,
    known: readonly string[],
    templates: number,
    baseIds: readonly string[],
  ) {
    this.#main = main;
    this.#texts = texts;
    this.#numbers = numbers;
    this.#known = known;
    this.#mentioned = templates;
    this.#baseIds = baseIds;
  }

  /** Reads everything. `bodies`: number of the first cell that has a body. */
  read(bodies: number): void {
    this.#words();
    for (const name of format.VALUES) this.#noted(`value ${name}`, this.#value());
    for (const [name, kind] of format.LISTS) this.#noted(`list ${name}, a ${kind}`, this.#reference());
    const kept = this.#main.v();
    this.#main.note(`kept roots: ${kept}`);
    for (const name of format.KEPT_ROOTS.slice(0, kept)) this.#noted(`kept root ${name}`, this.#value());
    this.#frames();
    this.#base();
    let next = this.#bodies(bodies);
    for (;;) {
      const entries = this.#main.v();
      this.#main.note(
        entries === 0 ? "no entries of weak tables: end of the graph" : `entries of weak tables: ${entries}`,
      );
      if (entries === 0) break;
      for (let i = 0; i < entries; i++) {
        this.#noted("the table", `cell ${this.#main.v()}`);
        this.#noted("key", this.#value());
        this.#noted("value", this.#value());
      }
      next = this.#bodies(next);
    }
    this.#main.done("graph");
    this.#texts.done("texts");
    this.#numbers.done("numbers");
  }

  #noted(what: string, meaning: string): void {
    this.#main.note(`${what}: ${meaning}`);
  }

  #words(): void {
    const count = this.#main.v();
    this.#main.note(`words of the VM block: ${count}`);
    for (let i = 0; i < count; i++) {
      const name = format.WORDS[i];
      const value = this.#main.v();
      this.#main.note(
        `word ${name ?? "of a later build"} = ${value}${name === "status" ? ` (${named(RUN_STATUS, value)})` : ""}`,
      );
    }
    this.#main.note(`fuel debt: ${this.#main.v()}`);
  }

  #frames(): void {
    const count = this.#main.v();
    this.#main.note(`frames on the stack: ${count}`);
    for (let i = 0; i < count; i++) {
      const kind = this.#main.v();
      this.#main.note(`frame ${i}: record kind ${named(RECORD_KINDS, kind)}`);
      for (const what of ["destination of the result", "arguments", "flags"])
        this.#main.note(`frame ${i}: ${what} ${this.#main.v()}`);
      this.#main.note(`frame ${i}: its first register is ${this.#main.v()} above that of the frame below`);
      this.#frame(`frame ${i}`);
    }
  }

  #frame(name: string): void {
    const callee = this.#value();
    this.#noted(`${name}: callee`, callee);
    if (callee.startsWith("base")) this.#main.note(`${name}: code ordinal ${this.#main.v()}`);
    this.#main.note(`${name}: position, word ${this.#main.v()}`);
    this.#main.note(`${name}: registers of the function ${this.#main.v()}`);
    const written = this.#main.v();
    this.#main.note(`${name}: registers written ${written}`);
    for (let r = 1; r < written; r++) this.#noted(`${name}: r${r}`, this.#value());
  }

  #base(): void {
    for (;;) {
      const id = this.#main.v();
      if (id === 0) break;
      const name = this.#baseIds[id - 1] ?? `id ${id - 1}`;
      this.#main.note(`changes of base object ${name}`);
      const bits = this.#main.v();
      this.#main.note(`${name}: ${flagsOf(format.CHANGES, bits)}`);
      if (bits & format.CHANGES.PROTOTYPE) this.#noted(`${name}: prototype`, this.#value());
      if (bits & format.CHANGES.FIELDS) throw new Error(`${name}: changed fields of base objects are not annotated`);
      if (bits & format.CHANGES.PROPERTIES) this.#propertyChanges(name);
      if (bits & format.CHANGES.ELEMENTS) this.#elements(name);
    }
    this.#main.note("end of the changes of base objects");
  }

  #propertyChanges(name: string): void {
    for (;;) {
      const op = this.#main.v();
      if (op === 0) break;
      const key = this.#value();
      if (op === 1) {
        this.#main.note(`${name}: property ${key} removed`);
        continue;
      }
      this.#main.note(`${name}: property ${key} ${op === 2 ? "changed" : "added"}`);
      this.#main.note(`${name}: its attributes ${this.#main.v()}`);
      this.#noted(`${name}: its value`, this.#value());
    }
    this.#main.note(`${name}: end of the properties`);
  }

  /** Reads the bodies from cell `n` on, as long as cells without a body were mentioned; returns the next. */
  #bodies(from: number): number {
    let n = from;
    while (n < this.#mentioned) this.#body(n++);
    return n;
  }

  #body(n: number): void {
    const head = this.#main.v();
    const row = format.SNAPSHOT_KINDS[head & 63]!;
    const name = `cell ${n}`;
    this.#main.note(`${name}: ${row.kind}${head > 63 ? " with elements" : ""}`);
    if ((head & 63) >= format.PLAIN_FROM) {
      this.#plain(name, row);
      return;
    }
    let slots = 0;
    if (row.kind === "INTERNAL") {
      const number = this.#main.v();
      const known = Object.entries(format.INTERNAL_CLASS_ROWS).find(([, [of]]) => of === number)?.[0];
      this.#main.note(`${name}: class ${known ?? number}`);
      slots = this.#main.v();
      this.#main.note(`${name}: ${slots} slots`);
    }
    const shape = this.#shape(name);
    this.#fields(name, row);
    if (row.kind === "ARRAY") {
      this.#main.note(`${name}: length is ${this.#main.v() === 1 ? "not " : ""}writable`);
      this.#main.note(`${name}: length beyond the dense elements ${this.#main.v()}`);
    }
    for (let i = 0; i < slots; i++) this.#noted(`${name}: slot ${i}`, this.#value());
    shape.keys.forEach((key, i) => this.#noted(`${name}: property ${key}`, this.#value(shape.columns[i]!)));
    if (head > 63) this.#elements(name);
  }

  #plain(name: string, row: format.SnapshotKind): void {
    switch (row.kind) {
      case "ENV": {
        this.#fields(name, row);
        const count = this.#main.v();
        this.#main.note(`${name}: ${count} slots`);
        for (let i = 0; i < count; i++) this.#noted(`${name}: slot ${i}`, this.#value());
        return;
      }
      case "FRAME":
        if (this.#main.v() === 0) this.#main.note(`${name}: empty, for ${this.#main.v()} registers`);
        else {
          this.#main.note(`${name}: suspended`);
          this.#frame(name);
        }
        return;
      case "ELEMENTS":
        this.#elements(name);
        return;
      case "STRING": {
        const text = this.#main.v();
        this.#noted(
          `${name}: length ${text >>> 3}, ${flagsOf(format.TEXT_FLAGS, text & 7)}`,
          this.#characters(text >>> 3, (text & 1) !== 0),
        );
        return;
      }
      case "SLICE": {
        const head = this.#main.v();
        this.#main.note(`${name}: length ${head >>> 1}, hash ${(head & 1) === 1 ? "known" : "not known"}`);
        this.#main.note(`${name}: start ${this.#main.v()}`);
        const inBuffer = this.#main.v() === 1;
        this.#main.note(`${name}: base is a ${inBuffer ? "STRBUF" : "string"}`);
        this.#noted(`${name}: base`, inBuffer ? this.#reference() : this.#value());
        return;
      }
      case "ROPE":
        this.#noted(`${name}: left`, this.#value());
        this.#noted(`${name}: right`, this.#value());
        return;
      case "STRBUF": {
        const head = this.#main.v();
        this.#main.note(`${name}: ${head >>> 2} characters`);
        this.#main.note(`${name}: room for ${this.#main.v()} more`);
        this.#characters(head >>> 2, (head & 1) === 1);
        return;
      }
      case "BIGINT": {
        const head = this.#main.v();
        this.#main.note(`${name}: ${head >>> 1} limbs, ${(head & 1) === 1 ? "negative" : "not negative"}`);
        for (let i = head >>> 1; i > 0; i--) this.#main.note(`${name}: limb ${this.#main.v()}`);
        return;
      }
      case "HASHTABLE":
        this.#table(name, row);
        return;
      case "BYTES":
      case "BLOCK": {
        const length = this.#main.v();
        this.#main.note(`${name}: ${length} bytes`);
        const stored = row.kind === "BYTES" ? length : this.#main.v();
        if (row.kind === "BLOCK") this.#main.note(`${name}: ${stored} bytes without the zeros at the end`);
        this.#texts.take(stored);
        if (stored > 0) this.#texts.note(`bytes of ${name}`);
        return;
      }
      default:
        this.#fields(name, row);
    }
  }

  #table(name: string, row: format.SnapshotKind): void {
    this.#fields(name, row);
    const head = this.#main.v();
    const isOld = (head & 2) !== 0;
    this.#main.note(
      `${name}: ${head >>> 2} entries${isOld ? ", outgrown" : ""}${(head & 1) === 1 ? ", of a set" : ""}`,
    );
    this.#main.note(`${name}: capacity 2^${this.#main.v()}`);
    for (let i = 0; i < head >>> 2; i++) {
      const key = this.#value();
      this.#noted(`${name}: key`, key);
      if (!isOld && (head & 1) === 0 && key !== "hole") this.#noted(`${name}: value`, this.#value());
    }
  }

  #shape(name: string): { keys: string[]; columns: Column[] } {
    const n = this.#main.v();
    if (n > 0) {
      this.#main.note(`${name}: shape ${n - 1}`);
      return this.#shapes[n - 1]!;
    }
    this.#main.note(`${name}: a new shape, number ${this.#shapes.length}`);
    const flags = this.#main.v();
    this.#main.note(`shape ${this.#shapes.length}: ${flagsOf(format.SHAPE_FLAGS, flags)}`);
    this.#noted(`shape ${this.#shapes.length}: prototype`, this.#value());
    const count = this.#main.v();
    this.#main.note(`shape ${this.#shapes.length}: keys ${count}`);
    const keys: string[] = [];
    for (let i = 0; i < count; i++) {
      keys.push(this.#value());
      this.#noted(`shape ${this.#shapes.length}: key`, keys.at(-1)!);
      if ((flags & format.SHAPE_FLAGS.PLAIN_KEYS) === 0)
        this.#main.note(`shape ${this.#shapes.length}: its attributes ${this.#main.v()}`);
    }
    const shape = { keys, columns: keys.map(newColumn) };
    this.#shapes.push(shape);
    return shape;
  }

  #fields(name: string, { fields }: format.SnapshotKind): void {
    if (fields === "") return;
    for (const part of fields.split(" ")) {
      const [field, type] = part.split(":") as [string, keyof typeof format.FIELD_TYPES];
      const what = `${name}: ${field}`;
      switch (type) {
        case "u":
        case "n":
          this.#noted(what, String(this.#main.v()));
          break;
        case "p":
          this.#noted(what, this.#reference());
          break;
        case "c": {
          const program = this.#main.v();
          const index = this.#main.v();
          this.#noted(what, program === 0 ? `code ordinal ${index}` : `function ${index} of program ${program - 1}`);
          break;
        }
        default:
          this.#noted(what, this.#value());
      }
    }
  }

  #elements(name: string): void {
    const head = this.#main.v();
    const mode = head & 7;
    const count = head >>> 3;
    const what = named(format.ELEMENT_MODES, mode);
    this.#main.note(`${name}: ${count} elements, ${what}`);
    if (mode === format.ELEMENT_MODES.SPARSE) {
      for (let i = 0; i < count; i++) {
        this.#main.note(`${name}: index ${this.#main.v()}`);
        this.#main.note(`${name}: its attributes ${this.#main.v()}`);
        this.#noted(`${name}: its value`, this.#value());
      }
      return;
    }
    if (mode === format.ELEMENT_MODES.ROOM) this.#main.note(`${name}: room for ${this.#main.v()} more`);
    const column = newColumn();
    for (let i = 0; i < count; i++) {
      const value = this.#value(i === 0 ? this.#firstElement : column);
      if (i === 0) Object.assign(column, this.#firstElement);
      this.#noted(`${name}: [${i}]`, value);
    }
  }

  /** payload 0: the next number · n: number n - 1 */
  #refer(payload: number): string {
    if (payload > 0) return `cell ${payload - 1}`;
    return `cell ${this.#mentioned++} (new)`;
  }

  #reference(): string {
    const n = this.#main.v();
    return n === 0 ? "no cell" : this.#refer(n - 1);
  }

  #value(column: Column = newColumn()): string {
    const token = this.#main.long();
    const payload = Number(token >> 3n);
    switch (Number(token & 7n)) {
      case 0:
        return payload === format.DEAD ? "dead" : (SPECIALS[payload] ?? `special ${payload}`);
      case 1:
        column.int += Number(zigzag(token >> 3n));
        return String(column.int);
      case 2: {
        const number = payload === 0 ? 0 : column.object + Number(zigzag(BigInt(payload - 1)));
        const text = `object, ${this.#refer(number)}`;
        column.object = number === 0 ? this.#mentioned : number;
        return text;
      }
      case 3:
        return `string, ${this.#refer(payload)}`;
      case 4:
        return `${["symbol", "bigint", "internal"][payload & 3]}, ${this.#refer(payload >>> 2)}`;
      case 5:
        return `base object ${this.#baseIds[payload] ?? payload}`;
      case 6:
        return this.#text(column, payload);
      default:
        return this.#double(column, payload);
    }
  }

  #text(column: Column, payload: number): string {
    if (payload === 1) {
      const index = this.#main.v();
      return `known text ${quote(this.#known[index] ?? "?")}`;
    }
    if (payload > 1) {
      column.text += Number(zigzag(BigInt(payload - 2)));
      return `text ${column.text - 1}, ${quote(this.#found[column.text - 1]?.text ?? "?")}`;
    }
    const head = this.#main.v();
    const wide = (head & 1) !== 0;
    const last = column.text === 0 ? undefined : this.#found[column.text - 1];
    let text = "";
    if (last?.wide !== wide) text = this.#characters(head >>> 3, wide);
    else {
      const start = this.#main.v();
      const end = this.#main.v();
      const middle = this.#characters((head >>> 3) - start - end, wide);
      text = last.text.slice(0, start) + middle + last.text.slice(last.text.length - end);
    }
    this.#found.push({ text, wide });
    column.text = this.#found.length;
    return `new text ${this.#found.length - 1}, ${quote(text)}`;
  }

  #characters(length: number, wide: boolean): string {
    const bytes = this.#texts.take(wide ? 2 * length : length);
    const text = wide
      ? String.fromCharCode(...Array.from({ length }, (_, i) => bytes[2 * i]! | (bytes[2 * i + 1]! << 8)))
      : String.fromCharCode(...bytes);
    if (length > 0) this.#texts.note(`characters of ${quote(text)}`);
    return text;
  }

  #double(column: Column, payload: number): string {
    if (payload === 0) {
      const bytes = this.#numbers.take(8);
      const value = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
      this.#numbers.note(`double ${value}`);
      return `double ${value}`;
    }
    const last = column.digits === payload ? column.decimal : 0n;
    column.digits = payload;
    column.decimal = last + zigzag(this.#main.long());
    return String(Number(column.decimal) / 10 ** (payload - 1));
  }
}

interface Section {
  readonly at: number;
  readonly end: number;
}

function annotateProgram(cursor: Cursor): string {
  cursor.take(4);
  cursor.note('magic "FMPR" of a program');
  cursor.take(1);
  cursor.note("version of the program's form");
  cursor.note(`flags ${cursor.v()}: 1 module, 2 allowEval, 4 TypeScript, 8 from a string, 16 loaded at run time`);
  cursor.note(`filename ${quote(cursor.text())}`);
  const source = cursor.text();
  cursor.note(`source ${quote(source)}`);
  const inputs = cursor.v();
  cursor.note(`inputs: ${inputs}`);
  for (let i = 0; i < inputs; i++) cursor.note(`input ${quote(cursor.text())}`);
  const externals = cursor.v();
  cursor.note(`external functions: ${externals}`);
  for (let i = 0; i < externals; i++) {
    const name = cursor.text();
    cursor.note(`external ${quote(name)}, mode ${cursor.take(1)[0]} (0 async, 1 sync)`);
  }
  return source;
}

function annotatePrograms(cursor: Cursor): (string | undefined)[] {
  const count = cursor.v();
  cursor.note(`programs: ${count}`);
  const sources: (string | undefined)[] = [];
  for (let i = 0; i < count; i++) {
    if (cursor.take(1)[0] === 0) {
      cursor.note("a program that the host has");
      cursor.take(32);
      cursor.note("SHA-256 of the program");
      sources.push(undefined);
      continue;
    }
    cursor.note("an embedded program");
    cursor.note(`bytes of what follows: ${cursor.v()}`);
    sources.push(annotateProgram(cursor));
  }
  cursor.done("programs");
  return sources;
}

function annotateImages(cursor: Cursor, sources: readonly (string | undefined)[]): Uint8Array[] {
  const images: Uint8Array[] = [];
  for (const source of sources) {
    if (source === undefined) continue;
    const head = cursor.v();
    const isPacked = (head & 1) === 1;
    cursor.note(`image of ${head >>> 1} bytes, ${isPacked ? "packed" : "as it is"}`);
    const length = isPacked ? cursor.v() : head >>> 1;
    if (isPacked) cursor.note(`bytes of the packed image: ${length}`);
    const bytes = cursor.take(length);
    cursor.note("the image: its disassembly is below");
    const image = isPacked ? unpackImage(bytes, source, head >>> 1) : bytes.slice();
    if (image === null) throw new Error("the image does not unpack");
    images.push(image);
  }
  cursor.done("images");
  return images;
}

function annotatePrelude(cursor: Cursor): void {
  const images = cursor.v();
  cursor.note(`images of prelude functions: ${images}`);
  for (let i = 0; i < images; i++) {
    cursor.note(`image ${i}: file ${cursor.v() - 1} of the prelude`);
    const count = cursor.v();
    cursor.note(`image ${i}: functions ${count}`);
    for (let j = 0; j < count; j++) cursor.note(`image ${i}: function ${cursor.v()} of the file`);
    const length = cursor.v();
    cursor.note(`image ${i}: bytes ${length}`);
    cursor.take(length);
    cursor.note(`image ${i}`);
  }
  const codes = cursor.v();
  cursor.note(`code ordinals: ${codes}`);
  for (let i = 0; i < codes; i++) {
    const image = cursor.v();
    cursor.note(`code ordinal ${i}: function ${cursor.v()} of image ${image}`);
  }
  cursor.done("prelude");
}

const isTemplate = ({ template }: Constant): boolean => template !== null;

/**
 * Reads a snapshot that is neither sealed nor deflated.
 *
 * @param baseIds names of base objects by stable id (ts/defs/base-ids.json)
 * @throws Error where the bytes do not fit the description
 */
export function annotateSnapshot(bytes: Uint8Array, baseIds: readonly string[]): Annotated {
  const lines: Line[] = [];
  const cursor = new Cursor(bytes, 0, bytes.length, lines);
  cursor.take(3);
  cursor.note('magic "FMS"');
  cursor.note(`version ${cursor.take(1)[0]}`);
  cursor.take(4);
  cursor.note("CRC-32 of all that follows");
  const idLength = cursor.v();
  cursor.note(`bytes of the build id: ${idLength}`);
  cursor.note(`build id ${quote(String.fromCharCode(...cursor.take(idLength)))}`);
  const count = cursor.v();
  cursor.note(`sections: ${count}`);
  const sections = new Map<string, Section>();
  const bodies: { readonly name: string; readonly lines: Line[] }[] = [];
  const parts = new Map<string, Line[]>();
  for (let i = 0; i < count; i++) {
    const head = cursor.v();
    const name = named(format.SECTIONS, head >>> 1);
    if ((head & 1) === 1) throw new Error(`section ${name} is deflated`);
    cursor.note(`section ${head >>> 1}, ${name}, not deflated`);
    const length = cursor.v();
    cursor.note(`its bytes: ${length}`);
    const own: Line[] = [];
    sections.set(name, { at: cursor.at, end: cursor.at + length });
    parts.set(name, own);
    bodies.push({ name, lines: own });
    lines.push({ at: -1, bytes: new Uint8Array(0), text: name });
    cursor.take(length);
    // The section's own lines take the place of this one.
    cursor.note(name);
    lines.pop();
  }
  cursor.done("container");
  const of = (name: string): Cursor => {
    const { at, end } = sections.get(name) ?? { at: 0, end: 0 };
    return new Cursor(bytes, at, end, parts.get(name) ?? []);
  };
  const images = annotateImages(of("images"), annotatePrograms(of("programs")));
  if (sections.has("prelude")) annotatePrelude(of("prelude"));
  const counts = of("counts");
  for (const name of format.COUNTS) counts.note(`count ${name} = ${counts.v()}`);
  counts.done("counts");
  const programs = images.map((image) => decodeImage(image));
  const templates = programs.reduce(
    (sum, { functions }) => sum + functions.reduce((n, { constants }) => n + constants.filter(isTemplate).length, 0),
    0,
  );
  const known = [...programs.flatMap(({ strings }) => strings), ...ATOMS];
  new Graph(of("graph"), of("texts"), of("numbers"), known, templates, baseIds).read(templates);
  if (sections.has("run")) {
    const run = of("run");
    const json = new TextDecoder().decode(run.take(run.end - run.at));
    if (json !== "") run.note(`the host's part of the run, JSON: ${json}`);
    run.done("run");
  }
  const whole = lines.flatMap((line) => (line.at === -1 ? (parts.get(line.text) ?? []) : [line]));
  return { lines: whole, images };
}
