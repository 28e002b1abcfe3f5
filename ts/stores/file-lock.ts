// Owns the lock between processes: a file that only one of them can create. Guards one entry of the file store for the few
// milliseconds of a write.
//
// It must never be taken from a living owner, and must never remain for ever after a dead one.

import { randomUUID } from "node:crypto";
import { open, readFile, stat, unlink } from "node:fs/promises";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Why and how long to wait for a lock. */
export interface LockOptions {
  /** How long to wait for another writer, in ms. */
  waitMs: number;
  /** Age in ms from which the lock of an owner that cannot be checked (on another machine) counts as abandoned. */
  staleMs: number;
  signal?: AbortSignal | undefined;
}

/** A lock that is held. */
export interface HeldLock {
  /** Whether it broke the lock of a crashed owner, who may have left temporary files. */
  readonly brokeAnother: boolean;
  /** Whether the lock is still ours: `false` if this process slept so long that another one considered it dead. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

interface Owner {
  token: string;
  pid: number;
  machine: string;
  /** When the process started, if the system tells: process ids are reused. */
  started: string;
}

// A process id means something only within one pid namespace: containers may share a host name and even a network.
function machineName(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

function startOfProcess(pid: number): string {
  try {
    // The 22nd field; the second is the program's name in parentheses and may itself hold spaces.
    const stats = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stats.slice(stats.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** Whether the owner's process is running; undefined if that is unknown. */
function isRunning(owner: Owner): boolean | undefined {
  if (owner.machine !== machineName()) return undefined;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to another user.
    if (codeOf(error) !== "EPERM") return false;
  }
  return owner.started === "" ? undefined : owner.started === startOfProcess(owner.pid);
}

/** The `code` of a system error, or "". */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Owner;
  } catch (error) {
    // Deleted meanwhile, or read between its creation and its first byte.
    if (codeOf(error) === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Age in ms from which an empty lock counts as abandoned: its owner is written within microseconds of its creation. An owner that
 * slept in between finds that it does not hold the lock.
 */
const UNWRITTEN_MS = 1000;

async function isStale(path: string, staleMs: number): Promise<boolean> {
  const owner = await readOwner(path);
  const running = owner && isRunning(owner);
  if (running !== undefined) return !running;
  const stats = await stat(path).catch(() => undefined);
  const oldest = owner === undefined ? Math.min(staleMs, UNWRITTEN_MS) : staleMs;
  return stats !== undefined && Date.now() - stats.mtimeMs > oldest;
}

async function createExclusively(path: string, text: string): Promise<boolean> {
  let file;
  try {
    file = await open(path, "wx");
  } catch (error) {
    // Windows reports EPERM or EACCES while another process is deleting the file.
    const busy = process.platform === "win32" ? ["EEXIST", "EPERM", "EACCES"] : ["EEXIST"];
    if (busy.includes(codeOf(error))) return false;
    throw error;
  }
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  return true;
}

async function removeIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (codeOf(error) !== "ENOENT") throw error;
  });
}

/**
 * Removes an abandoned lock. Two processes that find the same abandoned lock must not remove it one after the other, because the
 * second would remove the first one's new lock. Breaking therefore has its own lock, and checks again after taking it.
 */
async function breakIfStale(path: string, owner: string, staleMs: number): Promise<boolean> {
  if (!(await isStale(path, staleMs))) return false;
  const breaker = `${path}.break`;
  if (!(await createExclusively(breaker, owner))) {
    // A process may also crash while it breaks a lock.
    if (await isStale(breaker, staleMs)) await removeIfThere(breaker);
    return false;
  }
  try {
    if (!(await isStale(path, staleMs))) return false;
    await removeIfThere(path);
    return true;
  } finally {
    await removeIfThere(breaker);
  }
}

/**
 * Waits for the lock and takes it. The folder must exist.
 *
 * @returns undefined if another writer kept it for the whole of `waitMs`
 */
export async function acquireLock(path: string, options: LockOptions): Promise<HeldLock | undefined> {
  const token = randomUUID();
  const text = JSON.stringify({
    token,
    pid: process.pid,
    machine: machineName(),
    started: startOfProcess(process.pid),
  } satisfies Owner);
  const deadline = Date.now() + options.waitMs;
  let brokeAnother = false;
  for (let attempt = 0; !(await createExclusively(path, text)); attempt++) {
    options.signal?.throwIfAborted();
    if (await breakIfStale(path, text, options.staleMs)) brokeAnother = true;
    else if (Date.now() >= deadline) return undefined;
    // Random, so that writers that met once do not meet again and again.
    else await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(1 + attempt, 20)));
  }
  const isHeld = async () => (await readOwner(path))?.token === token;
  return {
    brokeAnother,
    isHeld,
    async release() {
      if (await isHeld()) await removeIfThere(path);
    },
  };
}
