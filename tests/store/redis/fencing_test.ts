import assert from "node:assert/strict";
import type { Outcome } from "../../../src/core/outcome.ts";
import type { RedisStore } from "../../../src/store/redis/redis_store.ts";
import type { Claim } from "../../../src/store/store.ts";
import { eventually } from "../../support/eventually.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { askRedis, hasRedis, startRedis } from "../../support/redis_server.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import { testWith } from "../../support/services.ts";

const second = 1_000_000;
const failed: Outcome = {
  ...{ status: "failed", attempt: 1, endedAt: second },
  ...{ durationMs: 1, detail: "" },
};
const succeeded: Outcome = { ...failed, status: "succeeded" };

interface Claimed {
  readonly store: RedisStore;
  readonly claim: Claim;
}

/** What a node may do with a claim that it has lost without knowing. */
const doings: Readonly<Record<string, (node: Claimed) => Promise<void>>> = {
  "settle() with a retry": ({ store, claim }) => {
    const retryAt = second;
    return store.settle([{ kind: "retry", claim, outcome: failed, retryAt }]);
  },
  "settle() with the end": ({ store, claim }) =>
    store.settle([{ kind: "ended", claim, outcome: succeeded }]),
  "settle() with a release": ({ store, claim }) =>
    store.settle([{ kind: "released", claim }]),
  "closing": ({ store }) => store[Symbol.asyncDispose](),
  "extending the lease, which tells it,": ({ store, claim }) =>
    eventually(() => !store.holds(claim)),
};

for (const [what, doing] of Object.entries(doings)) {
  testWith(
    { "redis-server": hasRedis },
    `${what} leaves alone who has claimed it since Redis went back to older data`,
    async () => {
      await using server = await startRedis("--enable-debug-command", "yes");
      const options = { leaseMs: 3000 };
      await using old = await openRedisForTest(server.port, options);
      await using other = await openRedisForTest(server.port, options);
      await other.put(timeoutPlan("a", 1), second);
      await askRedis(server.port, "save");
      const lost = await claimOne(old);
      // As a failover to a replica does that was behind.
      await askRedis(server.port, "debug", "reload", "nosave");
      const claim = await claimOne(other);
      await doing({ store: old, claim: lost });
      const { claimedCount, retryCount } = await other.stats();
      assert.equal(claimedCount, 1);
      assert.equal(retryCount, 0);
      assert.deepEqual((await other.claimDue(request)).claims, []);
      await other.settle([{ kind: "ended", claim, outcome: succeeded }]);
      assert.equal(await other.get("a"), undefined);
    },
  );
}

const request = { now: second, missedBefore: 0, limit: 10 };

/** Claims what is due, which a node that has looked before may still have reserved. */
async function claimOne(store: RedisStore): Promise<Claim> {
  let claims: readonly Claim[] = [];
  await eventually(async () => {
    ({ claims } = await store.claimDue(request));
    return claims.length > 0;
  });
  return claims[0];
}
