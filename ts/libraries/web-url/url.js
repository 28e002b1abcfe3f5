// Owns URL and URLSearchParams over the parser of whatwg-url. Must never parse by itself.
// https://url.spec.whatwg.org/#api

import * as machine from "whatwg-url/lib/url-state-machine.js";
import { parseUrlencodedString, serializeUrlencoded } from "whatwg-url/lib/urlencoded.js";
import { isObject, iterable, need, pairs, record, usv } from "../shared/idl.js";

/** Node's error, by whose `code` programs recognise it. */
function invalidUrl(input, base) {
  const error = new TypeError("Invalid URL");
  error.code = "ERR_INVALID_URL";
  error.input = input;
  if (base !== undefined) error.base = base;
  return error;
}

/** The record of a URL, or null. */
function parse(input, base) {
  let baseURL = null;
  if (base !== undefined) {
    baseURL = machine.basicURLParse(base);
    if (baseURL === null) return null;
  }
  return machine.basicURLParse(input, { baseURL });
}

const optional = (value) => (value === undefined ? undefined : usv(value));

/** What `URL` needs of a URLSearchParams. */
let attach;
let reset;
let listOf;

export class URLSearchParams {
  #list = [];
  /** The function that takes the new query to the URL, if there is one. */
  #update = null;

  constructor(init = "") {
    const what = "Failed to construct 'URLSearchParams'";
    if (isObject(init)) {
      const method = init[Symbol.iterator];
      if (method != null && typeof method !== "function")
        throw new TypeError(`${what}: The provided value cannot be converted to a sequence.`);
      this.#list = method == null ? record(init, usv, usv) : pairs(init, method, usv, usv, what);
    } else {
      const text = usv(init);
      this.#list = parseUrlencodedString(text.startsWith("?") ? text.slice(1) : text);
    }
  }

