// Owns the cache of programs in Workers KV. KV has no compare-and-set, and reads may be a minute old: this must never hold a
// run or a snapshot. A program is named by the hash of its content and never changes: KV is good enough for that.

import type { Program } from "../api/program.ts";
import type { Runtime } from "../api/runtime.ts";
import { SnapshotError } from "../errors.ts";
import { copyBytes } from "./store.ts";

/** A namespace, as the platform gives it: `env.KV`. */
export interface WorkersKvLike {
  /** Reads a value; null if it is not there. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the platform's own types are not imported
  get(key: string, type: any): Promise<any>;
  /** Writes a value. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  put(key: string, value: any, options?: any): Promise<void>;
}

/** Options of {@link WorkersKvPrograms}. */
export interface WorkersKvProgramsOptions {
  /** Prefix of the hashes. Default `"fermata/program/"`. */
  prefix?: string | undefined;
  /** Seconds after which KV forgets a program that was not written again: at least 60. Default: never. */
  expirationTtl?: number | undefined;
}

/**
 * Keeps programs by their hash, for snapshots that were dumped without them: `runtime.load(bytes, { program: await programs.get(hash) })`.
 * A program just written may not be found elsewhere for a minute.
 */
export class WorkersKvPrograms {
  readonly #kv: WorkersKvLike;
  readonly #runtime: Pick<Runtime, "loadProgram">;
  readonly #prefix: string;
  readonly #ttl: number | undefined;

  /** @param runtime reads and verifies the programs that are found */
  constructor(kv: WorkersKvLike, runtime: Pick<Runtime, "loadProgram">, options: WorkersKvProgramsOptions = {}) {
    this.#kv = kv;
    this.#runtime = runtime;
    this.#prefix = options.prefix ?? "fermata/program/";
    this.#ttl = options.expirationTtl;
  }

  /** Keeps a program; returns its hash. */
  async put(program: Program): Promise<string> {
    const options = this.#ttl === undefined ? {} : { expirationTtl: this.#ttl };
    await this.#kv.put(this.#prefix + program.hash, copyBytes(program.dump()).buffer, options);
    return program.hash;
  }

  /** The program of that hash; undefined if KV does not have it, not yet, or has something else in its place. */
  async get(hash: string): Promise<Program | undefined> {
    const bytes = (await this.#kv.get(this.#prefix + hash, "arrayBuffer")) as ArrayBuffer | null;
    if (bytes === null) return undefined;
    try {
      const program = this.#runtime.loadProgram(new Uint8Array(bytes));
      return program.hash === hash ? program : undefined;
    } catch (error) {
      if (error instanceof SnapshotError) return undefined;
      throw error;
    }
  }
}
