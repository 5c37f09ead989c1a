import { Redis } from "ioredis";
import assert from "node:assert/strict";
import { systemClock } from "../../../src/core/system_clock.ts";
import { RedisKeys } from "../../../src/store/redis/keys.ts";
import { Lane } from "../../../src/store/redis/lane.ts";
import { RedisLink } from "../../../src/store/redis/link.ts";
import { encodePlan } from "../../../src/store/redis/plan_value.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { askRedis, hasRedis, startRedis } from "../../support/redis_server.ts";
import { testWith } from "../../support/services.ts";

const cases = [
  { puts: 1, calls: 1, why: "one alone goes at once" },
  { puts: 40, calls: 3, why: "few go in calls of 16" },
  { puts: 100, calls: 4, why: "more are spread over the four calls" },
  { puts: 128, calls: 4, why: "up to 32 in each" },
];
for (const { puts, calls, why } of cases) {
  testWith(
    { "redis-server": hasRedis },
    `Lane sends ${puts} steps in ${calls} calls: ${why}`,
    async () => {
      await using server = await startRedis();
      using client = disposable(new Redis({ port: server.port }));
      const link = new RedisLink(client.redis);
      const keys = new RedisKeys({ prefix: "t", serverId: 1, partitions: 8 });
      const lane = new Lane({
        ...{ link, keys, isCluster: false, clock: systemClock },
        listener: {
          onTime() {},
          onWake: () => Promise.resolve(),
          onDoubt() {},
        },
      });
      const put = (key: string) =>
        lane.run({
          name: "put",
          partition: keys.partitionOf(key),
          args: [key, encodePlan(timeoutPlan(key, 5), 2_000_000_000)],
        });
      // Redis knows the script from now on.
      await put("first");
      await askRedis(server.port, "config", "resetstat");
      const names = Array.from({ length: puts }, (_, index) => `k${index}`);
      assert.deepEqual(
        await Promise.all(names.map(put)),
        names.map(() => 1),
      );
      const stats = await askRedis(server.port, "info", "commandstats");
      assert.match(stats, new RegExp(`cmdstat_evalsha:calls=${calls},`));
    },
  );
}

function disposable(redis: Redis): Disposable & { readonly redis: Redis } {
  return { redis, [Symbol.dispose]: () => redis.disconnect() };
}
