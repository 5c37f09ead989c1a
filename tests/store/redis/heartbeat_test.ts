import assert from "node:assert/strict";
import { systemClock } from "../../../src/core/system_clock.ts";
import type { Clock } from "../../../src/core/time.ts";
import { Heartbeat } from "../../../src/store/redis/heartbeat.ts";
import type { RedisLink } from "../../../src/store/redis/link.ts";
import { nodeForTest } from "../../support/redis_store_harness.ts";
import { eventually } from "../../support/eventually.ts";

const node = { ...nodeForTest, name: "this" };

function heartbeatOn(nodes: Map<string, string>): Heartbeat {
  const link = {
    async call(command: string, _key: string, id: string, text: string) {
      await new Promise((resolve) => setTimeout(resolve));
      if (command === "hset") nodes.set(id, text);
      if (command === "hdel") nodes.delete(id);
      return Object.fromEntries(nodes);
    },
  } as unknown as RedisLink;
  const clock: Clock = {
    wallMs: () => systemClock.wallMs(),
    monotonicMs: () => systemClock.monotonicMs(),
    sleep: () => Promise.resolve(),
    sleepExactly: () => Promise.resolve(),
  };
  const onBeat = () => Promise.resolve();
  return new Heartbeat({ link, key: "nodes", clock, node, onBeat });
}

Deno.test("Heartbeat.list() passes over what is no report", async () => {
  const live = { ...node, seenAt: Date.now() / 1000, lagMs: 0, leases: 0 };
  const nodes = new Map([["a", "no JSON"], ["b", JSON.stringify(live)]]);
  assert.deepEqual(await heartbeatOn(nodes).list(), [live]);
});

Deno.test("Heartbeat forgets nodes that are gone without being asked for a list", async () => {
  const gone = { ...node, seenAt: 1, lagMs: 0, leases: 0 };
  const nodes = new Map([["a", JSON.stringify(gone)]]);
  await using heartbeat = heartbeatOn(nodes);
  heartbeat.start(() => ({ lagMs: 0, leases: 0 }));
  await eventually(() => !nodes.has("a"));
});
