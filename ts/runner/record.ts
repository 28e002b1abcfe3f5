// Owns the record of a run, and how it is written: a head in the clear, which the indexes need, and a sealed body with everything
// else. Must never believe a byte of a sealed record that the seal does not cover: the head is part of the seal's context.
//
//   "FMR" 1 · length of the head (u32) · head (JSON) · [sealed:] length of the body (u32) · body (JSON) · snapshot

import { joinBytes } from "../bytes/join.ts";
import { RunError, SnapshotError } from "../errors.ts";
import type { CallKind } from "../machine/pending-calls.ts";
import type { Usage } from "../machine/run.ts";
import { seal, unseal } from "../snapshot/seal.ts";
import type { RunEvent } from "./events.ts";
import type { Leased } from "./lease.ts";
import type { RunFailure, RunKey, RunLimits, RunStatus, StuckReason, WaitReason } from "./types.ts";

/** The part in the clear. */
export interface RunHead extends Leased {
  readonly run: string;
  readonly tenant: string;
  readonly status: RunStatus;
  /** Counts the commits. */
  readonly generation: number;
  readonly dueAt?: number | undefined;
  readonly tags: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt?: number | undefined;
  /** Id of the key with which the body is sealed. */
  readonly keyId?: string | undefined;
}

/** An answer as it waits to be given: the text of `encodeValue`. */
export interface KeptAnswer {
  readonly value?: string | undefined;
  readonly error?: { readonly name: string; readonly message: string } | undefined;
}

/** A pending call. */
export interface CallRecord {
  readonly id: number;
  readonly name: string;
  readonly kind: CallKind;
  /**
   * - `ready`: to be made from `notBefore` on
   * - `claimed`: being made, or made and not yet answered, by the holder of lease `epoch`
   * - `waiting`: for a person
   * - `decided`: has its answer, which the guest will get next
   */
  readonly state: "ready" | "claimed" | "waiting" | "decided";
  /** The idempotency key; empty for timers. */
  readonly key: string;
  readonly attempt: number;
  readonly since: number;
  readonly notBefore?: number | undefined;
  /** Timers. */
  readonly dueAt?: number | undefined;
  readonly expiresAt?: number | undefined;
  readonly epoch?: number | undefined;
  readonly why?: WaitReason | undefined;
  readonly reason?: string | undefined;
  /** A person, or the tool's rule, let it pass. */
  readonly isApproved?: boolean | undefined;
  /** Arguments to use in place of the guest's, as text of `encodeValue`. */
  readonly edited?: string | undefined;
  readonly answer?: KeptAnswer | undefined;
  readonly lastError?: string | undefined;
}

/** The sealed part, without the snapshot. */
export interface RunBody {
  /** Random, so that idempotency keys are unique even if a run's id is used again. */
  readonly nonce: string;
  readonly program: { readonly hash: string; readonly filename: string };
  readonly calls: readonly CallRecord[];
  /** The largest id of a call so far. */
  readonly lastCall: number;
  readonly limits: RunLimits;
  readonly usage: Usage;
  /** Leases taken since the last one that ended well. */
  readonly strikes: number;
  readonly lastTrouble?: string | undefined;
  readonly reason?: StuckReason | undefined;
  readonly error?: RunFailure | undefined;
  readonly output?: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly nextEvent: number;
  /** Events that have not been moved out yet. */
  readonly events: readonly RunEvent[];
  readonly forkOf?: string | undefined;
  /** The deadline has been told. */
  readonly isExpired?: boolean | undefined;
}

/** A run as stored. */
export interface RunRecord {
  readonly head: RunHead;
  readonly body: RunBody;
  /** Empty if the run has ended. */
  readonly snapshot: Uint8Array;
}

const MAGIC = [0x46, 0x4d, 0x52] as const;
const VERSION = 1;
const HEAD_AT = 8;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function wordAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new RangeError("too short");
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}

/** What a sealed part is bound to: it opens nowhere else. */
function contextOf(purpose: "run" | "events", tenant: string, run: string, clear: string) {
  return { purpose: `fermata ${purpose}`, tenant, run, clear };
}

