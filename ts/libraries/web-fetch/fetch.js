// Owns fetch: one call of the host per request, of fixed shape, and `data:` URLs without it. Must never follow a redirect or send
// anything itself.
// https://fetch.spec.whatwg.org/#fetch-method

import { need } from "../shared/idl.js";
import { copyOf, encodeText, isBufferSource } from "./blob.js";
import { Body } from "./body.js";
import { makeHeaders } from "./headers.js";
import { parseMime, serializeMime } from "./mime.js";
import { Request, stateOf } from "./request.js";
import { makeResponse } from "./response.js";

const { URL } = globalThis;

/** https://fetch.spec.whatwg.org/#bad-port: services that a request could talk to by mistake. */
const BAD_PORTS =
  " 0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137 139 143 161" +
  " 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190" +
  " 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080 ";

const failed = (cause) => new TypeError("fetch failed", { cause });

/** https://infra.spec.whatwg.org/#forgiving-base64-decode of percent-decoded bytes. */
function percentDecoded(text) {
  const bytes = [];
  for (const byte of encodeText(text)) bytes.push(byte);
  const output = [];
  for (let at = 0; at < bytes.length; at++) {
    const hex = bytes[at] === 0x25 ? String.fromCharCode(bytes[at + 1], bytes[at + 2]) : "";
    if (/^[\da-f]{2}$/i.test(hex)) {
      output.push(parseInt(hex, 16));
      at += 2;
    } else output.push(bytes[at]);
  }
  return Uint8Array.from(output);
}

/** https://fetch.spec.whatwg.org/#data-url-processor */
function dataResponse(href) {
  const text = href.slice(5).replace(/#.*$/s, "");
  const comma = text.indexOf(",");
  if (comma < 0) throw failed(new Error("invalid URL"));
  let type = text.slice(0, comma).replace(/^ +| +$/g, "");
  let bytes = percentDecoded(text.slice(comma + 1));
  const base64 = /; *base64$/i.exec(type);
  if (base64 !== null) {
    type = type.slice(0, base64.index);
    let binary;
    try {
      binary = atob(String.fromCharCode(...bytes));
    } catch (cause) {
      throw failed(cause);
    }
    bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  }
  const mime = parseMime(type.startsWith(";") ? `text/plain${type}` : type);
  const contentType = mime === null ? "text/plain;charset=US-ASCII" : serializeMime(mime);
  return makeResponse({
    url: href,
    status: 200,
    statusText: "OK",
    headers: makeHeaders([["content-type", contentType]], true),
    body: new Body(bytes),
  });
}

function answeredBody(body) {
  if (body == null) return null;
  if (typeof body === "string") return new Body(encodeText(body));
  if (isBufferSource(body)) return new Body(copyOf(body));
  throw new TypeError("the host answered a body that is neither bytes nor text");
}

/** The response for what the host answered. */
function responseOf(answer, request) {
  const { url, status, statusText, headers, body } = Object(answer);
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new TypeError(`the host answered the status ${String(status)}`);
  const href = url === undefined ? request.url : String(url);
  return makeResponse({
    type: "basic",
    url: href.replace(/#.*$/s, ""),
    isRedirected: href.replace(/#.*$/s, "") !== request.url.replace(/#.*$/s, ""),
    status,
    statusText: statusText === undefined ? "" : String(statusText),
    headers: makeHeaders(headers === undefined ? [] : [...headers], true),
    body: [204, 205, 304].includes(status) ? null : answeredBody(body),
  });
}

/** Asks the host. */
async function ask(request) {
  const state = stateOf(request);
  const host = $host.fetch;
  if (typeof host !== "function")
    throw new TypeError('fetch is not available: the program declares no external function "fetch"');
  const body = state.body === null ? null : (await state.body.read()).slice();
  let answer;
  try {
    answer = await host({
      url: state.url.replace(/#.*$/s, ""),
      method: state.method,
      headers: [...state.headers].map(([name, value]) => [name, value]),
      body,
      redirect: state.redirect,
    });
    return responseOf(answer, state);
  } catch (cause) {
    throw failed(cause);
  }
}

function answerTo(request) {
  const { protocol, href, port } = new URL(request.url);
  if (protocol === "data:") return dataResponse(href);
  if (port !== "" && BAD_PORTS.includes(` ${port} `)) throw failed(new Error("bad port"));
  if (protocol === "http:" || protocol === "https:") return ask(request);
  throw failed(new Error(`unknown scheme ${protocol.slice(0, -1)}`));
}

/** The answer, or the reason of the signal as soon as that is aborted. */
function unlessAborted(signal, request) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason);
      const { body } = stateOf(request);
      if (body?.stream != null && !body.stream.locked) void body.stream.cancel(signal.reason);
    };
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    const settle = (done) => (value) => {
      signal.removeEventListener("abort", abort);
      done(value);
    };
    Promise.resolve(request)
      .then(() => (signal.aborted ? undefined : answerTo(request)))
      .then(settle(resolve), settle(reject));
  });
}

export function fetch(input, init = undefined) {
  let request;
  try {
    need(1, arguments.length, "'fetch' on 'Window'");
    request = new Request(input, init);
  } catch (error) {
    return Promise.reject(error);
  }
  const { followed } = stateOf(request);
  return followed === null ? Promise.resolve(request).then(answerTo) : unlessAborted(followed, request);
}
