import { createRuntime } from "fermata-vm";
import { createRunner } from "fermata-vm/runner";
import { driveInOneTab } from "fermata-vm/runner-browser";
import { IndexedDBStore } from "fermata-vm/stores/indexeddb";

const runtime = await createRuntime();
const store = new IndexedDBStore({ name: "invoices" });
const pay = { call: async (_ctx, id) => `${id} paid`, approval: true };
const runner = createRunner({ runtime, store, tools: { pay } });
const program = runtime.compile(`await pay("INV-7")`, { externals: ["pay"] });
const { signal } = new AbortController();

async function show() {
  const { runs } = await runner.list();
  document.querySelector("#runs").textContent = runs.map(({ status, output }) => output ?? status).join("\n");
}
document.querySelector("#start").onclick = () => runner.start(program);
document.querySelector("#approve").onclick = async () => {
  for (const { id } of (await runner.list({ status: "waiting" })).runs)
    for (const { callId } of await runner.pending(id)) await runner.answer(id, callId, { approve: true });
};
driveInOneTab(runner, { signal }); // in one tab of all that are open
await store.watch("fermata/", show, { signal });
await show();
