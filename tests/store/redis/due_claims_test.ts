import assert from "node:assert/strict";
import type { Plan } from "../../../src/core/plan.ts";
import { calendarPlan, timeoutPlan } from "../../support/plans.ts";
import { askRedis, hasRedis, startRedis } from "../../support/redis_server.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import { testWith } from "../../support/services.ts";

testWith(
  { "redis-server": hasRedis },
  "claimDue() hands out what it has claimed, even when it can't tell others what follows",
  async () => {
    await using server = await startRedis();
    // All keys but the one that only what is told at the end is written to.
    const keys = ["soon", "clock", "layout", "nodes"].map((name) =>
      `~{forsun:0}:${name}`
    );
    await askRedis(server.port, ...[
      ...["acl", "setuser", "forsun", "on", ">secret", "resetkeys"],
      ...["~{forsun:0:*", ...keys, "+@all"],
    ]);
    await using store = await openRedisForTest(server.port, {
      to: { user: "forsun", password: "secret" },
    });
    const second = 1_000_000;
    const names = Array.from({ length: 40 }, (_, index) => `k${index}`);
    for (const name of names) await store.put(timeoutPlan(name, 1), second);
    const claimed: string[] = [];
    for (let round = 0; round < 100 && claimed.length < 40; round++) {
      const { claims } = await store.claimDue({
        ...{ now: second, missedBefore: 0, limit: 10 },
      });
      claimed.push(...claims.map(({ plan }) => plan.key));
    }
    assert.deepEqual(claimed.sort(), names.sort());
  },
);

testWith(
  { "redis-server": hasRedis },
  "claimDue() looks again at partitions that it has looked at when claiming elsewhere failed",
  async () => {
    await using server = await startRedis();
    const allow = (...rules: string[]) =>
      askRedis(server.port, ...[
        ...["acl", "setuser", "forsun", "on", ">secret", "resetkeys"],
        ...["~{forsun:0}*", "~{forsun:0:*}:m", ...rules, "+@all"],
      ]);
    await allow("~*");
    await using store = await openRedisForTest(server.port, {
      to: { user: "forsun", password: "secret" },
    });
    const second = 1_000_000;
    const names = Array.from({ length: 20 }, (_, index) => `later ${index}`);
    await store.put(timeoutPlan("due", 1), second);
    for (const name of names) await store.put(timeoutPlan(name, 1), second + 9);
    // As a failover may lose it: only looking tells now.
    await askRedis(server.port, "del", "{forsun:0}:soon");
    await allow("%R~{forsun:0:*");
    const request = { missedBefore: 0, limit: 100 };
    await assert.rejects(store.claimDue({ ...request, now: second }));
    await allow("~*");
    const { claims } = await store.claimDue({ ...request, now: second + 9 });
    assert.deepEqual(
      claims.map(({ plan }) => plan.key).sort(),
      ["due", ...names].sort(),
    );
  },
);

testWith(
  { "redis-server": hasRedis },
  "claimDue() claims the others when a plan's time zone is not known, and keeps that plan",
  async () => {
    await using server = await startRedis();
    await using store = await openRedisForTest(server.port);
    const second = 1_000_000;
    const daily = calendarPlan("b", { hour: 3 });
    const schedule = { ...daily.schedule, timeZone: "Atlantis/Capital" };
    await store.put(timeoutPlan("a", 1), second);
    await store.put({ ...daily, schedule } as Plan, second);
    await store.put(timeoutPlan("c", 1), second);
    const request = { now: second, missedBefore: 0, limit: 100 };
    const { claims } = await store.claimDue(request);
    assert.deepEqual(claims.map(({ plan }) => plan.key).sort(), ["a", "c"]);
    assert.deepEqual((await store.claimDue(request)).claims, []);
    assert.equal((await store.get("b"))?.state.nextAt, second + 3600);
  },
);
