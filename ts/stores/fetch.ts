// Owns the store on an HTTP server that supports conditional requests: GET, PUT and DELETE of one URL per key, with the ETag as the
// version. Object stores (S3, R2, GCS through a gateway), WebDAV servers, or 60 lines of your own will do.
//
// Must never send a write twice, and must never invent a version for a response without an ETag.

import { joinBytes } from "../bytes/join.ts";
import { StoreConflictError, StoreError, type StoreOperation } from "../errors.ts";
import {
  assertKey,
  copyBytes,
  pageOf,
  sortKeys,
  type SnapshotStore,
  type StoreDeleteOptions,
  type StoredSnapshot,
  type StoreListOptions,
  type StorePutOptions,
  type StoreReadOptions,
} from "./store.ts";

export type { SnapshotStore, StoreDeleteOptions, StoredSnapshot, StorePutOptions, StoreReadOptions } from "./store.ts";

const MAX_BYTES = 256 * 1024 * 1024;
/** Most pages of a list: a server may send cursors without end. */
const MAX_PAGES = 10_000;

/** Options of {@link FetchStore}. */
export interface FetchStoreOptions {
  /** Headers of every request, such as `authorization`. A function is called for each request, for tokens that expire. */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined;
  /** Timeout of one request with its body, in ms. Default 30000; `Infinity` for no timeout. */
  timeoutMs?: number | undefined;
  /** Most bytes of a response, of an entry or of a page of a list. Default 256 MiB. */
  maxBytes?: number | undefined;
  /** Used in place of the global `fetch`: a service binding, a client with retries, a test. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Whether browsers send cookies to other origins. Default: as `fetch` does by default. */
  credentials?: RequestCredentials | undefined;
}

/**
 * Keeps snapshots on an HTTP server, which must support these requests:
 *
 * - `GET base/KEY` → 200, the bytes, `ETag`; or 404
 * - `PUT base/KEY` → 200, 201 or 204 with the new `ETag`; with `If-Match: ETAG` or `If-None-Match: *` → 412 if the condition fails
 * - `DELETE base/KEY`, also with `If-Match` → 200 or 204; 404 if there is no entry; 412
 * - `GET base?prefix=PREFIX` → JSON, `["key", …]` or `{ "keys": ["key", …], "cursor": "…" }`; if there is a cursor, the next page
 *   is requested with `&cursor=…`
 *
 * KEY is one path segment, percent-encoded (`/` is `%2F`). Different bytes must never get the same ETag. For use across origins the
 * server must expose the `ETag` header.
 *
 * Failures are {@link StoreError} with the `status`, if a response was received. After a write times out, the server may or may not
 * have done it: read the entry again, or repeat the write with the same `ifVersion` and treat a conflict as "it may have been my
 * own write".
 */
export class FetchStore implements SnapshotStore {
  readonly #base: string;
  readonly #query: string;
  readonly #options: FetchStoreOptions;

  /** @param base URL under which the entries are stored; its query is sent with each request. */
  constructor(base: string | URL, options: FetchStoreOptions = {}) {
    const [beforeQuery = "", query = ""] = String(base)
      .replace(/#.*$/s, "")
      .split(/\?(.*)/s);
    this.#base = beforeQuery.replace(/\/+$/, "");
    this.#query = query;
    this.#options = options;
  }

  async get(key: string, options: StoreReadOptions = {}): Promise<StoredSnapshot | undefined> {
    assertKey("get", key);
    return this.#request("get", key, options.signal, { method: "GET" }, async (response) => {
      if (response.status === 404 || response.status === 410) return undefined;
      assertOk("get", key, response);
      const version = versionOf("get", key, response);
      return { bytes: await this.#body("get", key, response), version };
    });
  }

