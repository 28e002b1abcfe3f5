// Owns the keys under which a runner keeps things in its store. Must never let a name of one tenant reach into another's keys.
//
//   r/TENANT/RUN            the record
//   s/TENANT/STATUS/RUN     index: runs by status
//   t/TENANT/TAG/RUN        index: runs by tag
//   d/DUE/TENANT/RUN        index: runs by when they go on; DUE has 16 digits, so keys are in the order of time
//   trial/RANDOM            a store is being tried out
//   e/TENANT/RUN/SEQ        events that were moved out of the record, from number SEQ on

import { RunError } from "../errors.ts";
import type { RunStatus } from "./types.ts";

const NAME = /^[\w.~:@-]{1,128}$/;

/**
 * Checks the id of a run, or the name of a tenant.
 *
 * @throws RunError with the reason `name`
 */
export function checkName(what: "run id" | "tenant", name: unknown): string {
  if (typeof name === "string" && NAME.test(name)) return name;
  const shown = typeof name === "string" ? JSON.stringify(name.slice(0, 40)) : typeof name;
  throw new RunError("name", `a ${what} has 1 to 128 of A–Z a–z 0–9 . _ ~ : @ -, but this is ${shown}`);
}

/** Checks a tag; any text of 1 to 64 characters will do. */
export function checkTag(tag: unknown): string {
  if (typeof tag === "string" && tag.length >= 1 && tag.length <= 64 && tag.isWellFormed?.() !== false) return tag;
  throw new RunError("name", "a tag is a text of 1 to 64 characters");
}

const encoded = encodeURIComponent;

/** What the indexes need to know of a run. */
export interface Indexed {
  readonly run: string;
  readonly tenant: string;
  readonly status: RunStatus;
  readonly dueAt?: number | undefined;
  readonly tags: readonly string[];
}

/** The keys of one runner: `prefix` keeps runners that share a store apart. */
export class Places {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  record(tenant: string, run: string): string {
    return `${this.records(tenant)}${run}`;
  }

  records(tenant: string): string {
    return `${this.#prefix}r/${tenant}/`;
  }

  byStatus(tenant: string, status: RunStatus): string {
    return `${this.#prefix}s/${tenant}/${status}/`;
  }

  byTag(tenant: string, tag: string): string {
    return `${this.#prefix}t/${tenant}/${encoded(tag)}/`;
  }

  /** Keys of runs that are due; smaller than {@link dueBefore} are those due before that time. */
  get due(): string {
    return `${this.#prefix}d/`;
  }

  /** Under which a store is tried out. */
  get trial(): string {
    return `${this.#prefix}trial/`;
  }

  dueBefore(time: number): string {
    return `${this.due}${String(Math.max(0, Math.ceil(time))).padStart(16, "0")}`;
  }

  events(tenant: string, run: string, seq?: number): string {
    const all = `${this.#prefix}e/${tenant}/${run}/`;
    return seq === undefined ? all : all + String(seq).padStart(12, "0");
  }

  /** All index entries of a run. */
  indexOf({ run, tenant, status, dueAt, tags }: Indexed): string[] {
    const keys = [`${this.byStatus(tenant, status)}${run}`, ...tags.map((tag) => `${this.byTag(tenant, tag)}${run}`)];
    if (dueAt !== undefined) keys.push(`${this.dueBefore(dueAt)}/${tenant}/${run}`);
    return keys;
  }

  /** The run of an index entry or record. */
  runOf(key: string): string {
    return key.slice(key.lastIndexOf("/") + 1);
  }

  /** Due time, tenant and run of a key below {@link due}. */
  dueOf(key: string): { readonly dueAt: number; readonly tenant: string; readonly run: string } {
    const [due, tenant, run] = key.slice(this.due.length).split("/") as [string, string, string];
    return { dueAt: Number(due), tenant, run };
  }

  /** First event of an entry of events. */
  seqOf(key: string): number {
    return Number(this.runOf(key));
  }
}
