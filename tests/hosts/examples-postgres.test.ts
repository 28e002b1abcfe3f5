// The example for Node does what it says: two processes on one Postgres, and the end of one.

import { once } from "node:events";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeConsumer, root, type Consumer } from "../support/consumer.ts";
import { startPostgres, type TestServer } from "../support/servers.ts";
import { expectConversation, freePort, serving } from "./examples.ts";

let server: TestServer;
let consumer: Consumer;
beforeAll(async () => {
  server = await startPostgres();
  consumer = makeConsumer([]);
  mkdirSync(join(consumer.folder, "node"));
  cpSync(join(root, "examples/node/server.js"), join(consumer.folder, "node/server.js"));
  symlinkSync(join(root, "node_modules/pg"), join(consumer.folder, "node_modules/pg"));
});
afterAll(async () => {
  consumer?.dispose();
  await server?.stop();
});

it("the example for Node: any number of processes, each of which may be told to end", { timeout: 60_000 }, async () => {
  const env = { PGHOST: server.folder, PGUSER: "postgres", PGDATABASE: "postgres" };
  const open = async () =>
    serving([process.execPath, "node/server.js"], { cwd: consumer.folder, port: await freePort(), env });
  const [first, second] = await Promise.all([open(), open()]);
  await expectConversation(first.ask);
  const over = once(first.child, "close");
  first.child.kill("SIGTERM");
  await expectConversation(second.ask);
  second.child.kill("SIGKILL");
  expect((await over)[1]).toBe(null);
});
