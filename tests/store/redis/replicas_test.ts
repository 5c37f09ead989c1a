import assert from "node:assert/strict";
import { ErrorCode, ForsunError } from "../../../src/core/errors.ts";
import { eventually } from "../../support/eventually.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { hasRedis, startRedis } from "../../support/redis_server.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import { testWith } from "../../support/services.ts";
import { captureLog } from "../../thrift/captured_log.ts";

const second = 1_000_000;
const timeoutMs = 4000;
const names = Array.from({ length: 500 }, (_, index) => `k${index}`);

testWith(
  { "redis-server": hasRedis },
  "RedisStore fires while replicas are missing, and refuses plans and removals",
  async () => {
    await using server = await startRedis();
    await using other = await openRedisForTest(server.port);
    for (const name of names.slice(0, 50)) {
      await other.put(timeoutPlan(name, 5, { count: 0 }), second);
    }
    await using store = await openRedisForTest(server.port, {
      ...{ waitReplicas: 1, to: { timeoutMs } },
    });
    const startMs = performance.now();
    const refusals = names.map((name) =>
      assert.rejects(
        store.put(timeoutPlan(`new ${name}`, 5), second + 500),
        isRefusal(ErrorCode.saveFailed),
      )
    );
    refusals.push(
      assert.rejects(store.remove("k0"), isRefusal(ErrorCode.removeFailed)),
    );
    const { claims } = await store.claimDue({
      ...{ now: second, missedBefore: 0, limit: 100 },
    });
    assert.ok(claims.length >= 49);
    await store.settle(claims.map((claim) => ({ kind: "released", claim })));
    const claimMs = performance.now() - startMs;
    assert.ok(claimMs < timeoutMs / 4, `claims took ${claimMs} ms`);
    await Promise.all(refusals);
    const refusedMs = performance.now() - startMs;
    assert.ok(refusedMs < timeoutMs + 1000, `refused after ${refusedMs} ms`);
  },
);

testWith(
  { "redis-server": hasRedis },
  "RedisStore says once that replicas are missing, and once that they are back",
  async () => {
    await using server = await startRedis("--repl-diskless-sync-delay", "0");
    using log = captureLog(["forsun", "redis"]);
    await using store = await openRedisForTest(server.port, {
      ...{ waitReplicas: 1, to: { timeoutMs: 1000 } },
    });
    const put = () => store.put(timeoutPlan("a", 5), second);
    await assert.rejects(put, /0 of 1 replicas/);
    await assert.rejects(put, /0 of 1 replicas/);
    await using _replica = await startRedis(
      ...["--replicaof", "127.0.0.1", String(server.port)],
    );
    await eventually(() => put().then(() => true, () => false));
    await put();
    const replicas = `Replicas of 127.0.0.1:${server.port}`;
    assert.deepEqual(log.lines.filter((line) => line.includes("eplica")), [
      `warning: ${replicas} are missing, plans are refused: 0 of 1 confirm them`,
      `info: ${replicas} are there again`,
    ]);
  },
);

function isRefusal(code: number): (error: unknown) => boolean {
  return (error) =>
    error instanceof ForsunError && error.code === code &&
    error.message.includes("0 of 1 replicas");
}
