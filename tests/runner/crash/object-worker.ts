// The Worker whose workerd is killed: the workflow in a Durable Object. Its tools write to the ledger through a service of the host.

import { FermataObject, fermataFront, type FermataNamespace } from "../../../ts/hosts/cloudflare.ts";
import type { CallContext } from "../../../ts/runner/index.ts";
import { WORKFLOW } from "./workflow.ts";

interface Env {
  readonly RUNS: FermataNamespace;
  readonly LEDGER: { fetch(url: string, init: RequestInit): Promise<unknown> };
}

export class Runs extends FermataObject<Env> {
  override settings(env: Env, runtime: Parameters<FermataObject["settings"]>[1]) {
    const step = async ({ runId, idempotencyKey, attempt }: CallContext, n: number): Promise<number> => {
      const body = JSON.stringify({ run: runId, step: n, key: idempotencyKey, attempt });
      await env.LEDGER.fetch("http://ledger/", { method: "POST", body });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 6));
      return n * n;
    };
    const workflow = runtime.compile(WORKFLOW, { filename: "workflow.js", externals: ["step", "approve"] });
    return {
      programs: { workflow },
      strikes: 100,
      keys: [{ id: "k", key: new Uint8Array(32).fill(7) }],
      tools: {
        step: { call: step, uncertain: "retry" as const },
        approve: { call: step, uncertain: "retry" as const, approval: true },
      },
    };
  }
}

export default fermataFront<Env>({
  namespace: (env) => env.RUNS,
  objectOf: (request) => request.headers.get("x-tenant") ?? new Response("who are you?", { status: 401 }),
});
