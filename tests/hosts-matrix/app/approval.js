// Owns the two halves of the approval program's run: each is made in a process of its own, which gets the package from its host.
// Must never use anything of that host.

import { SOURCE } from "./source.js";

const INVOICES = [
  { id: "INV-301", vendor: "Nordic Paper", amount: 84.5, currency: "EUR", due: "2026-11-25" },
  { id: "INV-302", vendor: "Cloudberry Hosting", amount: 312, currency: "USD", due: "2026-11-27" },
  { id: "INV-304", vendor: "Atlas Freight", amount: 18_400, currency: "EUR", due: "2026-12-01" },
  { id: "INV-305", vendor: "Unknown Consulting Ltd", amount: 240, currency: "USD", due: "2026-11-26" },
];

const tools = {
  listInvoices: async () => INVOICES,
  exchangeRate: async () => 0.92,
  assessRisk: async (vendor, amount) =>
    vendor.startsWith("Unknown")
      ? { score: 0.8, reason: "first invoice of this vendor" }
      : amount > 10_000
        ? { score: 0.6, reason: "large amount" }
        : { score: 0.1, reason: "known vendor" },
  pay: async (id) => ({ reference: `PAY-${id.slice(4)}` }),
};
const driving = { tools, hold: ["requestApproval"] };

/** Without bytes: runs the program until it asks a person. With bytes: brings the decision, and runs it to its end. */
export async function takeTurn({ createRuntime }, { bytes, decision }) {
  const runtime = await createRuntime();
  if (bytes === undefined) {
    const program = runtime.compile(SOURCE, {
      filename: "approval.ts",
      inputs: ["autoPayBelow"],
      externals: [...Object.keys(tools), "requestApproval"],
    });
    const state = await program.drive({ inputs: { autoPayBelow: 300 }, ...driving });
    return { asks: state.calls.map(({ name, args }) => [name, args[0].total]), bytes: [...state.snapshot().dump()] };
  }
  const held = runtime.load(Uint8Array.from(bytes)).restore();
  const state = await held.answer("requestApproval", decision).drive(driving);
  return { output: state.output, stdout: state.stdout };
}
