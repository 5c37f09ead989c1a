import { distantPlan } from "../bench_plan.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  pause,
  scaled,
} from "../benchmark.ts";
import { runLoad } from "../load.ts";
import { fireOneASecond } from "../one_a_second.ts";
import { RedisServer, startRedisNode } from "../redis_server.ts";
import { Samples } from "../samples.ts";
import { atLeast, atMost } from "../target.ts";
import { units } from "../unit.ts";
import { cpuUse } from "../process_usage.ts";

/** What plans in Redis cost, all of it on one machine. */
export const redisStoreBenchmark: Benchmark = {
  name: "redis-store",
  about:
    "the redis store: creations, memory, idling, 50,000 plans in one second",
  remark:
    "Redis takes some 21 µs for a plan (two trees, six commands inside a script), the node as much, the load generator up to 9. The two cores share one: two busy processes take 1.6 times as long each.",
  async run(context) {
    const samples = new Samples();
    for (const _ of eachRun(context, 3)) {
      await measureStore(context, samples);
      for (const nodes of [1, 2]) await measureDrain(context, samples, nodes);
    }
    return samples.rows();
  },
};

async function measureStore(
  context: BenchmarkContext,
  samples: Samples,
): Promise<void> {
  const { workspace } = context;
  await using redis = await RedisServer.start(workspace);
  await using daemon = await startRedisNode(context, redis);
  const { port } = daemon;
  const target = { port, workspace };
  const usedBefore = await redis.info("memory", "used_memory");
  const one = await runLoad(target, {
    ...distantPlan,
    connections: 64,
    total: scaled(context, 300_000),
    isShuffled: true,
    slack: 1,
  });
  const total = scaled(context, 1_000_000);
  const many = await runLoad(target, {
    ...distantPlan,
    connections: 64,
    pipeline: 16,
    first: scaled(context, 300_000),
    total: total - scaled(context, 300_000),
    isShuffled: true,
    slack: 1,
  });
  samples.add("created, 1 in flight on 64 connections", one.perSecond, {
    unit: units.perSecond,
    target: atLeast(40_000),
  });
  samples.add("created, 16 in flight", many.perSecond, {
    unit: units.perSecond,
  });
  const used = await redis.info("memory", "used_memory") - usedBefore;
  const redisCpu = await cpuUse(redis.pid);
  const daemonCpu = await daemon.cpu();
  samples.add("Redis' memory a plan", used / total, {
    unit: units.bytes,
    target: atMost(250),
  });
  samples.add("Redis' CPU a plan", redisCpu.seconds / total * 1e9, {
    unit: units.nanoseconds,
  });
  samples.add("the node's CPU a plan", daemonCpu.seconds / total * 1e9, {
    unit: units.nanoseconds,
  });
  samples.add("longest command", await redis.slowestMs(), {
    unit: units.milliseconds,
    target: atMost(5),
  });
  await pause(6);
  const field = "total_commands_processed";
  const before = await redis.info("stats", field);
  const seconds = 30;
  await pause(seconds);
  const asked = await redis.info("stats", field) - before - 1;
  samples.add("commands of an idle node", asked / seconds, {
    unit: units.perSecond,
    target: atMost(20),
  });
  const alone = await fireOneASecond({ daemon, workspace }, 30);
  const { milliseconds: unit } = units;
  samples.add("one a second: p50", alone.p50, { unit, target: atMost(5) });
  samples.add("one a second: latest", alone.last, { unit });
  await daemon.stop();
}

async function measureDrain(
  context: BenchmarkContext,
  samples: Samples,
  nodes: number,
): Promise<void> {
  const { workspace } = context;
  const count = scaled(context, 50_000);
  await using resources = new AsyncDisposableStack();
  const redis = resources.use(await RedisServer.start(workspace));
  const sink = resources.use(await RedisServer.start(workspace));
  const daemons = [];
  for (let node = 0; node < nodes; node++) {
    daemons.push(resources.use(await startRedisNode(context, redis)));
  }
  const at = Math.ceil(Date.now() / 1000 + 3 + count / 10_000);
  await runLoad({ port: daemons[0].port, workspace }, {
    key: "order:##############",
    action: "redis",
    params: { port: String(sink.port), command: "INCR fired" },
    connections: 16,
    pipeline: 16,
    total: count,
    at,
  });
  const leftMs = at * 1000 - Date.now();
  if (leftMs < 0) throw new Error("Creating the plans took too long");
  await new Promise((resolve) => setTimeout(resolve, leftMs));
  const field = "total_commands_processed";
  const before = await redis.info("stats", field);
  let fired = 0;
  while (fired < count && Date.now() < at * 1000 + 60_000) {
    await pause(0.05);
    fired = Number(await sink.ask("GET", "fired"));
  }
  const seconds = Date.now() / 1000 - at;
  await pause(2);
  fired = Number(await sink.ask("GET", "fired"));
  const commands = await redis.info("stats", field) - before;
  const name = `${nodes === 1 ? "one node" : `${nodes} nodes`}: ${
    count.toLocaleString("en-US")
  } plans of one second fired`;
  samples.add(`${name} within`, seconds, {
    unit: units.seconds,
    target: nodes === 1 ? atMost(4) : undefined,
  });
  samples.add(`${name}: missing or twice`, Math.abs(fired - count), {
    unit: units.count,
    target: atMost(0),
  });
  samples.add(`${name}: longest command`, await redis.slowestMs(), {
    unit: units.milliseconds,
    target: atMost(5),
  });
  samples.add(`${name}: commands inside Redis a plan`, commands / count, {
    unit: units.count,
  });
  for (const daemon of daemons) await daemon.stop();
}
