import { configure, type LogRecord, reset } from "@logtape/logtape";
import assert from "node:assert/strict";
import { Peers } from "../../../src/store/redis/peers.ts";
import type { NodeReport } from "../../../src/store/store.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { hasRedis, startRedis } from "../../support/redis_server.ts";
import {
  nodeForTest,
  openRedisForTest,
} from "../../support/redis_store_harness.ts";
import { eventually } from "../../support/eventually.ts";
import { testWith } from "../../support/services.ts";

function report(told: Partial<NodeReport>): NodeReport {
  return { ...nodeForTest, seenAt: 1, lagMs: 0, leases: 0, ...told };
}

Deno.test("Peers.notice() says once that a node is gone", () => {
  let goneCount = 0;
  const peers = new Peers(nodeForTest, () => goneCount++);
  const [a, b] = [report({ name: "a" }), report({ name: "b" })];
  peers.notice(new Map([["1", a], ["2", b]]));
  peers.notice(new Map([["1", a], ["2", b], ["3", b]]));
  assert.equal(goneCount, 0);
  peers.notice(new Map([["1", a], ["3", b]]));
  peers.notice(new Map([["1", a], ["3", b]]));
  assert.equal(goneCount, 1);
});

Deno.test("Peers.areNeededFor() names what others run and this node doesn't", () => {
  const peers = new Peers(nodeForTest, () => {});
  assert(!peers.areNeeded);
  const other = report({ actions: ["shell", "http"] });
  peers.notice(new Map([["1", report({})], ["2", other]]));
  assert(peers.areNeededFor("http"));
  assert(!peers.areNeededFor("shell"));
  assert(!peers.areNeededFor("nobody's"));
  peers.notice(new Map([["1", report({})]]));
  assert(!peers.areNeededFor("http"));
});

Deno.test("Peers.notice() warns once of another time zone", async () => {
  const records: LogRecord[] = [];
  await configure({
    reset: true,
    sinks: { list: (record) => records.push(record) },
    loggers: [
      { category: "forsun", sinks: ["list"] },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  try {
    const peers = new Peers(nodeForTest, () => {});
    const zones = ["UTC", "Asia/Tokyo", "Asia/Tokyo", ""];
    const live = new Map(
      zones.map((timeZone, at) => [`${at}`, report({ timeZone })]),
    );
    peers.notice(live);
    peers.notice(live);
    assert.deepEqual(
      records.map(({ level, properties }) => [level, properties]),
      [[
        "warning",
        { name: "test", timeZone: "Asia/Tokyo", own: "UTC" },
      ]],
    );
  } finally {
    await reset();
  }
});

testWith(
  { "redis-server": hasRedis },
  "claimDue() leaves plans to a node that has their action, while there is one",
  async () => {
    await using server = await startRedis();
    const named = (name: string, actions: string[]) =>
      openRedisForTest(server.port, {
        node: { ...nodeForTest, name, actions },
      });
    const second = 1_000_000;
    const request = { now: second, missedBefore: 0, limit: 100 };
    const keysOf = async (store: typeof lacking) =>
      (await store.claimDue(request)).claims.map(({ plan }) => plan.key);
    await using lacking = await named("lacking", ["http"]);
    const having = await named("having", ["shell"]);
    for (const store of [lacking, having]) {
      await eventually(async () => (await store.nodes()).length === 2);
    }
    const names = Array.from({ length: 40 }, (_, at) => `k${at}`);
    const put = async () => {
      for (const name of names) await lacking.put(timeoutPlan(name, 1), second);
    };
    const own = { ...timeoutPlan("own", 1), action: "http" };

    // Which a beat has to tell it.
    await eventually(async () => {
      await put();
      return (await keysOf(lacking)).length === 0;
    });
    const claimed: string[] = [];
    await lacking.put(own, second);
    await eventually(async () => {
      claimed.push(...await keysOf(having));
      return claimed.length === 40;
    });
    assert.deepEqual(claimed.sort(), names.sort());
    await eventually(async () => (await keysOf(lacking)).join() === "own");

    await having[Symbol.asyncDispose]();
    await put();
    const left: string[] = [];
    await eventually(async () => {
      left.push(...await keysOf(lacking));
      return left.length === 40;
    });
  },
);
