// Owns what happened in a run, in order: events are numbered when the commit they belong to is made, kept in the record until there
// are many, and then moved to entries of their own. Must never show an event of a commit that was not made, nor lose one that was.

/** Something that happened in a run. */
export type RunEvent = EventData & {
  /** 1 for the first event of the run, without gaps. */
  readonly seq: number;
  /** Milliseconds since 1970, by the clock of the worker. */
  readonly at: number;
};

type About = { readonly callId: number; readonly name: string };

/** What happened. */
export type EventData =
  /** The first event. `forkOf`: the run that this one is a copy of. */
  | { readonly type: "started"; readonly forkOf?: string | undefined }
  /** The program wrote this. */
  | { readonly type: "stdout" | "stderr"; readonly text: string }
  /** A worker is about to make the call. */
  | ({ readonly type: "claimed"; readonly attempt: number } & About)
  /** The guest got the answer. `message`: of the error, if it was one. */
  | ({ readonly type: "answered"; readonly ok: boolean; readonly message?: string | undefined } & About)
  /** An attempt failed; the next is made from `notBefore` on (milliseconds since 1970). */
  | ({
      readonly type: "retried";
      readonly attempt: number;
      readonly message: string;
      readonly notBefore: number;
    } & About)
  /** The call waits for a person. */
  | ({ readonly type: "asked"; readonly why: string; readonly reason?: string | undefined } & About)
  | ({
      /** A person decided. */
      readonly type: "decided";
      readonly decision: "approve" | "edit" | "respond" | "deny";
      readonly by?: string | undefined;
      readonly reason?: string | undefined;
    } & About)
  /** The worker that made the call ended before it stored the answer; `policy` says what follows. */
  | ({ readonly type: "uncertain"; readonly policy: "retry" | "ask" | "fail" } & About)
  /** The worker left the run; it goes on by itself at `dueAt` (milliseconds since 1970), if that is given. */
  | { readonly type: "paused"; readonly dueAt?: number | undefined }
  | { readonly type: "done" }
  /** The run ended with an error, or cannot go on. */
  | { readonly type: "failed" | "stuck"; readonly message: string }
  /** A person ended it, or its deadline passed. */
  | { readonly type: "canceled" | "expired"; readonly by?: string | undefined; readonly reason?: string | undefined };

/** More than these stay in the record only until the next commit. */
const MAX_KEPT = { events: 32, characters: 8192 } as const;

/** Whether the events in a record are to be moved out before more are added. */
export function isFull(events: readonly RunEvent[]): boolean {
  if (events.length > MAX_KEPT.events) return true;
  let characters = 0;
  for (const event of events) if ("text" in event) characters += event.text.length;
  return characters > MAX_KEPT.characters;
}

/** Numbers new events. */
export function numbered(data: readonly EventData[], first: number, at: number): RunEvent[] {
  return data.map((event, i) => ({ seq: first + i, at, ...event }));
}

/** Joins events from entries and from the record; some may be in both. */
export function inOrder(events: readonly RunEvent[], after: number): RunEvent[] {
  const bySeq = new Map(events.filter(({ seq }) => seq > after).map((event) => [event.seq, event]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