/** Writes a record. The first key seals; without keys the body is in the clear. */
export function encodeRecord(record: RunRecord, keys: readonly RunKey[]): Uint8Array<ArrayBuffer> {
  const { body, snapshot } = record;
  const headText = JSON.stringify({ ...record.head, keyId: keys[0]?.id });
  const head = encoder.encode(headText);
  const text = encoder.encode(JSON.stringify(body));
  const plain = joinBytes([word(text.length), text, snapshot]);
  const { tenant, run } = record.head;
  const key = keys[0]?.key;
  const rest = key === undefined ? plain : seal(plain, { key, context: contextOf("run", tenant, run, headText) });
  return joinBytes([Uint8Array.of(...MAGIC, VERSION), word(head.length), head, rest]);
}

function damaged(run: string, why: string, cause?: unknown): RunError {
  return new RunError("damaged", `the record of run ${run} cannot be read: ${why}`, { cause });
}

/** Opens a sealed part with the key that it names. */
function opened(
  bytes: Uint8Array,
  keyId: string | undefined,
  keys: readonly RunKey[],
  run: string,
  context: ReturnType<typeof contextOf>,
): Uint8Array {
  if (keyId === undefined) {
    if (keys.length > 0) throw damaged(run, "it is not sealed, and this runner takes only sealed ones");
    return bytes;
  }
  const key = keys.find(({ id }) => id === keyId)?.key;
  if (key === undefined) {
    throw new RunError(
      "key",
      `run ${run} is sealed with key ${JSON.stringify(keyId)}, which is not among the runner's keys`,
    );
  }
  try {
    return unseal(bytes, { keys: key, context });
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    throw damaged(run, error.message, error);
  }
}

/**
 * Reads the record of a run.
 *
 * @throws RunError with the reason `damaged`, `key` or `version`
 */
export function decodeRecord(bytes: Uint8Array, tenant: string, run: string, keys: readonly RunKey[]): RunRecord {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) throw damaged(run, "it does not begin like one");
  if (bytes[3]! > VERSION)
    throw new RunError("version", `the record of run ${run} has version ${bytes[3]}, this release reads ${VERSION}`);
  try {
    const size = wordAt(bytes, 4);
    const headText = decoder.decode(bytes.subarray(HEAD_AT, HEAD_AT + size));
    const head = JSON.parse(headText) as RunHead;
    if (head.run !== run || head.tenant !== tenant) throw damaged(run, "it is the record of another run");
    const context = contextOf("run", tenant, run, headText);
    const rest = opened(bytes.subarray(HEAD_AT + size), head.keyId, keys, run, context);
    const length = wordAt(rest, 0);
    const body = JSON.parse(decoder.decode(rest.subarray(4, 4 + length))) as RunBody;
    return { head, body, snapshot: rest.slice(4 + length) };
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw damaged(run, error instanceof Error ? error.message : String(error), error);
  }
}

/** Writes events that leave the record. */
export function encodeEvents(
  events: readonly RunEvent[],
  { tenant, run }: RunHead,
  keys: readonly RunKey[],
): Uint8Array<ArrayBuffer> {
  const keyId = keys[0]?.id ?? "";
  const plain = encoder.encode(JSON.stringify(events));
  const key = keys[0]?.key;
  const rest = key === undefined ? plain : seal(plain, { key, context: contextOf("events", tenant, run, keyId) });
  const id = encoder.encode(keyId);
  return joinBytes([word(id.length), id, rest]);
}

/** Reads what {@link encodeEvents} wrote. */
export function decodeEvents(bytes: Uint8Array, tenant: string, run: string, keys: readonly RunKey[]): RunEvent[] {
  try {
    const size = wordAt(bytes, 0);
    const keyId = decoder.decode(bytes.subarray(4, 4 + size));
    const context = contextOf("events", tenant, run, keyId);
    const plain = opened(bytes.subarray(4 + size), keyId === "" ? undefined : keyId, keys, run, context);
    return JSON.parse(decoder.decode(plain)) as RunEvent[];
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw damaged(run, error instanceof Error ? error.message : String(error), error);
  }
}
