// The contract inside workerd: on the storage of a Durable Object, a D1 database, and an R2 bucket. The path says which.

import { D1Store, type D1DatabaseLike } from "../../ts/stores/d1.ts";
import { DurableObjectStore, type DurableObjectSqlStorage } from "../../ts/stores/durable-object.ts";
import { R2Store, type R2BucketLike } from "../../ts/stores/r2.ts";
import type { SnapshotStore } from "../../ts/stores/store.ts";
import { Book } from "../../ts/runner/book.ts";
import { Places } from "../../ts/runner/places.ts";
import { contractReport } from "./contract-report.ts";

interface Env {
  readonly DB: D1DatabaseLike;
  readonly BUCKET: R2BucketLike;
  readonly KV: SnapshotStore;
  readonly OBJECT: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(request: Request): Promise<Response> };
  };
}

export class ContractObject {
  readonly #storage: DurableObjectSqlStorage;

  constructor(context: { readonly storage: DurableObjectSqlStorage }) {
    this.#storage = context.storage;
  }

  async fetch(): Promise<Response> {
    const subject = (index: number) => {
      const open = () => new DurableObjectStore(this.#storage, { table: `case_${index}` });
      return { store: open(), open };
    };
    return Response.json(await contractReport(subject));
  }
}

/** As a store of runs, the namespace itself is refused. */
async function inKv({ KV }: Env): Promise<string> {
  const book = new Book(KV, new Places(""), [], Date.now);
  return book.commit(undefined, {} as never).catch((error: unknown) => String(error)) as Promise<string>;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/object") return env.OBJECT.get(env.OBJECT.idFromName("one")).fetch(request);
    if (pathname === "/kv") return new Response(await inKv(env));
    const subject = (index: number) => {
      const open = (): SnapshotStore =>
        pathname === "/r2"
          ? new R2Store(env.BUCKET, { prefix: `case_${index}/` })
          : new D1Store(env.DB, { table: `case_${index}` });
      return { store: open(), open };
    };
    return Response.json(await contractReport(subject));
  },
};
