import assert from "node:assert/strict";
import { timeoutPlan } from "../../support/plans.ts";
import { hasRedis, startRedis } from "../../support/redis_server.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import { testWith } from "../../support/services.ts";

testWith(
  { "redis-server": hasRedis },
  "pageDue() fills its pages behind any number of plans that are over and kept",
  async () => {
    await using server = await startRedis();
    await using store = await openRedisForTest(server.port, {
      keepSeconds: 1000,
    });
    const second = 1_000_000;
    const over = Array.from({ length: 30 }, (_, index) => `over ${index}`);
    for (const key of over) await store.put(timeoutPlan(key, 1), second);
    const { claims } = await store.claimDue({
      ...{ now: second, missedBefore: 0, limit: 100 },
    });
    assert.equal(claims.length, over.length);
    await store.settle(claims.map((claim) => ({
      kind: "ended",
      claim,
      outcome: {
        ...{ status: "succeeded", attempt: 1, endedAt: second },
        ...{ durationMs: 1, detail: "" },
      },
    })));
    const live = Array.from({ length: 5 }, (_, index) => `live ${index}`);
    for (const [index, key] of live.entries()) {
      await store.put(timeoutPlan(key, 1), second + 5000 + index);
    }
    const page = (after?: { readonly second: number; readonly key: string }) =>
      store.pageDue({ prefix: "", after, limit: 3 });
    const first = await page();
    assert.deepEqual(first.plans.map(({ plan }) => plan.key), live.slice(0, 3));
    const last = await page(first.next);
    assert.deepEqual(last.plans.map(({ plan }) => plan.key), live.slice(3));
    assert.equal(last.next, undefined);
    const byKey = await store.page({ prefix: "over", after: "", limit: 7 });
    assert.equal(byKey.length, 7);
  },
);
