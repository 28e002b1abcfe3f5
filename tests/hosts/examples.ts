// What the tests of the examples share: the conversation that each example holds over HTTP, and processes that serve one.

import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";

export const TOKEN = "secret";

type Ask = (
  path: string,
  init?: { method: string; headers?: Record<string, string>; body?: string },
) => Promise<{
  readonly status: number;
  json(): Promise<unknown>;
}>;

/** Starts a run, finds it waiting, approves it, and sees its end; without the token nothing is told. */
export async function expectConversation(ask: Ask): Promise<void> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  expect((await ask("/runs")).status).toBe(401);
  const get = async (path: string): Promise<unknown> => (await ask(path, { method: "GET", headers })).json();
  const post = async (path: string, body: unknown): Promise<unknown> =>
    (await ask(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
  const { id } = (await post("/runs", { program: "invoice", inputs: { id: "INV-7" } })) as { id: string };
  const until = async (wanted: string): Promise<{ output?: unknown }> => {
    for (let tries = 0; tries < 400; tries++) {
      const run = (await get(`/runs/${id}`)) as { status: string; output?: unknown };
      if (run.status === wanted) return run;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`not ${wanted}: ${JSON.stringify(await get(`/runs/${id}`))}`);
  };
  await until("waiting");
  const [call] = (await get(`/runs/${id}/pending`)) as { callId: number; args: unknown[] }[];
  expect(call!.args).toEqual(["INV-7", 420]);
  expect(await post(`/runs/${id}/answers/${call!.callId}`, { approve: true })).toMatchObject({ accepted: true });
  expect(await until("done")).toMatchObject({ output: "INV-7 paid 420" });
}

/** A port that is free. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A process that serves an example; resolves once it answers. */
export async function serving(
  command: readonly string[],
  options: { readonly cwd: string; readonly port: number; readonly env: Record<string, string> },
): Promise<{ readonly child: ChildProcess; readonly ask: Ask; readonly log: () => string }> {
  const { cwd, port, env } = options;
  let text = "";
  const child = spawn(command[0]!, command.slice(1), {
    cwd,
    env: { ...process.env, ...env, PORT: String(port), TOKEN, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const ask: Ask = (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
  for (let tries = 0; tries < 400; tries++) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${text}`);
    const isUp = await ask("/").then(
      () => true,
      () => false,
    );
    if (isUp) return { child, ask, log: () => text };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGKILL");
  throw new Error(`it does not answer: ${text}`);
}
