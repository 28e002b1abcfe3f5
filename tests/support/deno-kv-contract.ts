// The contract on Deno KV, run by Deno; then what only its limits show. Argument: a folder.

import { DenoKvStore, type DenoKvLike } from "../../ts/stores/deno-kv.ts";
import { contractReport, type ContractReport } from "./contract-report.ts";

interface Closing extends DenoKvLike {
  close(): void;
}
const { Deno } = globalThis as unknown as { Deno: { openKv(path: string): Promise<Closing> } };
const folder = process.argv[2]!;
const open: Closing[] = [];

async function opened(path: string): Promise<Closing> {
  const kv = await Deno.openKv(path);
  open.push(kv);
  return kv;
}

const reports: ContractReport[] = await contractReport(async (index) => {
  const path = `${folder}/${index}.db`;
  return { store: new DenoKvStore(await opened(path)), open: async () => new DenoKvStore(await opened(path)) };
});

async function extra(name: string, work: () => Promise<void>): Promise<void> {
  let error: string | undefined;
  try {
    await work();
  } catch (thrown) {
    error = String((thrown as Error).stack);
  }
  reports.push({ name, error });
}

function check(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`not true: ${what}`);
}

async function count(kv: Closing, kind: string): Promise<number> {
  let found = 0;
  for await (const _ of kv.list({ prefix: ["fermata", kind] })) found++;
  return found;
}

await extra("entries of more than 64 KiB leave no parts behind", async () => {
  const kv = await opened(`${folder}/parts.db`);
  const store = new DenoKvStore(kv);
  for (const size of [59_999, 60_000, 60_001, 65_536, 400_000, 1_500_000, 120_000, 5]) {
    const bytes = new Uint8Array(size).fill(size % 251);
    await store.put("key", bytes, { ifVersion: (await store.get("key"))?.version ?? null });
    check((await store.get("key"))!.bytes.length === size, `size ${size}`);
    check((await count(kv, "part")) === Math.max(0, Math.ceil(size / 60_000) - 1), `parts of ${size}`);
  }
  await store.put("key", new Uint8Array(1_500_000));
  await store.delete("key");
  check((await count(kv, "part")) === 0, "none after delete");
  check((await count(kv, "head")) === 0, "no head");
});

await extra("of many that write large entries at once, each reads a whole one", async () => {
  const kv = await opened(`${folder}/large.db`);
  const stores = [new DenoKvStore(kv), new DenoKvStore(await opened(`${folder}/large.db`))];
  await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      const store = stores[i % 2]!;
      await store.put("key", new Uint8Array(i % 3 === 0 ? 900_000 : 130_000).fill(i + 1));
      const { bytes } = (await store.get("key"))!;
      check(
        bytes.every((byte) => byte === bytes[0]),
        "one writer's bytes",
      );
    }),
  );
  const { bytes } = (await stores[0]!.get("key"))!;
  check((await count(kv, "part")) === Math.ceil(bytes.length / 60_000) - 1, "parts of the last one only");
});

await extra("watchers hear of writes by others", async () => {
  const path = `${folder}/watch.db`;
  const writer = new DenoKvStore(await opened(path), { notify: true });
  const watcher = new DenoKvStore(await opened(path));
  const end = new AbortController();
  let tell = (): void => {};
  const heard = new Promise<void>((resolve) => (tell = resolve));
  await watcher.watch("d/", () => tell(), { signal: end.signal });
  await writer.put("d/1", Uint8Array.of(1));
  await heard;
  end.abort();
});

for (const kv of open) kv.close();
console.log(JSON.stringify(reports));
