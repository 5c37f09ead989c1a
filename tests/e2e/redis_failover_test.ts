import { setTimeout as delay } from "node:timers/promises";
import { startRedisCluster } from "../support/redis_cluster.ts";
import { RedisNodes } from "../support/redis_nodes.ts";
import {
  startRedisSentinels,
  until,
  untilReplicated,
} from "../support/redis_sentinels.ts";
import { askRedis, hasRedis } from "../support/redis_server.ts";
import { testWith } from "../support/services.ts";

/** The long form does it over and over. */
const isLong = Deno.env.get("FORSUN_CHAOS") === "1";
const needed = { "redis-server": hasRedis };

testWith(
  needed,
  "no plan is lost when Sentinel fails the primary over",
  async () => {
    await using resources = new AsyncDisposableStack();
    const redis = resources.use(await startRedisSentinels());
    const sentinels = redis.sentinels.map(({ port }) => `127.0.0.1:${port}`);
    const nodes = resources.use(
      new RedisNodes([
        ...["--driver-redis-sentinels", sentinels.join(",")],
        // All, since any of them may become the primary.
        ...["--driver-redis-wait-replicas", "2"],
      ]),
    );
    await Promise.all([nodes.start(), nodes.start()]);
    const stop = new AbortController();
    const writing = nodes.createUntil("plan", stop.signal);
    for (let round = 0; round < (isLong ? 4 : 1); round++) {
      await delay(1500);
      const primary = await redis.primary();
      await primary.end("SIGKILL");
      await until(async () => (await redis.primary()).port !== primary.port);
      await primary.start();
      await untilReplicated(redis.servers, 2);
      await nodes.untilCreated(nodes.expected.size + 50);
    }
    stop.abort();
    await writing;
    await nodes.untilAllCame(60_000);
    nodes.check({ mayForget: true });
  },
);

testWith(
  needed,
  "no plan is lost when a shard of a Cluster fails over, or a slot moves",
  async () => {
    await using resources = new AsyncDisposableStack();
    const redis = resources.use(await startRedisCluster());
    const seeds = redis.servers.map(({ port }) => `127.0.0.1:${port}`);
    const nodes = resources.use(
      new RedisNodes(["--driver-redis-cluster", seeds.join(","), ...[
        "--driver-redis-wait-replicas",
        "1",
      ]]),
    );
    await Promise.all([nodes.start(), nodes.start()]);
    const stop = new AbortController();
    const writing = nodes.createUntil("plan", stop.signal);
    for (let round = 0; round < (isLong ? 4 : 1); round++) {
      await nodes.untilCreated(nodes.expected.size + 100);
      const [from, to] = await redis.primaryIds();
      await askRedis(redis.servers[0].port, "--cluster", "reshard", ...[
        seeds[0],
        ...["--cluster-from", from, "--cluster-to", to],
        ...["--cluster-slots", "1000", "--cluster-yes"],
      ]);
      await nodes.untilCreated(nodes.expected.size + 100);
      const primary = await redis.aPrimary();
      const before = await redis.primaryIds();
      await primary.end("SIGKILL");
      await until(async () => {
        const now = await redis.primaryIds();
        return now.length === 3 && now.some((id) => !before.includes(id));
      });
      await primary.start();
      await untilReplicated(redis.servers, 3);
      await nodes.untilCreated(nodes.expected.size + 100);
    }
    stop.abort();
    await writing;
    await nodes.untilAllCame(60_000);
    nodes.check({ mayForget: true });
  },
);
