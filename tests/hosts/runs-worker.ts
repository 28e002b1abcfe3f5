// The Worker of durable-object.test.ts.

import { FermataObject, fermataFront, type FermataNamespace } from "../../ts/hosts/cloudflare.ts";
import type { CallContext } from "../../ts/runner/index.ts";

interface Env {
  readonly RUNS: FermataNamespace;
  readonly OUTSIDE: { fetch(url: string): Promise<Response> };
}

const ORDER = `const amount = await find(what) === "done" ? 420 : 0;
const paid = await pay(what, amount);
await new Promise((resolve) => setTimeout(resolve, 30));
what + ": " + paid + ", " + (amount === 420 ? "done" : "not found")`;

const after = (ms: number, value: string): string =>
  `await new Promise((resolve) => setTimeout(resolve, ${ms})); ${JSON.stringify(value)}`;

export class Runs extends FermataObject<Env> {
  override settings(env: Env, runtime: Parameters<FermataObject["settings"]>[1]) {
    const outside = async (name: string): Promise<unknown> =>
      (await env.OUTSIDE.fetch(`http://outside/${name}`)).json();
    return {
      programs: {
        order: runtime.compile(ORDER, { filename: "order.js", externals: ["find", "pay"], inputs: ["what"] }),
        slow: runtime.compile("await crawl()", { filename: "slow.js", externals: ["crawl"] }),
        nap: runtime.compile(after(100, "slept"), { filename: "nap.js" }),
        later: runtime.compile(after(1500, "later"), { filename: "later.js" }),
      },
      tools: {
        find: () => outside("find"),
        pay: { call: (_ctx: CallContext) => outside("pay"), approval: true },
        crawl: () => new Promise<void>((resolve) => setTimeout(resolve, 4000)),
      },
    };
  }
}

export default fermataFront<Env>({
  namespace: (env) => env.RUNS,
  objectOf: (request) => request.headers.get("x-tenant") ?? new Response('"who are you?"', { status: 401 }),
});
