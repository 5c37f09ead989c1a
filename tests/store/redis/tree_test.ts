import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { timeoutPlan } from "../../support/plans.ts";
import { askRedis, hasRedis, startRedis } from "../../support/redis_server.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import { testWith } from "../../support/services.ts";

const start = 1_000_000;

testWith(
  { "redis-server": hasRedis },
  "RedisStore keeps its order through thousands of puts and removals, and leaves nothing behind",
  async () => {
    await using server = await startRedis();
    await using store = await openRedisForTest(server.port, {
      keys: { prefix: "t", serverId: 1, partitions: 2 },
    });
    const plans = new Map<string, number>();
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48_271) % 0x7fff_ffff;
      return seed % below;
    };
    const letters = ["a", "B", "z", "Ä", "\u{1f600}", "0", "-", "12"];
    const words = () =>
      Array.from({ length: 1 + random(4) }, () => letters[random(8)]).join("");
    for (let round = 0; round < 20; round++) {
      const work: Promise<unknown>[] = [];
      for (let step = 0; step < 250; step++) {
        const key = words();
        if (random(4) === 0) {
          plans.delete(key);
          work.push(store.remove(key));
        } else {
          const second = start + random(2000);
          plans.set(key, second);
          work.push(store.put(timeoutPlan(key, 5), second));
        }
      }
      await Promise.all(work);
    }
    const byBytes = (a: string, b: string) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b));
    const sorted = [...plans.keys()].sort(byBytes);
    assert.ok(sorted.length > 500, `only ${sorted.length} plans`);
    const found: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await store.pageKeys({ prefix: "", after, limit: 97 });
      if (page.length === 0) break;
      found.push(...page);
      after = page.at(-1);
    }
    assert.deepEqual(found, sorted);
    assert.equal((await store.stats()).planCount, sorted.length);

    const due = await store.pageDue({
      ...{ prefix: "", after: undefined, limit: 10_000 },
    });
    const order = sorted.toSorted((a, b) =>
      (plans.get(a) ?? 0) - (plans.get(b) ?? 0)
    );
    assert.deepEqual(due.plans.map(({ plan }) => plan.key), order);

    const claimed: string[] = [];
    for (;;) {
      const batch = await store.claimDue({
        ...{ now: start + 2000, missedBefore: 0, limit: 300 },
      });
      claimed.push(...batch.claims.map(({ plan }) => plan.key));
      await store.settle(batch.claims.map((claim) => ({
        kind: "ended",
        claim,
        outcome: {
          ...{ status: "succeeded", attempt: 1, endedAt: start },
          ...{ durationMs: 1, detail: "" },
        },
      })));
      if (!batch.hasMore) break;
    }
    assert.deepEqual(claimed.sort(byBytes), sorted);
    const left = await askRedis(server.port, "--scan", "--pattern", "{t:1:*");
    assert.deepEqual(left.split("\n").sort(), ["{t:1:0}:m", "{t:1:1}:m"]);
  },
);
