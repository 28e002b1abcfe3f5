// Snapshots behind an HTTP server that knows conditional requests: GET, PUT and DELETE of one URL for each key, with the
// ETag as version. Object stores (S3, R2, GCS behind a gateway), WebDAV servers and 60 lines of one's own will do.
//
// It must never send a write twice, nor take an answer without an ETag for a version.

import { StoreConflictError, StoreError, type StoreOperation } from "../errors.ts";
import {
  assertKey,
  copyBytes,
  sortKeys,
  type SnapshotStore,
  type StoreDeleteOptions,
  type StoredSnapshot,
  type StorePutOptions,
  type StoreReadOptions,
} from "./store.ts";

/** Options of {@link FetchStore}. */
export interface FetchStoreOptions {
  /** Headers of every request, such as `authorization`; a function is asked anew each time, for tokens that expire. */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined;
  /** Longest time for one request with its body, in ms. Default 30000; `Infinity` for none. */
  timeoutMs?: number | undefined;
  /** Used in place of the global `fetch`: a service binding, a client with retries, a test. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Whether browsers send cookies to other origins. Default: what the host does. */
  credentials?: RequestCredentials | undefined;
}

/**
 * Keeps snapshots on an HTTP server. The server's side of it:
 *
 * - `GET base/KEY` → 200, the bytes, `ETag`; or 404
 * - `PUT base/KEY` → 200, 201 or 204 with the new `ETag`; with `If-Match: ETAG` or `If-None-Match: *` → 412 if that
 *   does not hold
 * - `DELETE base/KEY`, also with `If-Match` → 200 or 204; 404 if there is none; 412
 * - `GET base?prefix=PREFIX` → JSON, `["key", …]` or `{ "keys": ["key", …], "cursor": "…" }`; with a cursor, the rest is
 *   asked for with `&cursor=…`
 *
 * KEY is one path segment, percent-encoded (`/` is `%2F`). ETags must not repeat for other bytes. For use across origins the
 * server must expose the `ETag` header.
 *
 * Failures are {@link StoreError} with the `status`, where one came. A timeout of a write leaves open whether the
 * server did it: read again, or repeat it with the same `ifVersion` and take a conflict as "perhaps it was me".
 */
export class FetchStore implements SnapshotStore {
  readonly #base: string;
  readonly #query: string;
  readonly #options: FetchStoreOptions;

  /** @param base URL below which the entries lie; a query is kept and sent along with each request. */
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
      return { bytes: new Uint8Array(await response.arrayBuffer()), version };
    });
  }

  async put(key: string, bytes: Uint8Array, options: StorePutOptions = {}): Promise<string> {
    assertKey("put", key);
    const expected = options.ifVersion;
    const init = {
      method: "PUT",
      headers: { "content-type": "application/octet-stream", ...conditionOf(expected) },
      // Memory of its own: the caller's may be shared or change while it is sent.
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

  async list(prefix = "", options: StoreReadOptions = {}): Promise<string[]> {
    const keys: string[] = [];
    let cursor: string | undefined;
    do {
      const query: Record<string, string> = cursor === undefined ? { prefix } : { prefix, cursor };
      const page = await this.#request("list", prefix, options.signal, { method: "GET" }, listOf, query);
      // Not every server filters; what it sends too much must not reach the caller.
      for (const key of page.keys) if (key.startsWith(prefix)) keys.push(key);
      if (page.cursor !== undefined && page.cursor === cursor) {
        throw new StoreError("the server sent the same cursor twice", { operation: "list", key: prefix });
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    return sortKeys(keys);
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
        // A browser's cache would answer with a version that has long been overwritten.
        ...(canBypassCache() && { cache: "no-store" }),
      });
      try {
        return await handle(response);
      } finally {
        // An unread body keeps its connection busy. That it cannot be cancelled matters to nobody: the answer is known.
        if (!response.bodyUsed) await response.body?.cancel().catch(() => undefined);
      }
    } catch (error) {
      if (error instanceof StoreError) throw error;
      if (signal?.aborted) throw signal.reason;
      const reason = deadline?.aborted ? `no answer within ${timeoutMs} ms` : messageOf(error);
      throw new StoreError(`cannot ${operation} over HTTP: ${reason}`, { operation, key, cause: error });
    }
  }

  #fetch(url: string, init: RequestInit): Promise<Response> {
    // Not as a method of the options: browsers want their own `this`.
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
  // 409: how S3 reports two conditional writes at the same moment. 404: there is nothing left that could match.
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
  // Proxies that compress mark the tag as weak on its way to us, and If-Match never matches a weak one.
  return etag.replace(/^W\//, "");
}

interface Page {
  keys: string[];
  cursor: string | undefined;
}

async function listOf(response: Response): Promise<Page> {
  assertOk("list", "", response);
  const body: unknown = await response.json();
  const page = (Array.isArray(body) ? { keys: body } : body) as { keys?: unknown; cursor?: unknown } | null;
  const keys = page?.keys;
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === "string")) {
    throw new StoreError("the server's list is not JSON of the form [key, …] or { keys: [key, …] }", {
      operation: "list",
      status: response.status,
    });
  }
  return { keys, cursor: typeof page?.cursor === "string" && page.cursor !== "" ? page.cursor : undefined };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node says only "fetch failed" and puts what happened into the cause.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

let bypassesCache: boolean | undefined;
/** Workers of older compatibility dates refuse the `cache` field, and have no cache of this kind. */
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
