import assert from "node:assert/strict";
import { openForTest } from "../../support/memory_store_harness.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { tempFolder } from "../../support/temp_folder.ts";

/** A plan of `bytes` bytes. */
function large(key: string, bytes: number) {
  return timeoutPlan(key, 10, { params: { body: "x".repeat(bytes) } });
}

Deno.test("put() keeps what comes behind plans that are larger than a segment", async () => {
  await using folder = await tempFolder();
  const keys: string[] = [];
  {
    await using store = await openForTest(folder.path, { sync: "no" });
    for (const bytes of [3_000_000, 10_000_000, 6_000_000]) {
      keys.push(`large:${bytes}`);
      await store.put(large(`large:${bytes}`, bytes), 1_000_010);
      for (let at = 0; at < 500; at++) {
        keys.push(`small:${bytes}:${at}`);
        await store.put(large(`small:${bytes}:${at}`, 10_000), 1_000_010);
      }
    }
    await assertKept(store);
  }
  await using store = await openForTest(folder.path, { sync: "no" });
  await assertKept(store);

  async function assertKept(
    store: Awaited<ReturnType<typeof openForTest>>,
  ): Promise<void> {
    for (const key of keys) {
      const size = (await store.get(key))?.plan.params.body.length;
      const [kind, bytes] = key.split(":");
      assert.equal(size, kind === "large" ? Number(bytes) : 10_000, key);
    }
  }
});
