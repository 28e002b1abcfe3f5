// Owns the other hosts on which held programs go on: Deno, Bun and workerd, each with the built package. Must never say what is right:
// every leg comes with what must come of it.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeConsumer } from "../support/consumer.ts";
import type { Leg } from "./held.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const FILES = ["leg.js", "leg-process.js", "leg-worker.js"].map((file) => join(here, file));
export const HOSTS = ["deno", "bun", "workerd"] as const;
type Host = (typeof HOSTS)[number];

interface Arrived {
  readonly fuel: number;
  readonly bytes?: string;
  readonly failed?: string;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** What is wrong with how the legs arrive on a host, by the number of their program. */
export async function goAway(host: Host, legs: readonly Leg[]): Promise<{ index: number; what: string }[]> {
  if (legs.length === 0) return [];
  const consumer = makeConsumer(FILES);
  try {
    const request = legs.map(({ bytes, fuel }) => ({ bytes: base64(bytes), fuel }));
    const arrived = (
      host === "workerd"
        ? await consumer.runWorker("leg-worker.js", request)
        : await consumer.run(host, "leg-process.js", request)
    ) as Arrived[];
    return legs.flatMap(({ index, expected }, i) => {
      const { fuel, bytes, failed } = arrived[i]!;
      const same = bytes === (expected.bytes === undefined ? undefined : base64(expected.bytes));
      const what =
        failed ?? (fuel !== expected.fuel ? `fuel ${expected.fuel} became ${fuel}` : same ? undefined : "other bytes");
      return what === undefined ? [] : [{ index, what: `on ${host}: ${what}` }];
    });
  } finally {
    consumer.dispose();
  }
}
