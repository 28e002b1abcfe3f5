// The store in Redis on a server of this machine, by the clients redis and ioredis. vitest.config.ts leaves this file out, and says so,
// where there is no server.

import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RedisStore, type RedisClient } from "../../ts/stores/redis.ts";
import { startRedis, type TestServer } from "../support/servers.ts";
import { storeContract } from "./contract.ts";

const require = createRequire(import.meta.url);

/* oxlint-disable typescript/no-explicit-any -- as in servers.ts */
const OPEN: Record<string, (socket: string) => Promise<{ client: RedisClient; close(): unknown }>> = {
  async redis(path) {
    const client = require("redis").createClient({ socket: { path } });
    await client.connect();
    return { client, close: () => client.close() };
  },
  async ioredis(path) {
    const { Redis } = require("ioredis") as any;
    const client = new Redis(path);
    return { client, close: () => client.quit() };
  },
};

let server: TestServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server?.stop());

describe.each(Object.keys(OPEN))("RedisStore with %s", (kind) => {
  let handles: { client: RedisClient; close(): unknown }[];
  beforeAll(async () => {
    const socket = join(server.folder, "redis.sock");
    handles = [await OPEN[kind]!(socket), await OPEN[kind]!(socket)];
  });
  afterAll(() => Promise.all(handles.map(({ close }) => close())));

  it.each(storeContract.map((each, index) => ({ ...each, index })))("$name", async ({ run, index }) => {
    const prefix = `{${kind}-${index}}`;
    await run({
      store: new RedisStore(handles[0]!.client, { prefix }),
      open: () => new RedisStore(handles[1]!.client, { prefix }),
    });
  });
});

describe("RedisStore", () => {
  it("takes a command that its client sent again for its own, not for a lost race", async () => {
    const { client, close } = await OPEN["ioredis"]!(join(server.folder, "redis.sock"));
    const twice: RedisClient = {
      async callBuffer(command, ...args) {
        const real = client as { callBuffer(command: string, ...args: unknown[]): Promise<unknown> };
        if (command === "EVAL") await real.callBuffer(command, ...args);
        return real.callBuffer(command, ...args);
      },
    };
    const store = new RedisStore(twice);
    const version = await store.put("key", Uint8Array.of(1), { ifVersion: null });
    await store.put("key", Uint8Array.of(2), { ifVersion: version });
    expect((await store.get("key"))!.bytes).toEqual(Uint8Array.of(2));
    await close();
  });

  it("refuses what is no client that it knows", () => {
    expect(() => new RedisStore({} as never)).toThrow(/neither one of redis nor of ioredis/);
  });
});
