import { FermataObject, fermataFront } from "fermata-vm/cloudflare";

const source = `const { amount } = await findInvoice(id); await pay(id, amount)`;

export class Runs extends FermataObject {
  settings(env, runtime) {
    return {
      programs: { invoice: runtime.compile(source, { externals: ["findInvoice", "pay"], inputs: ["id"] }) },
      tools: {
        findInvoice: async (id) => ({ id, amount: 420 }),
        pay: { call: async (_ctx, id, amount) => `${id} paid ${amount}`, approval: true },
      },
    };
  }
}

// Who may do what is decided here; the runs of each customer are in an object of their own.
export default fermataFront({
  namespace: (env) => env.RUNS,
  objectOf: (request, env) =>
    request.headers.get("authorization") === `Bearer ${env.TOKEN}` ? "customer-7" : new Response("", { status: 401 }),
});
