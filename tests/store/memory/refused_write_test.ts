import assert from "node:assert/strict";
import { join } from "node:path";
import {
  journalFiles,
  openForTest,
} from "../../support/memory_store_harness.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { tempFolder } from "../../support/temp_folder.ts";

Deno.test("remove() removes though an earlier one was refused in the same place", async () => {
  await using folder = await tempFolder();
  await using store = await openForTest(folder.path, { segmentBytes: 1024 });
  await store.put(timeoutPlan("a", 60), 2_000_000);
  await store.put(timeoutPlan("b", 60), 2_000_000);
  assert.equal((await journalFiles(folder.path)).length, 1);
  // A folder in the place of the next file keeps it from being written.
  const next = join(folder.path, "0000000002.journal");
  await Deno.mkdir(next);
  const params = { body: "x".repeat(700) };
  const large = timeoutPlan("c", 60, { params });
  const refused = store.put(large, 2_000_000);
  const removing = refused.catch(() => {
    const putting = store.put(large, 2_000_000);
    return { putting, removed: store.remove("b") };
  });
  const earlier = store.remove("a");
  await assert.rejects(earlier, { code: 1005 });
  const later = await removing;
  await Deno.remove(next);
  assert.ok(later);
  await later.putting;
  assert.equal((await later.removed)?.plan.key, "b");
  assert.equal(await store.get("b"), undefined);
  assert.ok(await store.get("a"));
});
