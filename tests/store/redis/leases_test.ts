import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { hasRedis, startRedis } from "../../support/redis_server.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import { testWith } from "../../support/services.ts";

const second = 1_000_000;
const request = { now: second, missedBefore: 0, limit: 100 };

testWith(
  { "redis-server": hasRedis },
  "holds() is over for what this node has claimed of a plan that it replaces or removes",
  async () => {
    await using server = await startRedis();
    await using store = await openRedisForTest(server.port);
    const put = () => store.put(timeoutPlan("k", 1), second);
    await put();
    const { claims: [old] } = await store.claimDue(request);
    assert.equal(store.holds(old), true);
    await put();
    assert.equal(store.holds(old), false);
    const { claims: [fresh] } = await store.claimDue(request);
    assert.equal(store.holds(fresh), true);
    await store.remove("k");
    assert.equal(store.holds(fresh), false);
  },
);

testWith(
  { "redis-server": hasRedis },
  "holds() asks when a second has passed, and knows what another node has removed",
  async () => {
    await using server = await startRedis();
    await using here = await openRedisForTest(server.port);
    await using there = await openRedisForTest(server.port);
    for (const key of ["gone", "there"]) {
      await here.put(timeoutPlan(key, 1), second);
    }
    const { claims } = await here.claimDue(request);
    const held = Object.fromEntries(claims.map((one) => [one.plan.key, one]));
    await there.remove("gone");
    await eventually(async () => !await here.holds(held.gone));
    assert.equal(await here.holds(held.there), true);
    await server.end("SIGKILL");
    await eventually(() => typeof here.holds(held.there) !== "boolean");
    // As long as the lease lasts nobody else can have it.
    assert.equal(await here.holds(held.there), true);
  },
);
