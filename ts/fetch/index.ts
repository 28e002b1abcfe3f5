// Owns ready-made host functions for the `fetch` of guests: the platform's own, limited by a list, and recorded answers.
// Must never ask an address that the host has not allowed, also not by way of a redirect.

import { joinBytes } from "../bytes/join.ts";

/** What the library `fermata-vm/web` asks the host: the one argument of the external `fetch`. */
export interface FetchRequest {
  /** Absolute, `http:` or `https:`, without credentials and fragment. */
  readonly url: string;
  readonly method: string;
  /** Names in lower case, sorted. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | null;
  /** What the program wants done with redirects; `"manual"`: it wants to see them. */
  readonly redirect: "follow" | "error" | "manual";
}

/** What the host answers. */
export interface FetchAnswer {
  /** Where the answer came from, after redirects. Default: the URL of the request. */
  readonly url?: string | undefined;
  /** 200 to 599. */
  readonly status: number;
  readonly statusText?: string | undefined;
  readonly headers?: readonly (readonly [name: string, value: string])[] | undefined;
  readonly body?: Uint8Array | string | null | undefined;
}

/** A host function for the external `fetch`. An error that it throws is the `cause` of the guest's `TypeError: fetch failed`. */
export type FetchTool = (request: FetchRequest) => Promise<FetchAnswer>;

/** Options of {@link platformFetch}. */
export interface PlatformFetchOptions {
  /** Origins that may be asked: `"https://api.example.com"`, with the port if it is not the scheme's; nothing else is. */
  readonly allow: readonly (string | URL)[];
  /** Methods that may be used. Default: GET and HEAD. */
  readonly methods?: readonly string[] | undefined;
  /** Most bytes of an answer's body. Default: 10 MiB. */
  readonly maxBytes?: number | undefined;
  /** Time for one answer with its redirects and its body, in ms. Default: 30000; `Infinity` for no limit. */
  readonly timeoutMs?: number | undefined;
  /** Most redirects that are followed. Default: 5. */
  readonly maxRedirects?: number | undefined;
  /** Headers that the host adds, such as `authorization`: the program never sees them. Called for every address, also after a redirect. */
  readonly headers?: ((url: URL) => HeadersInit | undefined) | undefined;
  /** Used in place of the global `fetch`. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/** Headers that speak for the connection, not for the program. */
const NOT_THE_PROGRAMS =
  /^(?:connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/;

/** Headers that are for one origin only. */
const SECRETS = /^(?:authorization|cookie)$/;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A request to one address. */
interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | null;
}

/** Who may be asked what. */
class Rules {
  readonly #origins: ReadonlySet<string>;
  readonly #methods: ReadonlySet<string>;

  constructor({ allow, methods = ["GET", "HEAD"] }: PlatformFetchOptions) {
    this.#origins = new Set(allow.map(originOf));
    this.#methods = new Set(methods.map((method) => method.toUpperCase()));
  }

  check({ url, method }: Hop): void {
    // A blob: URL has the origin of the page that made it.
    if (!/^https?:$/.test(url.protocol) || !this.#origins.has(url.origin))
      throw new Error(`the host does not allow requests to ${url.origin}`);
    if (!this.#methods.has(method.toUpperCase())) throw new Error(`the host does not allow ${method} requests`);
  }
}

function originOf(allowed: string | URL): string {
  const url = URL.canParse(String(allowed)) ? new URL(allowed) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new TypeError(`allow: ${String(allowed)} is not an origin such as "https://api.example.com"`);
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "")
    throw new TypeError(`allow: ${String(allowed)} has more than an origin; ${url.origin} allows all of it`);
  return url.origin;
}

/** The request that a redirect leads to. https://fetch.spec.whatwg.org/#http-redirect-fetch */
function redirected(hop: Hop, status: number, location: string): Hop {
  const url = new URL(location, hop.url);
  url.username = "";
  url.password = "";
  url.hash = "";
  const isSame = url.origin === hop.url.origin;
  const toGet = status === 303 ? !/^(?:GET|HEAD)$/.test(hop.method) : status < 303 && hop.method === "POST";
  const headers = hop.headers.filter(
    ([name]) => (isSame || !SECRETS.test(name)) && !(toGet && name.startsWith("content-")),
  );
  return { url, headers, method: toGet ? "GET" : hop.method, body: toGet ? null : hop.body };
}

async function bytesOf(response: Response, maxBytes: number): Promise<Uint8Array | null> {
  if (response.body === null) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw new Error(`the answer of ${response.url} has more than ${maxBytes} bytes`);
    }
    parts.push(value);
  }
  return joinBytes(parts);
}

