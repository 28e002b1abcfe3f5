// Owns the form in which values of guests are shown as JSON. The values may be hostile: an array may hold one object a thousand times, which
// holds another a thousand times, or have a length of billions. Must never make more than it was given room for, and never recurse deeply.

/** Deepest nesting that is shown. */
const MAX_DEPTH = 200;
/** In the place of what there is no room for. */
const CUT = "…";

/** What a value may become. */
export interface JsonRoom {
  /** Values, nested ones counted. */
  readonly values: number;
  /** Characters of texts and keys. */
  readonly text: number;
  /** Big integers are written with an `n`, and numbers that JSON does not have as texts. Default false. */
  readonly marks?: boolean | undefined;
}

class PlainValues {
  readonly #marks: boolean;
  #values: number;
  #text: number;
  readonly #around = new Set<object>();

  constructor({ values, text, marks = false }: JsonRoom) {
    this.#values = values;
    this.#text = text;
    this.#marks = marks;
  }

  of(value: unknown): unknown {
    if (--this.#values < 0) return CUT;
    switch (typeof value) {
      case "string":
        return this.#cut(value);
      case "bigint":
        return this.#cut(this.#marks ? `${value}n` : String(value));
      case "number":
        return this.#marks && !Number.isFinite(value) ? String(value) : value;
      case "object":
        return value === null ? null : this.#object(value);
      default:
        return value;
    }
  }

  #cut(text: string): string {
    const shown = text.length <= this.#text ? text : text.slice(0, Math.max(0, this.#text)) + CUT;
    this.#text -= text.length;
    return shown;
  }

  #object(value: object): unknown {
    if (value instanceof Date) return value.toJSON();
    if (this.#around.has(value)) return "[circular]";
    if (this.#around.size >= MAX_DEPTH) return CUT;
    this.#around.add(value);
    const plain = this.#parts(value);
    this.#around.delete(value);
    return plain;
  }

  #parts(value: object): unknown {
    if (ArrayBuffer.isView(value)) return this.#bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    if (Array.isArray(value)) return this.#list(value.length, (i) => this.of(value[i]));
    if (value instanceof Set) return this.#each(value, (item) => this.of(item));
    if (value instanceof Map) return this.#each(value, ([key, item]) => [this.of(key), this.of(item)]);
    if (value instanceof Error) return { name: this.#cut(value.name), message: this.#cut(value.message) };
    return this.#record(value);
  }

  #bytes(bytes: Uint8Array): unknown {
    this.#values -= bytes.length;
    return this.#values < 0 ? CUT : [...bytes];
  }

  #list(length: number, at: (i: number) => unknown): unknown[] {
    const list: unknown[] = [];
    for (let i = 0; i < length; i++) {
      if (this.#values <= 0) {
        list.push(CUT);
        break;
      }
      list.push(at(i));
    }
    return list;
  }

  #each<T>(items: Iterable<T>, of: (item: T) => unknown): unknown[] {
    const list: unknown[] = [];
    for (const item of items) {
      list.push(this.#values > 0 ? of(item) : CUT);
      if (this.#values <= 0) break;
    }
    return list;
  }

  #record(value: object): unknown {
    const entries: [string, unknown][] = [];
    for (const key of Object.keys(value)) {
      if (this.#values <= 0 || key.length > this.#text) {
        entries.push([CUT, CUT]);
        break;
      }
      this.#text -= key.length;
      entries.push([key, this.of((value as Record<string, unknown>)[key])]);
    }
    return Object.fromEntries(entries);
  }
}

/** Returns plain data that JSON can write: cycles, nesting and what there is no room for become texts. */
export function plainJson(value: unknown, room: JsonRoom): unknown {
  return new PlainValues(room).of(value);
}
