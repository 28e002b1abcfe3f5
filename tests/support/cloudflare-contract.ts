// The contract inside workerd: on the storage of a Durable Object, and on a D1 database. The path says which.

import { D1Store, type D1DatabaseLike } from "../../ts/stores/d1.ts";
import { DurableObjectStore, type DurableObjectSqlStorage } from "../../ts/stores/durable-object.ts";
import { contractReport } from "./contract-report.ts";

interface Env {
  readonly DB: D1DatabaseLike;
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

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (new URL(request.url).pathname === "/object") return env.OBJECT.get(env.OBJECT.idFromName("one")).fetch(request);
    const subject = (index: number) => {
      const open = () => new D1Store(env.DB, { table: `case_${index}` });
      return { store: open(), open };
    };
    return Response.json(await contractReport(subject));
  },
};
