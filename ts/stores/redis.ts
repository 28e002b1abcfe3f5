// Owns the store in Redis (or Valkey): a hash for each entry, a sorted set of all keys, and one Lua script by which everything is
// written, so that conditions and changes are one step. Must never write in another way.
//
// Redis replies before a write is on its replicas. A failover may lose the last writes, and a lost write is not noticed by its writer:
// keep runs in Redis only with `appendfsync always`, or where that may happen.

import { StoreConflictError } from "../errors.ts";
import { BatchStore, type BatchWrite } from "./batch-store.ts";
import { AFTER_ALL, decodeKey, encodeKey } from "./ordered-key.ts";
import {
  assertKey,
  copyBytes,
  type SnapshotStore,
  type StoredSnapshot,
  type StoreListOptions,
  type StoreReadOptions,
} from "./store.ts";

/* oxlint-disable typescript/no-explicit-any -- the clients' own types are not imported */

/** A client of the package `redis`. */
export interface NodeRedisLike {
  /** Sends a command. */
  sendCommand(args: any, options?: any): Promise<any>;
}

/** A client of the package `ioredis`. */
export interface IoRedisLike {
  /** Sends a command; replies are bytes. */
  callBuffer(command: string, ...args: any[]): Promise<any>;
}

/** A client that the store can use. */
export type RedisClient = NodeRedisLike | IoRedisLike;

/** Options of {@link RedisStore}. */
export interface RedisStoreOptions {
  /**
   * Beginning of all names. Default `"{fermata}"`. In a cluster it must have a hash tag, as the default has: scripts need all keys in one
   * slot.
   */
  prefix?: string | undefined;
}

/**
 * KEYS: the set of names, then one hash for each change. ARGV: for each change its name, the version expected ("*": anything, "": nothing,
 * else a version), the new version ("": delete), the bytes. Returns nothing, or the number of the change that lost with what it found.
 */
const WRITE = `
local found = {}
for i = 2, #KEYS do
  local at = (i - 2) * 4
  local version = redis.call('HGET', KEYS[i], 'v') or ''
  found[i] = version
  local expected, new = ARGV[at + 2], ARGV[at + 3]
  if expected ~= '*' and expected ~= version and (new == '' or new ~= version) then return {i - 2, version} end
end
for i = 2, #KEYS do
  local at = (i - 2) * 4
  if ARGV[at + 3] == '' then
    redis.call('DEL', KEYS[i])
    redis.call('ZREM', KEYS[1], ARGV[at + 1])
  else
    redis.call('HSET', KEYS[i], 'v', ARGV[at + 3], 'b', ARGV[at + 4])
    redis.call('ZADD', KEYS[1], 0, ARGV[at + 1])
  end
end
return false`;

type Argument = string | Uint8Array;
type Send = (args: readonly Argument[]) => Promise<unknown>;

/** Type of a reply in RESP: bulk strings, which may be bytes. */
const BULK = 36;

function senderOf(client: RedisClient): Send {
  // Both clients take a Buffer for bytes, and nothing else; every host that they run on has it.
  const { Buffer } = globalThis as unknown as {
    Buffer: { from(buffer: ArrayBufferLike, at: number, size: number): any };
  };
  const plain = (args: readonly Argument[]): any[] =>
    args.map((one) => (typeof one === "string" ? one : Buffer.from(one.buffer, one.byteOffset, one.length)));
  if ("callBuffer" in client) return (args) => client.callBuffer(...(plain(args) as [string]));
  if ("sendCommand" in client) return (args) => client.sendCommand(plain(args), { typeMapping: { [BULK]: Buffer } });
  throw new TypeError("the client is neither one of redis nor of ioredis");
}

const decoder = new TextDecoder();
const textOf = (value: unknown): string => (typeof value === "string" ? value : decoder.decode(value as Uint8Array));

/** Keeps snapshots in Redis: `new RedisStore(client)`. */
export class RedisStore extends BatchStore implements SnapshotStore {
  readonly #send: Send;
  readonly #prefix: string;

  /** @param client stays the caller's: the store never closes it */
  constructor(client: RedisClient, options: RedisStoreOptions = {}) {
    super();
    this.#send = senderOf(client);
    this.#prefix = options.prefix ?? "{fermata}";
  }

  get(key: string, options: StoreReadOptions = {}): Promise<StoredSnapshot | undefined> {
    return this.perform("get", key, options.signal, async () => {
      assertKey("get", key);
      const [version, bytes] = (await this.#send(["HMGET", this.#entry(key), "v", "b"])) as unknown[];
      if (version === null || version === undefined) return undefined;
      return { version: textOf(version), bytes: copyBytes(bytes as Uint8Array) };
    });
  }

  list(prefix = "", options: StoreListOptions = {}): Promise<string[]> {
    return this.perform("list", prefix, options.signal, async () => {
      const { after, before, limit } = options;
      const start = encodeKey(prefix);
      const afterName = after === undefined ? undefined : encodeKey(after);
      const beforeName = before === undefined ? undefined : encodeKey(before);
      // Of two lower or upper bounds, the narrower; encoded names compare as the keys do, by their units here too.
      const low = afterName !== undefined && afterName >= start ? `(${afterName}` : `[${start}`;
      const end = start + AFTER_ALL;
      const high = beforeName !== undefined && beforeName < end ? beforeName : end;
      const page = limit === undefined ? [] : ["LIMIT", "0", String(limit)];
      const names = (await this.#send(["ZRANGEBYLEX", this.#names, low, `(${high}`, ...page])) as unknown[];
      return names.map((name) => decodeKey(textOf(name)));
    });
  }

  get #names(): string {
    return `${this.#prefix}names`;
  }

  #entry(key: string): string {
    return `${this.#prefix}entry:${encodeKey(key)}`;
  }

  /** @internal */
  protected override get place(): string {
    return `Redis below ${JSON.stringify(this.#prefix)}`;
  }

  /** @internal */
  protected override async write(writes: readonly BatchWrite[]): Promise<(string | null)[]> {
    // Unique, so that a command which the client sent again is recognised as made.
    const versions = writes.map(({ bytes }) => (bytes === null ? null : crypto.randomUUID()));
    const keys = [this.#names, ...writes.map(({ key }) => this.#entry(key))];
    const args = writes.flatMap(({ key, bytes, ifVersion }, i): Argument[] => [
      encodeKey(key),
      ifVersion === undefined ? "*" : (ifVersion ?? ""),
      versions[i] ?? "",
      bytes ?? "",
    ]);
    const lost = (await this.#send(["EVAL", WRITE, String(keys.length), ...keys, ...args])) as unknown[] | null;
    if (lost === null) return versions;
    const { key, bytes, ifVersion } = writes[Number(lost[0])]!;
    const found = textOf(lost[1]);
    throw new StoreConflictError({
      operation: bytes === null ? "delete" : "put",
      key,
      expected: ifVersion!,
      actual: found === "" ? null : found,
    });
  }
}
