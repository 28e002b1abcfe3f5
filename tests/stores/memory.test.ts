import { describe, it } from "vitest";
import { MemoryStore } from "../../ts/stores/memory.ts";
import { storeContract } from "./contract.ts";

describe("MemoryStore", () => {
  it.each(storeContract)("$name", async ({ run }) => {
    const store = new MemoryStore();
    await run({ store, open: () => store });
  });
});
