// Owns finding runs: by status, tag and due time, a page at a time, reading no more records than the page needs. Must never let a
// record that cannot be read hide the others.

import type { Book, Stored } from "./book.ts";
import { checkTag } from "./places.ts";
import type { ListOptions, RunPage, RunView } from "./types.ts";
import { viewOf } from "./view.ts";

/** Index entries that are read at a time. */
const CHUNK = 100;

/** The index that narrows down most, and the runs that its entries name. */
function indexFor(
  book: Book,
  tenant: string,
  { status, tag, dueBefore }: ListOptions,
): {
  readonly prefix: string;
  readonly before?: string | undefined;
  readonly runOf: (key: string) => string | undefined;
} {
  const { places } = book;
  const runOf = (key: string): string => places.runOf(key);
  if (dueBefore !== undefined) {
    const ofTenant = (key: string): string | undefined => {
      const due = places.dueOf(key);
      return due.tenant === tenant ? due.run : undefined;
    };
    return { prefix: places.due, before: places.dueBefore(dueBefore), runOf: ofTenant };
  }
  if (tag !== undefined) return { prefix: places.byTag(tenant, checkTag(tag)), runOf };
  if (status !== undefined) return { prefix: places.byStatus(tenant, status), runOf };
  return { prefix: places.records(tenant), runOf };
}

function fits({ head }: Stored, { status, tag, dueBefore }: ListOptions): boolean {
  return (
    (status === undefined || head.status === status) &&
    (tag === undefined || head.tags.includes(tag)) &&
    (dueBefore === undefined || (head.dueAt !== undefined && head.dueAt < dueBefore))
  );
}

/** Lists a page of a tenant's runs. */
export async function listRuns(book: Book, tenant: string, options: ListOptions): Promise<RunPage> {
  const { limit = 100 } = options;
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`limit is a whole number from 1 up, not ${limit}`);
  const { prefix, before, runOf } = indexFor(book, tenant, options);
  const runs: RunView[] = [];
  const damaged: { id: string; error: unknown }[] = [];
  const isRecord = prefix === book.places.records(tenant);
  let after = options.cursor;
  for (;;) {
    const keys = await book.list(prefix, { after, before, limit: CHUNK });
    for (const key of keys) {
      if (runs.length + damaged.length >= limit) return { runs, damaged, cursor: after };
      after = key;
      const run = runOf(key);
      if (run === undefined) continue;
      try {
        const found = await book.find(tenant, run);
        const isCurrent = found !== undefined && (isRecord || book.isIndexed(key, found));
        if (!isCurrent) await book.mend(key, found);
        else if (fits(found, options)) runs.push(viewOf(found));
      } catch (error) {
        damaged.push({ id: run, error });
      }
    }
    if (keys.length < CHUNK) return { runs, damaged, cursor: undefined };
  }
}
