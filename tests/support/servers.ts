// Starts the servers that stores are tested on, where this machine has them: Postgres and Redis, each with its data in a folder of its
// own and on a socket there, so that nothing outside is touched. Must never use a server that is there already.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A server that runs. */
export interface TestServer {
  /** The folder of its socket. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Debian keeps the programs of Postgres out of the path. */
function postgresFolders(): string[] {
  try {
    return readdirSync("/usr/lib/postgresql").map((version) => `/usr/lib/postgresql/${version}/bin`);
  } catch {
    return [];
  }
}

/** The path of a program; undefined if it is not here. */
export function programOf(name: string): string | undefined {
  for (const folder of [...(process.env["PATH"] ?? "").split(delimiter), ...postgresFolders()]) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

export const hasPostgres = (): boolean => programOf("initdb") !== undefined && programOf("postgres") !== undefined;
export const hasRedis = (): boolean => programOf("redis-server") !== undefined;

/** Postgres refuses to run as root: then it runs as the first of these users. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("Postgres does not run as root, and there is no other user");
}

function folderFor(name: string, { uid, gid }: { uid?: number; gid?: number }): string {
  const folder = mkdtempSync(join(tmpdir(), `fermata-${name}-`));
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

/** Waits until a server answers. */
async function untilReady(child: ChildProcess, log: () => string, isReady: () => boolean | Promise<boolean>) {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${log()}`);
    if (await isReady()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGKILL");
  throw new Error(`the server does not answer: ${log()}`);
}

function started(command: string, args: readonly string[], user: object): { child: ChildProcess; log: () => string } {
  let text = "";
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...user });
  for (const stream of [child.stdout, child.stderr]) stream!.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { child, log: () => text.slice(-2000) };
}

async function stopped(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const over = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGINT");
    await over;
  }
  rmSync(folder, { recursive: true, force: true });
}

/** A new Postgres without network. Its disk writes are not waited for: what is killed in tests are its clients. */
export async function startPostgres(): Promise<TestServer> {
  const user = unprivileged();
  const folder = folderFor("postgres", user);
  const data = join(folder, "data");
  const made = spawnSync(
    programOf("initdb")!,
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"],
    { ...user, encoding: "utf8", cwd: folder },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const settings = ["listen_addresses=", "fsync=off", "max_connections=60", "shared_buffers=32MB"];
  const args = ["-D", data, "-k", folder, ...settings.flatMap((one) => ["-c", one])];
  const { child, log } = started(programOf("postgres")!, args, { ...user, cwd: folder });
  await untilReady(child, log, () => log().includes("ready to accept connections"));
  return { folder, stop: () => stopped(child, folder) };
}

/** A new Redis without network. */
export async function startRedis(): Promise<TestServer> {
  const folder = folderFor("redis", {});
  const args = ["--port", "0", "--unixsocket", join(folder, "redis.sock"), "--dir", folder, "--save", ""];
  const { child, log } = started(programOf("redis-server")!, [...args, "--appendonly", "no"], {});
  await untilReady(child, log, () => /[Rr]eady to accept connections/.test(log()));
  return { folder, stop: () => stopped(child, folder) };
}

const require = createRequire(import.meta.url);

/* oxlint-disable typescript/no-explicit-any -- the clients' own types are left out, as a user of another client would */

/** A `Pool` of pg on that server. */
export function pgPool({ folder }: Pick<TestServer, "folder">, max = 10): any {
  const pg = require("pg");
  const pool = new pg.Pool({ host: folder, user: "postgres", database: "postgres", max });
  // The server that stops ends connections that the pool has just let go, and the pool tells of that.
  return pool.on("error", () => undefined);
}

/** A client of postgres.js on that server. */
export function postgresJs({ folder }: Pick<TestServer, "folder">, max = 10): any {
  const postgres = require("postgres");
  return postgres({ path: `${folder}/.s.PGSQL.5432`, user: "postgres", database: "postgres", max, onnotice: () => {} });
}
