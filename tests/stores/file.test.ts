import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, readlink, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { StoreConflictError, StoreError } from "../../ts/errors.ts";
import { FileStore } from "../../ts/stores/file.ts";
import { bundle } from "../support/bundle.ts";
import { storeContract } from "./contract.ts";

// Bundled, because workers of Node 20 cannot be started with a TypeScript loader.
let programs: string;
let writer: string;
beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), "fermata-programs-"));
  writer = join(programs, "file-store-writer.mjs");
  await writeFile(writer, await bundle(new URL("../support/file-store-writer.ts", import.meta.url), "node"));
});
afterAll(() => rm(programs, { recursive: true, force: true }));

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "fermata-store-")), "not", "yet", "there");
});
afterEach(() => rm(join(folder, "../../.."), { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const node = (...args: string[]) => spawn(process.execPath, args, { stdio: "inherit" });
const ended = async (child: ReturnType<typeof node>) => (await once(child, "close")) as [number | null, string | null];

describe("FileStore", () => {
  it.each(storeContract)("$name", async ({ run }) => {
    await run({ store: new FileStore(folder), open: () => new FileStore(folder) });
  });

  it("keeps the promises without fsync too", async () => {
    const store = new FileStore(folder, { fsync: false });
    const version = await store.put("key", bytes("1"));
    await expect(store.put("key", bytes("2"), { ifVersion: null })).rejects.toThrow(StoreConflictError);
    expect((await store.get("key"))?.version).toBe(version);
  });

  it("writes exactly the bytes, in a readable file, and leaves no other file", async () => {
    const store = new FileStore(folder);
    await store.put("run-1/agent.ts", bytes("one"));
    await store.put("run-1/agent.ts", bytes("two"));
    await expect(store.put("run-1/agent.ts", bytes("three"), { ifVersion: null })).rejects.toThrow(StoreConflictError);
    expect(await readdir(folder)).toEqual(["run-1%2fagent%2ets.snapshot"]);
    expect(await readFile(join(folder, "run-1%2fagent%2ets.snapshot"), "utf8")).toBe("two");
  });

  it("sees that another program replaced a file", async () => {
    const store = new FileStore(folder);
    const version = await store.put("key", bytes("ours"));
    await writeFile(join(folder, "key.snapshot"), "theirs");
    expect(new TextDecoder().decode((await store.get("key"))?.bytes)).toBe("theirs");
    await expect(store.put("key", bytes("new"), { ifVersion: version })).rejects.toThrow(StoreConflictError);
  });

  it("ignores files that are not its own", async () => {
    const store = new FileStore(folder);
    await store.put("key", bytes("1"));
    for (const name of [
      "README",
      "Upper.snapshot",
      "%.snapshot",
      "%zz.snapshot",
      "~deadbeef.snapshot",
      "key.snapshot.x.tmp",
    ]) {
      await writeFile(join(folder, name), "x");
    }
    expect(await store.list()).toEqual(["key"]);
  });

  it("reports what the file system refuses, with its error as cause", async () => {
    await new FileStore(join(folder, "..")).put("a", bytes("1"));
    const store = new FileStore(join(folder, "../a.snapshot"));
    const error = await store.put("key", bytes("1")).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ code: "FERMATA_STORE", operation: "put", key: "key", cause: { code: "EEXIST" } });
    await expect(store.list()).rejects.toMatchObject({ operation: "list", cause: { code: "ENOTDIR" } });
  });

  it("loses no count when four processes and two threads raise one counter", async () => {
    const store = new FileStore(folder);
    await store.put("counter", bytes("0"));
    const processes = Array.from({ length: 4 }, () => ended(node(writer, folder, "15")));
    const threads = Array.from({ length: 2 }, async () => {
      const worker = new Worker(writer, { argv: [folder, "15"] });
      return (await once(worker, "exit")) as [number];
    });
    for (const result of await Promise.all(processes)) expect(result).toEqual([0, null]);
    for (const result of await Promise.all(threads)) expect(result).toEqual([0]);
    expect(new TextDecoder().decode((await store.get("counter"))?.bytes)).toBe("90");
  });

  it("survives writers killed at any moment: whole bytes, no lock left for ever, no litter", async () => {
    const store = new FileStore(folder, { lockWaitMs: 2000 });
    const sizes = [300_000, 300_001];
    await store.put("key", new Uint8Array(sizes[0]!).fill(sizes[0]! & 255));
    for (let round = 0; round < 6; round++) {
      const child = node(writer, folder, "forever", ...sizes.map(String));
      await waitForChange(join(folder, "key.snapshot"));
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      child.kill("SIGKILL");
      await ended(child);
      const got = await store.get("key");
      expect(sizes).toContain(got?.bytes.length);
      expect(got?.bytes.every((byte) => byte === (got.bytes.length & 255))).toBe(true);
    }
    // A crash between taking the lock and writing the file: the worst moment, made certain.
    await writeFile(join(folder, "key.lock"), await lockOfDeadProcess());
    await writeFile(join(folder, "key.snapshot.left-behind.tmp"), "half");
    await store.put("key", bytes("whole"));
    expect(await readdir(folder)).toEqual(["key.snapshot"]);
  });

  it("takes over a lock whose owner died before it could write a word", async () => {
    const store = new FileStore(folder, { lockWaitMs: 300 });
    const lock = join(folder, "key.lock");
    await store.put("key", bytes("first"));
    await writeFile(lock, "");
    await expect(store.put("key", bytes("early"))).rejects.toThrow(/another writer has held/);
    await utimes(lock, Date.now() / 1000 - 2, Date.now() / 1000 - 2);
    await store.put("key", bytes("late"));
    expect(await readdir(folder)).toEqual(["key.snapshot"]);
  });

  it("takes over at once when a process died while it broke the lock of another that had died", async () => {
    const store = new FileStore(folder, { lockWaitMs: 500 });
    await store.put("key", bytes("first"));
    await writeFile(join(folder, "key.lock"), await lockOfDeadProcess());
    await writeFile(join(folder, "key.lock.break"), await lockOfDeadProcess());
    await store.put("key", bytes("second"));
    expect(await readdir(folder)).toEqual(["key.snapshot"]);
  });

  it("does not take the lock of a living process, and says who is in the way", async () => {
    const store = new FileStore(folder, { lockWaitMs: 150, lockStaleMs: 1 });
    await store.put("key", bytes("1"));
    const lock = join(folder, "key.lock");
    const holder = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    try {
      await writeFile(lock, await lockOf(holder.pid!));
      await utimes(lock, 1, 1);
      await expect(store.put("key", bytes("2"))).rejects.toThrow(/another writer has held .*key\.lock for 150 ms/);
      // Other keys are not held up, nor are readers.
      await store.put("other", bytes("2"));
      expect(await store.list()).toEqual(["key", "other"]);
      const controller = new AbortController();
      const putting = new FileStore(folder).put("key", bytes("3"), { signal: controller.signal });
      setTimeout(() => controller.abort(new Error("enough")), 30);
      await expect(putting).rejects.toThrow("enough");
    } finally {
      holder.kill();
      await once(holder, "close");
    }
    await store.put("key", bytes("4"));
  });

  it("takes the lock of another machine only when it is old", async () => {
    const store = new FileStore(folder, { lockWaitMs: 50, lockStaleMs: 60_000 });
    await store.put("key", bytes("1"));
    const lock = join(folder, "key.lock");
    await writeFile(lock, JSON.stringify({ token: "t", pid: 1, machine: "elsewhere", started: "1" }));
    await expect(store.put("key", bytes("2"))).rejects.toThrow(/another writer/);
    const old = Date.now() / 1000 - 61;
    await utimes(lock, old, old);
    await store.put("key", bytes("2"));
    expect(await readdir(folder)).toEqual(["key.snapshot"]);
  });
});

async function waitForChange(path: string): Promise<void> {
  const before = (await stat(path)).mtimeMs;
  while ((await stat(path)).mtimeMs === before) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** The text of a lock that the process would write: the format that file-lock.ts owns. */
async function lockOf(pid: number): Promise<string> {
  const machine = `${hostname()} ${await readlink("/proc/self/ns/pid")}`;
  const stats = await readFile(`/proc/${pid}/stat`, "latin1");
  const started = stats.slice(stats.lastIndexOf(")") + 2).split(" ")[19];
  return JSON.stringify({ token: "t", pid, machine, started });
}

async function lockOfDeadProcess(): Promise<string> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const text = await lockOf(child.pid!);
  child.kill("SIGKILL");
  await once(child, "close");
  return text;
}
