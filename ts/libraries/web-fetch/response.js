// Owns Response.
// https://fetch.spec.whatwg.org/#response-class

import { baseUrl, dictionary, need, usv } from "../shared/idl.js";
import { addBody, extractBody } from "./body.js";
import { makeHeaders } from "./headers.js";

const { URL } = globalThis;

const REDIRECTS = [301, 302, 303, 307, 308];
const WITHOUT_BODY = [101, 103, 204, 205, 304];

/** https://webidl.spec.whatwg.org/#es-unsigned-short */
const unsignedShort = (value) => {
  const number = Number(value);
  return Number.isFinite(number) ? ((Math.trunc(number) % 65_536) + 65_536) % 65_536 : 0;
};

function initOf(value, what) {
  const { headers, status, statusText } = dictionary(value, what);
  const code = status === undefined ? 200 : unsignedShort(status);
  const text = statusText === undefined ? "" : `${statusText}`;
  if (code < 200 || code > 599)
    throw new RangeError(`${what}: The status provided (${code}) is outside the range [200, 599].`);
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) throw new TypeError(`${what}: Invalid statusText`);
  return { status: code, statusText: text, headers: makeHeaders(headers) };
}

let stateOf;
/** A response as it came from outside. */
export let makeResponse;

export class Response {
  #state;

  constructor(body = null, init = undefined) {
    const what = "Failed to construct 'Response'";
    const extracted = body == null ? null : extractBody(body);
    const state = { type: "default", url: "", isRedirected: false, body: null, ...initOf(init, what) };
    if (extracted !== null) {
      if (WITHOUT_BODY.includes(state.status))
        throw new TypeError(`${what}: Response with null body status cannot have body`);
      state.body = extracted.body;
      if (extracted.type !== null && !state.headers.has("content-type"))
        state.headers.set("content-type", extracted.type);
    }
    this.#state = state;
  }

  static {
    stateOf = (response) => response.#state;
    makeResponse = (state) => {
      const response = new Response();
      response.#state = { type: "default", url: "", isRedirected: false, statusText: "", ...state };
      return response;
    };
  }

  static error() {
    return makeResponse({ type: "error", status: 0, headers: makeHeaders(undefined, true), body: null });
  }

  static redirect(url, status = 302) {
    need(1, arguments.length, "'redirect' on 'Response'");
    const text = usv(url);
    const code = unsignedShort(status);
    const parsed = URL.parse(text, baseUrl());
    if (parsed === null) throw new TypeError(`Failed to parse URL from ${text}`);
    if (!REDIRECTS.includes(code)) throw new RangeError(`Invalid status code ${code}`);
    return makeResponse({ status: code, headers: makeHeaders([["location", parsed.href]], true), body: null });
  }

  static json(data, init = undefined) {
    need(1, arguments.length, "'json' on 'Response'");
    const text = JSON.stringify(data);
    if (text === undefined)
      throw new TypeError("Failed to execute 'json' on 'Response': Value is not JSON serializable");
    const response = new Response(text, init);
    const { headers } = dictionary(init, "");
    if (!makeHeaders(headers).has("content-type")) response.headers.set("content-type", "application/json");
    return response;
  }

  get type() {
    return this.#state.type;
  }

  get url() {
    return this.#state.url;
  }

  get redirected() {
    return this.#state.isRedirected;
  }

  get status() {
    return this.#state.status;
  }

  get ok() {
    return this.#state.status >= 200 && this.#state.status <= 299;
  }

  get statusText() {
    return this.#state.statusText;
  }

  get headers() {
    return this.#state.headers;
  }

  clone() {
    const state = this.#state;
    if (state.body?.isUnusable()) throw new TypeError("Response.clone: Body has already been consumed.");
    const isImmutable = state.type === "error";
    return makeResponse({
      ...state,
      headers: makeHeaders([...state.headers], isImmutable),
      body: state.body?.clone() ?? null,
    });
  }
}
addBody(Response, (response) => stateOf(response));
