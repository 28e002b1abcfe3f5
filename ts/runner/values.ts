// Owns how values of the guest's kinds (undefined, -0, NaN, bigint, Date, Map, Set, errors, bytes, cycles) are written into a record,
// which is JSON. Must never run code of a value's class, and never recurse: a value may be nested deeply.

import { base64Of, bytesOfBase64 } from "../bytes/base64.ts";
import { MarshalError, RunError } from "../errors.ts";

/**
 * A value in JSON: strings, booleans, null and ordinary numbers are as in JSON; an array is `[tag, …]`. Everything with an
 * identity is a node, and is referred to by its number.
 */
type Written = string | number | boolean | null | readonly [tag: string, ...rest: unknown[]];

const TYPED = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
} as const;
type TypedName = keyof typeof TYPED;

/** True for an object of no class. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

class Encoder {
  readonly #numbers = new Map<object, number>();
  readonly #queue: { readonly value: object; readonly path: string }[] = [];
  readonly #nodes: unknown[] = [];

  encode(value: unknown, path: string): string {
    const root = this.#write(value, path);
    for (let at = 0; at < this.#queue.length; at++) {
      const { value: next, path: where } = this.#queue[at]!;
      this.#nodes[at] = this.#node(next, where);
    }
    return JSON.stringify([root, ...this.#nodes]);
  }

  #write(value: unknown, path: string): Written {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : ["n", Object.is(value, -0) ? "-0" : String(value)];
      case "undefined":
        return ["u"];
      case "bigint":
        return ["i", String(value)];
      case "object":
        return value === null ? null : ["r", this.#number(value, path)];
      default:
        throw new MarshalError(path, `a ${typeof value} cannot be kept in a run`);
    }
  }

  #number(value: object, path: string): number {
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.#queue.length;
      this.#numbers.set(value, number);
      this.#queue.push({ value, path });
    }
    return number;
  }

  #node(value: object, path: string): unknown[] {
    if (Array.isArray(value)) return this.#array(value, path);
    if (value instanceof Date) return ["d", this.#write(value.getTime(), path)];
    if (value instanceof RegExp) return ["x", value.source, value.flags];
    if (value instanceof Map) {
      const entries = [...(value as Map<unknown, unknown>)];
      return [
        "m",
        ...entries.map(([key, item], i) => [
          this.#write(key, `${path}.key(${i})`),
          this.#write(item, `${path}.value(${i})`),
        ]),
      ];
    }
    if (value instanceof Set)
      return ["s", ...[...(value as Set<unknown>)].map((item, i) => this.#write(item, `${path}.item(${i})`))];
    if (value instanceof Error) return this.#error(value, path);
    if (value instanceof ArrayBuffer) return ["b", base64Of(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) {
      const name = (Object.keys(TYPED) as TypedName[]).find((one) => value instanceof TYPED[one]);
      if (name === undefined || !(value.buffer instanceof ArrayBuffer))
        throw new MarshalError(path, "bytes of this kind cannot be kept in a run");
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      return ["t", name, base64Of(bytes)];
    }
    if (!isPlain(value)) throw new MarshalError(path, "an object of a class cannot be kept in a run: give plain data");
    const entries = Object.entries(value).map(([key, item]) => [key, this.#write(item, `${path}.${key}`)]);
    return [Object.getPrototypeOf(value) === null ? "z" : "o", ...entries];
  }

  #array(value: readonly unknown[], path: string): unknown[] {
    const items = Object.keys(value).filter((key) => String(Number(key)) === key);
    if (items.length === value.length) return ["a", ...value.map((item, i) => this.#write(item, `${path}[${i}]`))];
    return [
      "h",
      value.length,
      ...items.map((key) => [Number(key), this.#write(value[Number(key)], `${path}[${key}]`)]),
    ];
  }

  #error(value: Error, path: string): unknown[] {
    const { guestName, guestMessage } = value as { guestName?: unknown; guestMessage?: unknown };
    const name = typeof guestName === "string" ? guestName : value.name;
    const message = typeof guestMessage === "string" ? guestMessage : value.message;
    const written = ["e", name, message];
    return "cause" in value && value.cause !== undefined
      ? [...written, this.#write(value.cause, `${path}.cause`)]
      : written;
  }
}

/**
 * Writes a value as text for {@link decodeValue}.
 *
 * @throws MarshalError with the path to what cannot be kept: a function, symbol, promise, or an object of a class
 */
export function encodeValue(value: unknown, path = "value"): string {
  return new Encoder().encode(value, path);
}

function shell(node: readonly unknown[]): object {
  const [tag, first, second] = node as readonly [string, never, never];
  switch (tag) {
    case "a":
    case "h":
      return [];
    case "d":
      return new Date(Number(read(first, [])));
    case "x":
      return new RegExp(first, second);
    case "m":
      return new Map();
    case "s":
      return new Set();
    case "e": {
      const error = new Error(second);
      if (first !== "Error") Object.defineProperty(error, "name", { value: first, configurable: true, writable: true });
      return error;
    }
    case "b":
      return bytesOfBase64(first).buffer;
    case "t":
      if (!Object.hasOwn(TYPED, first)) throw new TypeError(`unknown bytes ${JSON.stringify(first)}`);
      return new (TYPED[first as TypedName] as new (buffer: ArrayBuffer) => object)(bytesOfBase64(second).buffer);
    case "z":
      return Object.create(null) as object;
    case "o":
      return {};
    default:
      throw new TypeError(`unknown node ${JSON.stringify(tag)}`);
  }
}

function read(written: Written, made: readonly object[]): unknown {
  if (!Array.isArray(written)) return written;
  const [tag, text] = written as unknown as readonly [string, string];
  if (tag === "u") return undefined;
  if (tag === "n") return Number(text);
  if (tag === "i") return BigInt(text);
  const node = tag === "r" ? made[Number(text)] : undefined;
  if (node === undefined) throw new TypeError(`${JSON.stringify(written).slice(0, 40)} is no value`);
  return node;
}

function fill(target: object, node: readonly unknown[], made: readonly object[]): void {
  const [tag, ...rest] = node as readonly [string, ...Written[]];
  const entries = rest as unknown as readonly (readonly [string, Written])[];
  if (tag === "a") for (const item of rest) (target as unknown[]).push(read(item, made));
  else if (tag === "h") {
    (target as unknown[]).length = Number(rest[0]);
    for (const [index, item] of entries.slice(1)) (target as unknown[])[Number(index)] = read(item, made);
  } else if (tag === "m") {
    for (const [key, item] of entries) (target as Map<unknown, unknown>).set(read(key, made), read(item, made));
  } else if (tag === "s") for (const item of rest) (target as Set<unknown>).add(read(item, made));
  else if (tag === "e" && rest.length > 2) {
    Object.defineProperty(target, "cause", { value: read(rest[2]!, made), configurable: true, writable: true });
  } else if (tag === "o" || tag === "z") {
    // Defined, not assigned: a key may be `__proto__`.
    for (const [key, item] of entries) {
      Object.defineProperty(target, key, {
        value: read(item, made),
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }
  }
}

/**
 * Reads what {@link encodeValue} wrote.
 *
 * @throws RunError with the reason `damaged` for any other text
 */
export function decodeValue(text: string): unknown {
  try {
    const [root, ...nodes] = JSON.parse(text) as [Written, ...(readonly unknown[])[]];
    const made = nodes.map(shell);
    nodes.forEach((node, i) => fill(made[i]!, node, made));
    return read(root, made);
  } catch (error) {
    throw new RunError("damaged", `a kept value cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
