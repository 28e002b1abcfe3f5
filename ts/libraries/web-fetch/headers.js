// Owns Headers: a list of names in lower case with their values. Must never accept what would break a message apart.
// https://fetch.spec.whatwg.org/#headers-class

import { byteString, isObject, iterable, need, pairs, record } from "../shared/idl.js";

const TOKEN = /^[!#$%&'*+\-.^`|~\w]+$/;

/** https://fetch.spec.whatwg.org/#concept-header-value-normalize */
const normalized = (value) => value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");

function nameOf(value, method) {
  const name = byteString(value);
  if (!TOKEN.test(name)) throw new TypeError(`${method}: ${name} is an invalid header name.`);
  return name.toLowerCase();
}

function valueOf(value, method) {
  const text = normalized(byteString(value));
  if (/[\0\r\n]/.test(text)) throw new TypeError(`${method}: ${text} is an invalid header value.`);
  return text;
}

let sortedOf;
export let makeHeaders;
export let listOf;

export class Headers {
  #list = [];
  #isImmutable = false;
  /** What iteration sees, until something changes. */
  #sorted = null;

  constructor(init = undefined) {
    if (init === undefined) return;
    const what = "Failed to construct 'Headers'";
    if (!isObject(init))
      throw new TypeError(
        `${what}: The provided value is not of type '(record<ByteString, ByteString> or sequence<sequence<ByteString>>)'.`,
      );
    this.#fill(init, what);
  }

  static {
    listOf = (headers) => headers.#list;
    sortedOf = (headers) => (headers.#sorted ??= headers.#sort());
    makeHeaders = (init, isImmutable = false) => {
      const headers = new Headers();
      if (Array.isArray(init)) for (const [name, value] of init) headers.append(name, value);
      else if (init !== undefined) headers.#fill(init, "Failed to read headers");
      headers.#isImmutable = isImmutable;
      return headers;
    };
  }

  #fill(init, what) {
    const method = init[Symbol.iterator];
    if (method != null && typeof method !== "function")
      throw new TypeError(`${what}: The provided value cannot be converted to a sequence.`);
    // Both conversions come before the first header is looked at.
    const list =
      method == null ? record(init, byteString, byteString) : pairs(init, method, byteString, byteString, what);
    for (const [name, value] of list)
      this.#list.push([nameOf(name, "Headers.append"), valueOf(value, "Headers.append")]);
    this.#sorted = null;
  }

  #change(method) {
    if (this.#isImmutable) throw new TypeError(`${method}: immutable`);
    this.#sorted = null;
  }

  /** https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine */
  #sort() {
    const names = [...new Set(this.#list.map(([name]) => name))].sort();
    return names.flatMap((name) =>
      name === "set-cookie" ? this.getSetCookie().map((value) => [name, value]) : [[name, this.#combined(name)]],
    );
  }

  #combined(name) {
    const values = [];
    for (const [other, value] of this.#list) if (other === name) values.push(value);
    return values.length === 0 ? null : values.join(", ");
  }

  #need(count, given, method) {
    need(count, given, `'${method}' on 'Headers'`);
  }

  append(name, value) {
    this.#need(2, arguments.length, "append");
    const pair = [nameOf(name, "Headers.append"), valueOf(value, "Headers.append")];
    this.#change("Headers.append");
    this.#list.push(pair);
  }

  delete(name) {
    this.#need(1, arguments.length, "delete");
    const key = nameOf(name, "Headers.delete");
    this.#change("Headers.delete");
    this.#list = this.#list.filter(([other]) => other !== key);
  }

  get(name) {
    this.#need(1, arguments.length, "get");
    return this.#combined(nameOf(name, "Headers.get"));
  }

  getSetCookie() {
    return this.#list.filter(([name]) => name === "set-cookie").map(([, value]) => value);
  }

  has(name) {
    this.#need(1, arguments.length, "has");
    const key = nameOf(name, "Headers.has");
    return this.#list.some(([other]) => other === key);
  }

  set(name, value) {
    this.#need(2, arguments.length, "set");
    const pair = [nameOf(name, "Headers.set"), valueOf(value, "Headers.set")];
    this.#change("Headers.set");
    const first = this.#list.findIndex(([other]) => other === pair[0]);
    if (first < 0) this.#list.push(pair);
    else this.#list = this.#list.flatMap((one, at) => (at === first ? [pair] : one[0] === pair[0] ? [] : [one]));
  }
}
iterable(Headers, "Headers", (headers) => sortedOf(headers));