/**
 * Answers the guest's `fetch` with the platform's. Only origins in `allow` are asked, each redirect is checked again, cookies and other
 * credentials of the host are never sent, and answers have a limit of size and time.
 *
 * A name in `allow` is trusted: who controls its DNS can point it at an address inside your network.
 *
 * @throws TypeError for an `allow` that is no list of origins
 */
export function platformFetch(options: PlatformFetchOptions): FetchTool {
  const rules = new Rules(options);
  const { maxBytes = 10 * 1024 * 1024, timeoutMs = 30_000, maxRedirects = 5 } = options;
  const ask = options.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));

  const askOnce = (hop: Hop, signal: AbortSignal | null): Promise<Response> => {
    rules.check(hop);
    const headers = new Headers(
      hop.headers
        .filter(([name]) => !NOT_THE_PROGRAMS.test(name))
        .map(([name, value]): [string, string] => [name, value]),
    );
    for (const [name, value] of new Headers(options.headers?.(hop.url))) headers.set(name, value);
    const { href } = hop.url;
    // A copy: types of a shared buffer are not taken.
    const body = hop.body === null ? null : new Uint8Array(hop.body);
    return ask(href, { method: hop.method, headers, body, redirect: "manual", credentials: "omit", signal });
  };

  return async ({ url, method, headers, body, redirect }) => {
    const signal = Number.isFinite(timeoutMs) ? AbortSignal.timeout(timeoutMs) : null;
    // A program that calls the host function itself can write names as it likes.
    const lower = headers.map(([name, value]): [string, string] => [String(name).toLowerCase(), value]);
    let hop: Hop = { url: new URL(url), method, headers: lower, body };
    for (let count = 0; ; count++) {
      const response = await askOnce(hop, signal);
      if (response.type === "opaqueredirect")
        throw new Error(`${hop.url.href} redirects, and a browser does not tell where to`);
      const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
      if (location === null || redirect === "manual")
        return {
          url: hop.url.href,
          status: response.status,
          statusText: response.statusText,
          headers: [...response.headers],
          body: await bytesOf(response, maxBytes),
        };
      await response.body?.cancel();
      if (redirect === "error") throw new Error(`${hop.url.href} redirects`);
      if (count >= maxRedirects) throw new Error(`${url} redirects more than ${maxRedirects} times`);
      hop = redirected(hop, response.status, location);
    }
  };
}

/** One answer of {@link recordedFetch}. */
export interface FetchRecord {
  readonly url: string;
  /** Default: GET. */
  readonly method?: string | undefined;
  /** The body that the request must have. Default: any. */
  readonly requestBody?: string | undefined;
  /** How often it is the answer; the next record that fits comes after. Default: always. */
  readonly times?: number | undefined;
  /** Default: 200. */
  readonly status?: number | undefined;
  readonly statusText?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Bytes or a text as they are; any other value as JSON. */
  readonly body?: unknown;
}

function recordedBody(body: unknown): Uint8Array | string | null {
  if (body === undefined || body === null) return null;
  return typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
}

/** Answers the guest's `fetch` from a list, for tests: the first record that fits. What no record fits fails, by name. */
export function recordedFetch(records: readonly FetchRecord[]): FetchTool {
  const used = new Map<FetchRecord, number>();
  return async (request) => {
    const body = new TextDecoder().decode(request.body ?? new Uint8Array(0));
    const record = records.find(
      (one) =>
        URL.canParse(one.url) &&
        new URL(one.url).href === request.url &&
        (one.method ?? "GET") === request.method &&
        (one.requestBody === undefined || one.requestBody === body) &&
        (used.get(one) ?? 0) < (one.times ?? Infinity),
    );
    if (record === undefined) throw new Error(`no record for ${request.method} ${request.url}`);
    used.set(record, (used.get(record) ?? 0) + 1);
    const isText = typeof record.body === "string" || record.body instanceof Uint8Array || record.body == null;
    const headers = Object.entries(record.headers ?? {});
    if (!isText && !headers.some(([name]) => name.toLowerCase() === "content-type"))
      headers.push(["content-type", "application/json"]);
    return {
      url: request.url,
      status: record.status ?? 200,
      statusText: record.statusText ?? "",
      headers,
      body: recordedBody(record.body),
    };
  };
}
