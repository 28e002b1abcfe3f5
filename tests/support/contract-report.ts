// Runs the contract of stores where there is no test library, and reports each case as data.

import { type StoreUnderTest, storeContract } from "../stores/contract.ts";

export interface ContractReport {
  readonly name: string;
  readonly error: string | undefined;
}

/** Runs each case on a subject of its own. */
export async function contractReport(
  subject: (caseIndex: number) => StoreUnderTest | Promise<StoreUnderTest>,
): Promise<ContractReport[]> {
  const reports: ContractReport[] = [];
  for (const [index, { name, run }] of storeContract.entries()) {
    let error: string | undefined;
    try {
      await run(await subject(index));
    } catch (thrown) {
      error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    }
    reports.push({ name, error });
  }
  return reports;
}

/** The cases that failed; all of the contract must have been run. */
export function failuresOf(reports: readonly ContractReport[]): ContractReport[] {
  const names = new Set(reports.map(({ name }) => name));
  const missing = storeContract.filter(({ name }) => !names.has(name));
  return [
    ...reports.filter(({ error }) => error !== undefined),
    ...missing.map(({ name }) => ({ name, error: "not run" })),
  ];
}
