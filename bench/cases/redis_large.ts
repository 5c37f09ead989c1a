import { distantPlan } from "../bench_plan.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  scaled,
} from "../benchmark.ts";
import type { Daemon } from "../daemon.ts";
import { runLoad } from "../load.ts";
import { fireOneASecond } from "../one_a_second.ts";
import { RedisServer, startRedisNode } from "../redis_server.ts";
import { Samples } from "../samples.ts";
import { atMost } from "../target.ts";
import { cursor, timePages } from "../time_pages.ts";
import { units } from "../unit.ts";

/** What ten million plans in Redis cost, and whether anything holds Redis up for long. */
export const redisLargeBenchmark: Benchmark = {
  name: "redis-large",
  about: "the redis store with 10 million plans: memory, pages, punctuality",
  remark:
    "Scripts have up to 64 steps, and share two busy cores with who asks for them.",
  async run(context) {
    const samples = new Samples();
    await using redis = await RedisServer.start(context.workspace);
    await using daemon = await startRedisNode(
      ...[context, redis] as const,
      ...["--http", "127.0.0.1:0"],
    );
    const { milliseconds: unit } = units;
    const longest = async (when: string) => {
      const name = `longest command while ${when}`;
      samples.add(name, await redis.slowestMs(), { unit, target: atMost(5) });
      await redis.ask("SLOWLOG", "RESET");
      const all = `99.9 % of scripts while ${when}`;
      samples.add(all, await redis.scriptMs(), { unit });
    };
    const total = scaled(context, 10_000_000);
    await fill(context, { redis, daemon, samples, total });
    await longest("creating");
    const { http_bind_port: httpPort } = await daemon.info();
    const midKey = `order:${String(total >> 1).padStart(14, "0")}`;
    const second = Math.floor(Date.now() / 1000) + 15 * 86_400;
    for (const _ of eachRun(context, 30)) {
      await timePages(samples, httpPort, {
        "a page by key, the first": "",
        "a page by key, from the middle": `?cursor=${cursor(midKey)}`,
        "a page by next occurrence, the first": "?order=next",
        "the same, from the middle": `?order=next&cursor=${cursor("", second)}`,
      });
      const startMs = performance.now();
      await daemon.info();
      const infoMs = performance.now() - startMs;
      samples.add("info, which counts the plans", infoMs, { unit });
    }
    await longest("listing");
    const alone = await fireOneASecond({ daemon, ...context }, 30);
    samples.add("one a second: p50", alone.p50, { unit, target: atMost(5) });
    samples.add("one a second: latest", alone.last, { unit });
    await longest("one a second fires");
    await daemon.stop();
    return samples.rows();
  },
};

async function fill(
  { workspace, say }: BenchmarkContext,
  { redis, daemon, samples, total }: {
    readonly redis: RedisServer;
    readonly daemon: Daemon;
    readonly samples: Samples;
    readonly total: number;
  },
): Promise<void> {
  say(`creating ${total.toLocaleString("en")} plans`);
  const usedBefore = await redis.info("memory", "used_memory");
  const { perSecond } = await runLoad({ port: daemon.port, workspace }, {
    ...distantPlan,
    ...{ connections: 64, pipeline: 16, total, isShuffled: true, slack: 1 },
  });
  samples.add("created, 64 connections with 16 in flight", perSecond, {
    unit: units.perSecond,
  });
  const used = await redis.info("memory", "used_memory") - usedBefore;
  samples.add("Redis' memory a plan", used / total, {
    unit: units.bytes,
    target: atMost(250),
  });
}
