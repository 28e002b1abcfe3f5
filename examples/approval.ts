// The guest: an agent that goes through a week's invoices, pays what it may, and asks a person about the rest. It does not know
// that it will be stopped in the middle of `requestApproval`, written to a file, and finished by another process.
// run-approval.ts is the host.

interface Invoice {
  id: string;
  vendor: string;
  amount: number;
  currency: "EUR" | "USD";
  due: string;
}

interface Decision {
  approved: string[];
  by: string;
  note?: string;
}

declare const autoPayBelow: number;
declare function listInvoices(week: number): Promise<Invoice[]>;
declare function exchangeRate(from: string, to: string): Promise<number>;
declare function assessRisk(vendor: string, amount: number): Promise<{ score: number; reason: string }>;
declare function requestApproval(request: { total: number; items: object[] }): Promise<Decision>;
declare function pay(id: string, amount: number): Promise<{ reference: string }>;

enum Verdict {
  Pay = "pay",
  Ask = "ask",
}

class Ledger {
  readonly #entries = new Map<string, { invoice: Invoice; euros: number; verdict: Verdict; reason: string }>();

  add(invoice: Invoice, euros: number, verdict: Verdict, reason: string): void {
    this.#entries.set(invoice.id, { invoice, euros, verdict, reason });
  }

  *with(verdict: Verdict) {
    for (const entry of this.#entries.values()) if (entry.verdict === verdict) yield entry;
  }

  total(verdict: Verdict): number {
    return [...this.with(verdict)].reduce((sum, { euros }) => sum + euros, 0);
  }
}

const ledger = new Ledger();
const rates = new Map<string, Promise<number>>();
const round = (n: number): number => Math.round(n * 100) / 100;

async function inEuros({ amount, currency }: Invoice): Promise<number> {
  if (currency === "EUR") return amount;
  if (!rates.has(currency)) rates.set(currency, exchangeRate(currency, "EUR"));
  return round(amount * (await rates.get(currency)!));
}

async function review(invoice: Invoice): Promise<void> {
  const [euros, risk] = await Promise.all([inEuros(invoice), assessRisk(invoice.vendor, invoice.amount)]);
  const safe = euros < autoPayBelow && risk.score < 0.5;
  ledger.add(invoice, euros, safe ? Verdict.Pay : Verdict.Ask, safe ? "small and usual" : risk.reason);
}

const invoices = await listInvoices(47);
console.log(`${invoices.length} invoices this week`);
await Promise.all(invoices.map(review));

const references: string[] = [];
for (const { invoice, euros } of ledger.with(Verdict.Pay)) {
  references.push((await pay(invoice.id, euros)).reference);
}
console.log(`paid ${references.length} at once, ${round(ledger.total(Verdict.Pay))} EUR`);

const open = [...ledger.with(Verdict.Ask)];
console.log(`asking about ${open.length}: ${open.map(({ invoice }) => invoice.vendor).join(", ")}`);
const decision = await requestApproval({
  total: round(ledger.total(Verdict.Ask)),
  items: open.map(({ invoice, euros, reason }) => ({ id: invoice.id, vendor: invoice.vendor, euros, reason })),
});
console.log(`${decision.by} approved ${decision.approved.length} of ${open.length}`);

for (const { invoice, euros } of open) {
  if (decision.approved.includes(invoice.id)) references.push((await pay(invoice.id, euros)).reference);
}

const result = {
  paid: references.length,
  references,
  refused: open.length - decision.approved.length,
  by: decision.by,
};
result;

export {};
