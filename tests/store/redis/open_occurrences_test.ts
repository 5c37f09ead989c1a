import { Buffer } from "node:buffer";
import { Redis } from "ioredis";
import assert from "node:assert/strict";
import { timeoutPlan } from "../../support/plans.ts";
import { hasRedis, startRedis } from "../../support/redis_server.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import { testWith } from "../../support/services.ts";
import { captureLog } from "../../thrift/captured_log.ts";

const second = 1_000_000;

testWith(
  { "redis-server": hasRedis },
  "claimDue() leaves out occurrences of a plan of which 4096 are open, says so, and goes on with it",
  async () => {
    await using server = await startRedis();
    await using store = await openRedisForTest(server.port, {
      keys: { prefix: "t", serverId: 1, partitions: 1 },
    });
    await store.put(timeoutPlan("x", 5, { count: 0 }), second);
    const redis = new Redis({ port: server.port });
    try {
      await openOccurrences(redis, 4095);
    } finally {
      redis.disconnect();
    }
    const claimAt = async (now: number) => {
      const request = { now, missedBefore: 0, limit: 10 };
      return (await store.claimDue(request)).claims.map((one) => one.second);
    };
    assert.deepEqual(await claimAt(second), [second]);
    using log = captureLog(["forsun", "redis"]);
    assert.deepEqual(await claimAt(second + 5), []);
    assert.deepEqual(await claimAt(second + 10), []);
    assert.deepEqual(log.lines, [
      "warning: Occurrences left out: 1, the last of x; 4096 of a plan may be open",
    ]);
    const { runs, nextAt } = (await store.get("x"))?.state ?? {};
    assert.deepEqual({ runs, nextAt }, { runs: 4096, nextAt: second + 15 });
  },
);

/** As if so many occurrences of the only plan waited to be tried again. */
async function openOccurrences(redis: Redis, count: number): Promise<void> {
  const leaf = "{t:1:0}:p:";
  const value = await redis.lindexBuffer(leaf, 1);
  assert.ok(value !== null);
  const head = Buffer.from(value.subarray(0, 10));
  head[1] = 3;
  const rest = Buffer.alloc(10 + 4 * count);
  rest.writeUInt32BE(count, 0);
  rest.writeUInt16BE(count, 8);
  for (let at = 0; at < count; at++) rest.writeUInt32BE(at + 1, 10 + 4 * at);
  await redis.lset(leaf, 1, Buffer.concat([head, rest, value.subarray(10)]));
}