  async put(key: string, bytes: Uint8Array, options: StorePutOptions = {}): Promise<string> {
    assertKey("put", key);
    const expected = options.ifVersion;
    const init = {
      method: "PUT",
      headers: { "content-type": "application/octet-stream", ...conditionOf(expected) },
      // A copy: the caller's memory may be shared, or change while it is sent.
      body: copyBytes(bytes),
    };
    return this.#request("put", key, options.signal, init, (response) => {
      assertNoConflict("put", key, expected, response);
      assertOk("put", key, response);
      return versionOf("put", key, response);
    });
  }

  async delete(key: string, options: StoreDeleteOptions = {}): Promise<void> {
    assertKey("delete", key);
    const expected = options.ifVersion;
    const init = { method: "DELETE", headers: conditionOf(expected) };
    return this.#request("delete", key, options.signal, init, (response) => {
      assertNoConflict("delete", key, expected, response);
      if (response.status !== 404 && response.status !== 410) assertOk("delete", key, response);
    });
  }

  async list(prefix = "", options: StoreListOptions = {}): Promise<string[]> {
    const keys: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      if (++pages > MAX_PAGES)
        throw new StoreError(`the server's list has more than ${MAX_PAGES} pages`, { operation: "list", key: prefix });
      const query: Record<string, string> = cursor === undefined ? { prefix } : { prefix, cursor };
      const page = await this.#request("list", prefix, options.signal, { method: "GET" }, this.#listOf, query);
      // Not every server filters; surplus keys must not reach the caller.
      for (const key of page.keys) if (key.startsWith(prefix)) keys.push(key);
      if (page.cursor !== undefined && page.cursor === cursor) {
        throw new StoreError("the server sent the same cursor twice", { operation: "list", key: prefix });
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    return pageOf(sortKeys(keys), options);
  }

  async #request<T>(
    operation: StoreOperation,
    key: string,
    signal: AbortSignal | undefined,
    init: RequestInit & { headers?: Record<string, string> },
    handle: (response: Response) => T | Promise<T>,
    query: Record<string, string> = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    const { headers, credentials, timeoutMs = 30_000 } = this.#options;
    const deadline = Number.isFinite(timeoutMs) ? AbortSignal.timeout(timeoutMs) : undefined;
    const signals = [signal, deadline].filter((each) => each !== undefined);
    try {
      const all = new Headers(await (typeof headers === "function" ? headers() : headers));
      for (const [name, value] of Object.entries(init.headers ?? {})) all.set(name, value);
      const response = await this.#fetch(this.#url(operation === "list" ? undefined : key, query), {
        ...init,
        headers: all,
        ...(credentials && { credentials }),
        ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
        // A browser's cache could return a version that was overwritten long ago.
        ...(canBypassCache() && { cache: "no-store" }),
      });
      try {
        return await handle(response);
      } finally {
        // An unread body keeps its connection busy. A failure to cancel it does not matter: the response is known.
        if (!response.bodyUsed) await response.body?.cancel().catch(() => undefined);
      }
    } catch (error) {
      if (error instanceof StoreError) throw error;
      if (signal?.aborted) throw signal.reason;
      const reason = deadline?.aborted ? `no answer within ${timeoutMs} ms` : messageOf(error);
      throw new StoreError(`cannot ${operation} over HTTP: ${reason}`, { operation, key, cause: error });
    }
  }

  readonly #listOf = async (response: Response): Promise<Page> => {
    assertOk("list", "", response);
    return pageIn(new TextDecoder().decode(await this.#body("list", "", response)), response.status);
  };

  /** Reads a body, and no more of it than is allowed: the server may be anybody's. */
  async #body(operation: StoreOperation, key: string, response: Response): Promise<Uint8Array<ArrayBuffer>> {
    const most = this.#options.maxBytes ?? MAX_BYTES;
    const tooLarge = (): StoreError =>
      new StoreError(`the response has more than ${most} bytes: raise maxBytes to read it`, {
        operation,
        key,
        status: response.status,
      });
    if (Number(response.headers.get("content-length") ?? 0) > most) throw tooLarge();
    if (response.body === null) return new Uint8Array(0);
    const parts: Uint8Array[] = [];
    let length = 0;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      if (length > most) {
        await reader.cancel().catch(() => undefined);
        throw tooLarge();
      }
      parts.push(part.value);
    }
    return joinBytes(parts);
  }

  #fetch(url: string, init: RequestInit): Promise<Response> {
    // Not called as a method of the options: browsers require `this` to be the global object.
    const fetchIt = this.#options.fetch ?? globalThis.fetch;
    return fetchIt(url, init);
  }

  #url(key: string | undefined, query: Record<string, string>): string {
    const parameters = new URLSearchParams(this.#query);
    for (const [name, value] of Object.entries(query)) parameters.set(name, value);
    const text = parameters.toString();
    return this.#base + (key === undefined ? "" : `/${encodeURIComponent(key)}`) + (text && `?${text}`);
  }
}

function conditionOf(expected: string | null | undefined): Record<string, string> {
  if (expected === undefined) return {};
  return expected === null ? { "if-none-match": "*" } : { "if-match": expected };
}

function assertNoConflict(
  operation: "put" | "delete",
  key: string,
  expected: string | null | undefined,
  response: Response,
): void {
  const { status } = response;
  if (expected === undefined) return;
  // 409: S3's response to two conditional writes at the same moment. 404: the entry is gone, so no version can match.
  if (status === 412 || status === 409) throw new StoreConflictError({ operation, key, expected, status });
  if (status === 404 && expected !== null) {
    throw new StoreConflictError({ operation, key, expected, actual: null, status });
  }
}

function assertOk(operation: StoreOperation, key: string, response: Response): void {
  if (response.ok) return;
  const { status, statusText } = response;
  const reason = statusText ? `HTTP ${status} ${statusText}` : `HTTP ${status}`;
  throw new StoreError(`cannot ${operation} over HTTP: ${reason}`, { operation, key, status });
}

function versionOf(operation: StoreOperation, key: string, response: Response): string {
  const etag = response.headers.get("etag");
  if (!etag) {
    const why = "the server sent no ETag (across origins it must also expose it: Access-Control-Expose-Headers: ETag)";
    throw new StoreError(why, { operation, key, status: response.status });
  }
  // Compressing proxies mark the tag as weak, and If-Match never matches a weak tag.
  return etag.replace(/^W\//, "");
}

interface Page {
  keys: string[];
  cursor: string | undefined;
}

function pageIn(text: string, status: number): Page {
  const body: unknown = JSON.parse(text);
  const page = (Array.isArray(body) ? { keys: body } : body) as { keys?: unknown; cursor?: unknown } | null;
  const keys = page?.keys;
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === "string")) {
    throw new StoreError("the server's list is not JSON of the form [key, …] or { keys: [key, …] }", {
      operation: "list",
      status,
    });
  }
  return { keys, cursor: typeof page?.cursor === "string" && page.cursor !== "" ? page.cursor : undefined };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node says only "fetch failed"; the reason is in the cause.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

let bypassesCache: boolean | undefined;
/** Workers with older compatibility dates reject the `cache` field, and have no such cache. */
function canBypassCache(): boolean {
  if (bypassesCache === undefined) {
    try {
      bypassesCache = new Request("http://localhost/", { cache: "no-store" }).cache === "no-store";
    } catch {
      bypassesCache = false;
    }
  }
  return bypassesCache;
}
