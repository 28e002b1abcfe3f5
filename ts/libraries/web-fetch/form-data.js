// Owns FormData: a list of names with texts or files.
// https://xhr.spec.whatwg.org/#interface-formdata

import { isObject, iterable, need, usv } from "../shared/idl.js";
import { File, fileOf, isBlob } from "./blob.js";

/** https://xhr.spec.whatwg.org/#create-an-entry; `given` arguments, of which the third is a file's name. */
function entry(method, given, name, value, filename) {
  need(2, given, `'${method}' on 'FormData'`);
  const key = usv(name);
  if (isObject(value) && isBlob(value)) {
    const isFile = value instanceof File;
    if (given < 3 || filename === undefined) return [key, isFile ? value : fileOf(value, "blob")];
    return [key, fileOf(value, usv(filename), isFile ? value.lastModified : undefined)];
  }
  if (given > 2) throw new TypeError(`Failed to execute '${method}' on 'FormData': parameter 2 is not of type 'Blob'.`);
  return [key, usv(value)];
}

export let entriesOf;

export class FormData {
  #list = [];

  constructor(form = undefined) {
    if (form !== undefined)
      throw new TypeError("Failed to construct 'FormData': parameter 1 is not of type 'HTMLFormElement'.");
  }

  static {
    entriesOf = (data) => data.#list;
  }

  append(name, value, filename = undefined) {
    this.#list.push(entry("append", arguments.length, name, value, filename));
  }

  set(name, value, filename = undefined) {
    const pair = entry("set", arguments.length, name, value, filename);
    const first = this.#list.findIndex(([other]) => other === pair[0]);
    if (first < 0) this.#list.push(pair);
    else this.#list = this.#list.flatMap((one, at) => (at === first ? [pair] : one[0] === pair[0] ? [] : [one]));
  }

  #named(method, given, name) {
    need(1, given, `'${method}' on 'FormData'`);
    const key = usv(name);
    return this.#list.filter(([other]) => other === key);
  }

  delete(name) {
    const found = this.#named("delete", arguments.length, name);
    this.#list = this.#list.filter((pair) => !found.includes(pair));
  }

  get(name) {
    const [first] = this.#named("get", arguments.length, name);
    return first === undefined ? null : first[1];
  }

  getAll(name) {
    return this.#named("getAll", arguments.length, name).map(([, value]) => value);
  }

  has(name) {
    return this.#named("has", arguments.length, name).length > 0;
  }
}
iterable(FormData, "FormData", (data) => entriesOf(data));
for (const [method, count] of [
  ["append", 2],
  ["set", 2],
])
  Object.defineProperty(FormData.prototype[method], "length", { value: count, configurable: true });
