import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { openForTest } from "../../support/memory_store_harness.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { tempFolder } from "../../support/temp_folder.ts";

const now = 1_000_000;

Deno.test("dueAt() leaves others their turns while it goes through a crowd that is overdue", async () => {
  await using folder = await tempFolder();
  await using store = await openForTest(folder.path, { now: () => now });
  const crowd = Array.from(
    { length: 70_000 },
    (_, index) => store.put(timeoutPlan(`crowd ${index}`, 1), now - 1),
  );
  await Promise.all([
    ...crowd,
    ...["a", "b"].map((key) => store.put(timeoutPlan(key, 1), now - 2)),
  ]);
  let turns = 0;
  const asked = store.dueAt({ second: now - 2, claimed: true, limit: 100 });
  let isOver = false;
  const answered = asked.finally(() => isOver = true);
  while (!isOver) {
    await setImmediate();
    turns++;
  }
  const keys = (await answered).map(({ plan }) => plan.key);
  assert.deepEqual(keys.sort(), ["a", "b"]);
  assert.ok(turns > 2, `${turns} turns`);
});
