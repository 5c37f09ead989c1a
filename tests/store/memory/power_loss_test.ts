import assert from "node:assert/strict";
import type { Store } from "../../../src/store/store.ts";
import { createRandom } from "../../fuzz/random.ts";
import { watchDisk } from "../../support/losing_disk.ts";
import { openForTest } from "../../support/memory_store_harness.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { randomRuns } from "../../support/random.ts";
import { tempFolder } from "../../support/temp_folder.ts";

const later = 2_000_000;
const sizes = { segmentBytes: 700, smallLogBytes: 1500 };
const options = { ...sizes, sync: "always", isStrict: true } as const;

Deno.test("MemoryStore has all that it has acknowledged, whenever the power fails", async () => {
  const { numRuns, seed } = randomRuns(200);
  const random = createRandom(seed);
  const choose = (count: number) => random(0, count - 1);
  await using folder = await tempFolder();
  using disk = watchDisk(folder.path);
  /** The delay of each plan's schedule. */
  const acknowledged = new Map<string, number>();
  let underWay: { readonly key: string; readonly delay?: number } | undefined;
  let failures = 0;
  async function failPower(): Promise<void> {
    await using found = await tempFolder();
    disk.fail(found.path, choose);
    const expected = new Map(acknowledged);
    const pending = underWay;
    await using store = await openForTest(found.path, options);
    const plans = await delaysOf(store);
    failures++;
    if (pending !== undefined) {
      const delay = plans.get(pending.key);
      const before = expected.get(pending.key);
      assert.ok(delay === before || delay === pending.delay, pending.key);
      plans.delete(pending.key);
      expected.delete(pending.key);
    }
    assert.deepEqual(plans, expected);
  }
  let mistake: unknown;
  // The store takes an error there for one of the disk.
  disk.onChange = () => failPower().catch((error) => mistake ??= error);
  await using store = await openForTest(folder.path, options);
  for (let step = 1; step <= numRuns; step++) {
    const key = `key ${choose(12)}`;
    // Now and then all go, so that many files are cleaned away in a row.
    if (step % 100 < 80 && choose(4) > 0) {
      const params = { body: "x".repeat(choose(500)) };
      underWay = { key, delay: step };
      await store.put(timeoutPlan(key, step, { params }), later);
      acknowledged.set(key, step);
    } else {
      underWay = { key };
      await store.remove(key);
      acknowledged.delete(key);
    }
    underWay = undefined;
    if (mistake !== undefined) throw mistake;
  }
  assert.ok(failures > numRuns);
});

async function delaysOf(store: Store): Promise<Map<string, number>> {
  const request = { prefix: "", after: undefined, limit: 1000 };
  const plans = await store.page(request);
  return new Map(plans.map(({ plan }) => {
    assert.equal(plan.schedule.kind, "timeout");
    return [plan.key, plan.schedule.delaySeconds];
  }));
}
