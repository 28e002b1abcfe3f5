// A small HTTP server for snapshots, as FetchStore describes it: conditional requests, ETags, a list with a cursor.
// Also the model for a server of one's own: `handle` is all there is to it.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Entry {
  bytes: Buffer;
  etag: string;
}

/** What a test may do to the next requests: answer in place of the server (true), or let it answer (false). */
export type Intervention = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A running server. */
export interface SnapshotServer {
  /** URL below which the entries lie. */
  url: string;
  /** Method and path with query of every request so far. */
  requests: { line: string; headers: IncomingMessage["headers"] }[];
  intervene: Intervention | undefined;
  close(): Promise<void>;
}

export async function startSnapshotServer(pageSize = 10): Promise<SnapshotServer> {
  const entries = new Map<string, Entry>();
  let writes = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, "http://localhost");
    const key = decodeURIComponent(url.pathname.slice("/snapshots/".length));
    const send = (status: number, headers: Record<string, string> = {}, body?: Buffer | string) => {
      response.writeHead(status, headers).end(body);
    };
    if (key === "") {
      // The cursor is the last key of the page before.
      const after = url.searchParams.get("cursor") ?? "";
      const prefix = url.searchParams.get("prefix") ?? "";
      const keys = [...entries.keys()].filter((each) => each.startsWith(prefix) && each > after);
      keys.sort((a, b) => (a < b ? -1 : 1));
      const page = keys.slice(0, pageSize);
      const body = page.length < keys.length ? { keys: page, cursor: page.at(-1) } : { keys: page };
      return send(200, { "content-type": "application/json" }, JSON.stringify(body));
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    // From here to the answer nothing waits, so check and write are one step.
    const entry = entries.get(key);
    if (request.method === "GET") {
      return entry ? send(200, { etag: entry.etag }, entry.bytes) : send(404);
    }
    const ifMatch = request.headers["if-match"];
    if (ifMatch !== undefined && ifMatch !== entry?.etag) return send(412);
    if (request.headers["if-none-match"] === "*" && entry) return send(412);
    if (request.method === "DELETE") return send(entries.delete(key) ? 204 : 404);
    const etag = `"${++writes}"`;
    entries.set(key, { bytes: Buffer.concat(chunks), etag });
    send(entry ? 204 : 201, { etag });
  }

  const server = createServer((request, response) => {
    running.requests.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    if (running.intervene?.(request, response)) return;
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const running: SnapshotServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/snapshots`,
    requests: [],
    intervene: undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return running;
}
