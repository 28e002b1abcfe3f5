// Owns the view that users get of a record. Must never show more than the record says, nor run anything.

import type { CallRecord, RunRecord } from "./record.ts";
import type { CallView, RunView } from "./types.ts";
import { decodeValue } from "./values.ts";

function callView({ id, name, kind, state, attempt, dueAt, notBefore, lastError }: CallRecord): CallView {
  return { id, name, kind, state, attempt, dueAt: dueAt ?? notBefore, lastError };
}

/** A record as users see it. */
export function viewOf({ head, body }: RunRecord): RunView {
  const { lease } = head;
  return {
    id: head.run,
    tenant: head.tenant,
    status: head.status,
    tags: head.tags,
    createdAt: head.createdAt,
    updatedAt: head.updatedAt,
    dueAt: lease === undefined ? head.dueAt : undefined,
    expiresAt: head.expiresAt,
    lease: lease && { owner: lease.owner, until: lease.until },
    program: body.program,
    calls: body.calls.map(callView),
    usage: body.usage,
    output: body.output === undefined ? undefined : decodeValue(body.output),
    error: body.error,
    reason: body.reason,
    stdout: body.stdout,
    stderr: body.stderr,
    forkOf: body.forkOf,
  };
}
