import { openMemoryStore } from "../../../src/store/memory/open_memory_store.ts";
import { testStoreContract } from "../../contract/store_contract.ts";
import { tempFolder } from "../../support/temp_folder.ts";

testStoreContract("MemoryStore", async ({ keepSeconds }) => {
  const folder = await tempFolder();
  const open = () =>
    openMemoryStore({
      folder: folder.path,
      sync: "no",
      timeZone: "UTC",
      keepSeconds,
      isStrict: true,
      now: () => 1_000_000,
    });
  let store = await open();
  return {
    store,
    async reopen() {
      await store[Symbol.asyncDispose]();
      return store = await open();
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
});
