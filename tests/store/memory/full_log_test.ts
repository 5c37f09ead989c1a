import assert from "node:assert/strict";
import type { Outcome } from "../../../src/core/outcome.ts";
import type { Store } from "../../../src/store/store.ts";
import { eventually } from "../../support/eventually.ts";
import { openForTest } from "../../support/memory_store_harness.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { tempFolder } from "../../support/temp_folder.ts";

const sizes = { segmentBytes: 4096, segmentCount: 128, smallLogBytes: 4096 };
const start = 1_000_000;

Deno.test("MemoryStore fires all plans of a full log again and again, and takes others when some go", async () => {
  await using folder = await tempFolder();
  const store = await openForTest(folder.path, sizes);
  const keys = await fill(store);
  await assert.rejects(put(store, "more"), { code: 1004 });
  for (let round = 0; round < 2; round++) {
    const fired = await fireAll(store, start + round, keys.size);
    assert.deepEqual(fired, keys);
  }
  assert.equal((await store.stats()).claimedCount, 0);
  for (const key of [...keys].slice(0, keys.size / 2)) {
    assert.ok(await store.remove(key));
  }
  await eventually(() => put(store, "more").then(() => true, () => false));
  await store[Symbol.asyncDispose]();
  await using again = await openForTest(folder.path, {
    ...sizes,
    isStrict: true,
  });
  const { planCount } = await again.stats();
  assert.equal(planCount, keys.size - Math.floor(keys.size / 2) + 1);
});

Deno.test("MemoryStore loses no claim when the log is full in the midst of them", async () => {
  await using folder = await tempFolder();
  const options = { ...sizes, smallLogBytes: Infinity };
  await using store = await openForTest(folder.path, options);
  await fill(store);
  // They come again each second, and are all claimed at the same time.
  let count = 0;
  const claim = async (now: number): Promise<boolean> => {
    const request = { now, missedBefore: 0, limit: 256 };
    const { claims, hasMore } = await store.claimDue(request);
    count += claims.length;
    return hasMore;
  };
  await assert.rejects(
    async () => {
      for (let now = start;; now++) while (await claim(now));
    },
    { code: 1004 },
  );
  assert.equal((await store.stats()).claimedCount, count);
});

/** Puts plans that run each second until there is no room for more; returns their keys. */
async function fill(store: Store): Promise<Set<string>> {
  const keys = new Set<string>();
  for (;;) {
    const batch = Array.from({ length: 100 }, (_, at) => `${keys.size + at}`);
    const puts = batch.map((key) => put(store, key));
    const results = await Promise.allSettled(puts);
    for (const [at, { status }] of results.entries()) {
      if (status === "fulfilled") keys.add(batch[at]);
    }
    if (results.some(({ status }) => status === "rejected")) return keys;
  }
}

function put(store: Store, key: string): Promise<void> {
  const params = { url: "http://host.example.com/callback" };
  return store.put(timeoutPlan(key, 1, { count: 0, params }), start);
}

/** Has `count` plans that are due at `now` succeed, waiting for room; returns their keys. */
async function fireAll(
  store: Store,
  now: number,
  count: number,
): Promise<Set<string>> {
  const fired = new Set<string>();
  const outcome: Outcome = {
    ...{ status: "succeeded", attempt: 1, endedAt: now, durationMs: 1 },
    detail: "done ".repeat(10),
  };
  await eventually(async () => {
    const request = { now, missedBefore: 0, limit: 256 };
    const { claims } = await store.claimDue(request).catch((error) => {
      assert.equal(error.code, 1004);
      return { claims: [] };
    });
    for (const { plan, second } of claims) {
      assert.equal(second, now);
      assert.ok(!fired.has(plan.key));
      fired.add(plan.key);
    }
    await store.settle(
      claims.map((claim) => ({ kind: "ended", claim, outcome })),
    );
    return fired.size === count;
  }, 60_000);
  return fired;
}
