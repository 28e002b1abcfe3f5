// Owns Request.
// https://fetch.spec.whatwg.org/#request-class

import { baseUrl, byteString, dictionary, isObject, need, usv } from "../shared/idl.js";
import { addBody, Body, extractBody } from "./body.js";
import { makeHeaders } from "./headers.js";

const { AbortController, AbortSignal, TransformStream, URL } = globalThis;

const TOKEN = /^[!#$%&'*+\-.^`|~\w]+$/;

/** Members that are kept as they are given: what they may be, and what they are without. */
const CHOICES = {
  mode: [["cors", "navigate", "no-cors", "same-origin"], "cors", "RequestMode"],
  credentials: [["omit", "same-origin", "include"], "same-origin", "RequestCredentials"],
  cache: [["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"], "default", "RequestCache"],
  redirect: [["follow", "error", "manual"], "follow", "RequestRedirect"],
  referrerPolicy: [
    [
      "",
      "no-referrer",
      "no-referrer-when-downgrade",
      "same-origin",
      "origin",
      "strict-origin",
      "origin-when-cross-origin",
      "strict-origin-when-cross-origin",
      "unsafe-url",
    ],
    "",
    "ReferrerPolicy",
  ],
};

/** https://fetch.spec.whatwg.org/#concept-method-normalize */
function methodOf(value) {
  const method = byteString(value);
  if (!TOKEN.test(method)) throw new TypeError(`'${method}' is not a valid HTTP method.`);
  const upper = method.toUpperCase();
  if (["CONNECT", "TRACE", "TRACK"].includes(upper)) throw new TypeError(`'${method}' HTTP method is unsupported.`);
  return ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"].includes(upper) ? upper : method;
}

function urlOf(input) {
  const text = usv(input);
  const url = URL.parse(text, baseUrl());
  if (url === null) throw new TypeError(`Failed to parse URL from ${text}`);
  if (url.username !== "" || url.password !== "")
    throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${text}`);
  return url.href;
}

function choices(init, base) {
  const chosen = {};
  for (const [name, [allowed, otherwise, type]] of Object.entries(CHOICES)) {
    const value = init[name];
    chosen[name] = value === undefined ? (base?.[name] ?? otherwise) : `${value}`;
    if (!allowed.includes(chosen[name]))
      throw new TypeError(
        `Failed to construct 'Request': The provided value '${chosen[name]}' is not a valid enum value of type ${type}.`,
      );
  }
  if (!["high", "low", "auto"].includes(`${init.priority ?? "auto"}`))
    throw new TypeError(
      `Failed to construct 'Request': The provided value '${init.priority}' is not a valid enum value of type RequestPriority.`,
    );
  if (init.mode !== undefined && chosen.mode === "navigate")
    throw new TypeError(
      "Failed to construct 'Request': Cannot construct a Request with a RequestInit whose mode member is set as 'navigate'.",
    );
  if (chosen.cache === "only-if-cached" && chosen.mode !== "same-origin")
    throw new TypeError("'only-if-cached' can be set only with 'same-origin' mode");
  return chosen;
}

function referrerOf(value) {
  if (value === undefined) return "about:client";
  const text = usv(value);
  if (text === "") return "";
  const url = URL.parse(text, baseUrl());
  if (url === null) throw new TypeError(`Referrer "${text}" is not a valid URL.`);
  return "about:client";
}

function signalOf(init, base) {
  const { signal } = init;
  if (signal === undefined) return base?.followed ?? null;
  if (signal === null) return null;
  if (!(signal instanceof AbortSignal))
    throw new TypeError("Failed to construct 'Request': member signal is not of type AbortSignal.");
  return signal;
}

/** The body of a request: the one given, or the one of the request it is made from, which is then used. */
function bodyOf(init, base, state) {
  if (init.body != null) {
    if (state.method === "GET" || state.method === "HEAD")
      throw new TypeError("Request with GET/HEAD method cannot have body.");
    const { body, type } = extractBody(init.body);
    if (body.bytes === null && init.duplex !== "half")
      throw new TypeError("RequestInit: duplex option is required when sending a body.");
    if (type !== null && !state.headers.has("content-type")) state.headers.set("content-type", type);
    return body;
  }
  if (init.body === null || base === null || base.body === null) return null;
  if (state.method === "GET" || state.method === "HEAD")
    throw new TypeError("Request with GET/HEAD method cannot have body.");
  if (base.body.isUnusable())
    throw new TypeError("Cannot construct a Request with a Request object that has already been used.");
  const taken = new Body(base.body.bytes, base.body.stream);
  if (base.body.stream === null) base.body.isUsed = true;
  else taken.stream = base.body.stream.pipeThrough(new TransformStream());
  return taken;
}

export let stateOf;

export class Request {
  #state;

  constructor(input, init = undefined) {
    need(1, arguments.length, "Failed to construct 'Request'");
    const options = dictionary(init, "Failed to construct 'Request'");
    const base = isObject(input) && #state in input ? input.#state : null;
    const url = base === null ? urlOf(input) : base.url;
    if (options.window !== undefined && options.window !== null)
      throw new TypeError(`'window' option '${options.window}' must be null`);
    if (options.duplex !== undefined && options.duplex !== "half")
      throw new TypeError(
        `Failed to construct 'Request': The provided value '${options.duplex}' is not a valid enum value of type RequestDuplex.`,
      );
    const state = {
      url,
      method: options.method === undefined ? (base?.method ?? "GET") : methodOf(options.method),
      ...choices(options, base),
      referrer: options.referrer === undefined ? (base?.referrer ?? "about:client") : referrerOf(options.referrer),
      integrity: options.integrity === undefined ? (base?.integrity ?? "") : `${options.integrity}`,
      keepalive: options.keepalive === undefined ? (base?.keepalive ?? false) : Boolean(options.keepalive),
      followed: signalOf(options, base),
      signal: null,
    };
    if (state.mode === "no-cors" && !["GET", "HEAD", "POST"].includes(state.method))
      throw new TypeError(`'${state.method} is unsupported in no-cors mode.`);
    state.headers =
      options.headers === undefined && base !== null ? makeHeaders([...base.headers]) : makeHeaders(options.headers);
    state.body = bodyOf(options, base, state);
    this.#state = state;
  }

  static {
    stateOf = (request) => request.#state;
  }

  get method() {
    return this.#state.method;
  }

  get url() {
    return this.#state.url;
  }

  get headers() {
    return this.#state.headers;
  }

  get destination() {
    return (this.#state, "");
  }

  get referrer() {
    return this.#state.referrer;
  }

  get referrerPolicy() {
    return this.#state.referrerPolicy;
  }

  get mode() {
    return this.#state.mode;
  }

  get credentials() {
    return this.#state.credentials;
  }

  get cache() {
    return this.#state.cache;
  }

  get redirect() {
    return this.#state.redirect;
  }

  get integrity() {
    return this.#state.integrity;
  }

  get keepalive() {
    return this.#state.keepalive;
  }

  get isReloadNavigation() {
    return (this.#state, false);
  }

  get isHistoryNavigation() {
    return (this.#state, false);
  }

  /** Made when it is asked for: most programs never look. */
  get signal() {
    const state = this.#state;
    state.signal ??= state.followed === null ? new AbortController().signal : AbortSignal.any([state.followed]);
    return state.signal;
  }

  get duplex() {
    return (this.#state, "half");
  }

  clone() {
    const state = this.#state;
    if (state.body?.isUnusable()) throw new TypeError("Request.clone: Body has already been consumed.");
    const copy = new Request(state.url);
    copy.#state = {
      ...state,
      headers: makeHeaders([...state.headers]),
      body: state.body?.clone() ?? null,
      signal: null,
      followed: state.signal ?? state.followed,
    };
    return copy;
  }
}
addBody(Request, (request) => stateOf(request));