  static {
    attach = (params, update) => void (params.#update = update);
    reset = (params, query) => void (params.#list = query === null ? [] : parseUrlencodedString(query));
    listOf = (params) => params.#list;
  }

  #changed() {
    if (this.#update === null) return;
    const query = serializeUrlencoded(this.#list);
    this.#update(query === "" ? null : query);
  }

  get size() {
    return this.#list.length;
  }

  append(name, value) {
    const list = this.#list;
    need(2, arguments.length, "'append' on 'URLSearchParams'");
    list.push([usv(name), usv(value)]);
    this.#changed();
  }

  delete(name, value = undefined) {
    const isOther = this.#other("delete", arguments.length, name, value);
    this.#list = this.#list.filter(isOther);
    this.#changed();
  }

  get(name) {
    const isOther = this.#other("get", arguments.length, name);
    const found = this.#list.find((pair) => !isOther(pair));
    return found === undefined ? null : found[1];
  }

  getAll(name) {
    const isOther = this.#other("getAll", arguments.length, name);
    return this.#list.filter((pair) => !isOther(pair)).map((pair) => pair[1]);
  }

  has(name, value = undefined) {
    const isOther = this.#other("has", arguments.length, name, value);
    return !this.#list.every(isOther);
  }

  set(name, value) {
    const list = this.#list;
    need(2, arguments.length, "'set' on 'URLSearchParams'");
    const pair = [usv(name), usv(value)];
    const first = list.findIndex((one) => one[0] === pair[0]);
    if (first < 0) list.push(pair);
    else this.#list = list.flatMap((one, at) => (at === first ? [pair] : one[0] === pair[0] ? [] : [one]));
    this.#changed();
  }

  sort() {
    this.#list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed();
  }

  toString() {
    return serializeUrlencoded(this.#list);
  }

  /** A test of pairs: whether it is another than the one with that name, and value if there is one. */
  #other(method, given, name, value) {
    need(1, given, `'${method}' on 'URLSearchParams'`);
    const key = usv(name);
    const text = optional(value);
    return (pair) => pair[0] !== key || (text !== undefined && pair[1] !== text);
  }
}
iterable(URLSearchParams, "URLSearchParams", (params) => listOf(params));

export class URL {
  #url;
  #params = null;

  constructor(url, base = undefined) {
    need(1, arguments.length, "Failed to construct 'URL'");
    const input = usv(url);
    const baseText = optional(base);
    const parsed = parse(input, baseText);
    if (parsed === null) throw invalidUrl(input, baseText);
    this.#url = parsed;
  }

  static parse(url, base = undefined) {
    need(1, arguments.length, "'parse' on 'URL'");
    const parsed = parse(usv(url), optional(base));
    if (parsed === null) return null;
    const made = new URL("a:");
    made.#url = parsed;
    return made;
  }

  static canParse(url, base = undefined) {
    need(1, arguments.length, "'canParse' on 'URL'");
    return parse(usv(url), optional(base)) !== null;
  }

  /** Runs the parser on a part, from its state. */
  #set(input, stateOverride) {
    machine.basicURLParse(input, { url: this.#url, stateOverride });
  }

  get href() {
    return machine.serializeURL(this.#url);
  }

  set href(value) {
    const input = usv(value);
    const parsed = parse(input);
    if (parsed === null) throw invalidUrl(input);
    this.#url = parsed;
    if (this.#params !== null) reset(this.#params, parsed.query);
  }

  get origin() {
    return machine.serializeURLOrigin(this.#url);
  }

  get protocol() {
    return `${this.#url.scheme}:`;
  }

  set protocol(value) {
    this.#set(`${usv(value)}:`, "scheme start");
  }

  get username() {
    return this.#url.username;
  }

  set username(value) {
    const text = usv(value);
    if (!machine.cannotHaveAUsernamePasswordPort(this.#url)) machine.setTheUsername(this.#url, text);
  }

  get password() {
    return this.#url.password;
  }

  set password(value) {
    const text = usv(value);
    if (!machine.cannotHaveAUsernamePasswordPort(this.#url)) machine.setThePassword(this.#url, text);
  }

  get host() {
    const { host, port } = this.#url;
    if (host === null) return "";
    return port === null ? machine.serializeHost(host) : `${machine.serializeHost(host)}:${port}`;
  }

  set host(value) {
    const text = usv(value);
    if (!machine.hasAnOpaquePath(this.#url)) this.#set(text, "host");
  }

  get hostname() {
    const { host } = this.#url;
    return host === null ? "" : machine.serializeHost(host);
  }

  set hostname(value) {
    const text = usv(value);
    if (!machine.hasAnOpaquePath(this.#url)) this.#set(text, "hostname");
  }

  get port() {
    const { port } = this.#url;
    return port === null ? "" : `${port}`;
  }

  set port(value) {
    const text = usv(value);
    if (machine.cannotHaveAUsernamePasswordPort(this.#url)) return;
    if (text === "") this.#url.port = null;
    else this.#set(text, "port");
  }

  get pathname() {
    return machine.serializePath(this.#url);
  }

  set pathname(value) {
    const text = usv(value);
    if (machine.hasAnOpaquePath(this.#url)) return;
    this.#url.path = [];
    this.#set(text, "path start");
  }

  get search() {
    const { query } = this.#url;
    return query === null || query === "" ? "" : `?${query}`;
  }

  set search(value) {
    const text = usv(value);
    const url = this.#url;
    if (text === "") url.query = null;
    else {
      url.query = "";
      this.#set(text.startsWith("?") ? text.slice(1) : text, "query");
    }
    if (this.#params !== null) reset(this.#params, url.query);
  }

  get searchParams() {
    const { query } = this.#url;
    if (this.#params === null) {
      this.#params = new URLSearchParams();
      reset(this.#params, query);
      attach(this.#params, (text) => void (this.#url.query = text));
    }
    return this.#params;
  }

  get hash() {
    const { fragment } = this.#url;
    return fragment === null || fragment === "" ? "" : `#${fragment}`;
  }

  set hash(value) {
    const text = usv(value);
    const url = this.#url;
    if (text === "") url.fragment = null;
    else {
      url.fragment = "";
      this.#set(text.startsWith("#") ? text.slice(1) : text, "fragment");
    }
  }

  toString() {
    return machine.serializeURL(this.#url);
  }

  toJSON() {
    return machine.serializeURL(this.#url);
  }
}
