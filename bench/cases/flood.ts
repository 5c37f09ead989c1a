import { httpPlan } from "../bench_plan.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  pause,
  scaled,
} from "../benchmark.ts";
import { Daemon, freePort } from "../daemon.ts";
import { type Flood, runFlood } from "../flood.ts";
import { type Load, runLoad } from "../load.ts";
import { RedisServer } from "../redis_server.ts";
import { Samples } from "../samples.ts";
import { type Lateness, Sink } from "../sink.ts";
import { atMost } from "../target.ts";
import { units } from "../unit.ts";
import type { Workspace } from "../workspace.ts";

/** Whether plans fire on time while clients do their worst. */
export const floodBenchmark: Benchmark = {
  name: "flood",
  about: "arrival of 1,000 plans a second, while 10,000 connections do no good",
  remark:
    "All of a second's plans are due at its beginning: a thousand requests at once take bare `fetch` longer than 50 ms, too (see lateness).",
  async run(context) {
    const samples = new Samples();
    for (const start of [startRedisReceiver, startHttpReceiver]) {
      await using receiver = await start(context.workspace);
      await measure(context, { samples, receiver });
    }
    return samples.rows();
  },
};

/** What plans call, and how long after their seconds they have arrived since it was last asked. */
interface TimedReceiver extends AsyncDisposable {
  readonly name: string;
  readonly plan: Pick<Load, "action" | "params">;
  lateness(): Promise<Pick<Lateness, "count" | "p50" | "p99" | "most">>;
}

const seconds = 20;
const settleSeconds = 5;
const modes = ["idle", "drip", "half", "churn", "garbage"] as const;

async function measure(
  context: BenchmarkContext,
  { samples, receiver }: {
    readonly samples: Samples;
    readonly receiver: TimedReceiver;
  },
): Promise<void> {
  const { program, workspace, say } = context;
  const plans = scaled(context, 1000);
  const connections = scaled(context, 10_000);
  const httpPort = freePort();
  await using daemon = await Daemon.start({
    program,
    workspace,
    args: ["--http", `127.0.0.1:${httpPort}`],
  });
  await runLoad({ port: daemon.port, workspace }, {
    ...receiver.plan,
    key: "every:##############",
    total: plans,
    delay: 1,
    count: 0,
  });
  await pause(settleSeconds);

  async function phase(what: string, work: () => Promise<unknown>) {
    const name = `${receiver.name} plans, ${what}`;
    await receiver.lateness();
    await work();
    const { count, p50, p99, most } = await receiver.lateness();
    const { residentBytes } = await daemon.memory();
    const { milliseconds: unit, perSecond, megabytes } = units;
    samples.add(`${name}: fired`, count / seconds, { unit: perSecond });
    samples.add(`${name}: p50`, p50, { unit });
    samples.add(`${name}: p99`, p99, { unit, target: atMost(50) });
    samples.add(`${name}: latest`, most, { unit });
    samples.add(`${name}: RSS`, residentBytes / 1e6, { unit: megabytes });
    say(`${name}: p99 ${p99} ms, ${await daemon.descriptors()} descriptors`);
    await pause(settleSeconds);
  }

  await phase("nobody", () => pause(seconds));
  for (const isHttp of [false, true]) {
    const port = isHttp ? httpPort : daemon.port;
    for (const mode of modes) {
      const flood: Flood = { port, mode, connections, isHttp, seconds };
      await phase(
        `${mode} on the ${isHttp ? "HTTP" : "Thrift"} port`,
        async () => {
          say(JSON.stringify(await runFlood(flood, workspace)));
        },
      );
    }
  }
  await daemon.stop();
}

async function startHttpReceiver(workspace: Workspace): Promise<TimedReceiver> {
  const sink = await Sink.start(workspace);
  return {
    name: "http",
    plan: httpPlan(sink.port),
    lateness: () => sink.lateness(),
    [Symbol.asyncDispose]: () => sink[Symbol.asyncDispose](),
  };
}

/**
 * Redis writes down how many microseconds each call came after its second: that
 * of a plan's first call, while all is calm, and one later for each further one.
 */
async function startRedisReceiver(
  workspace: Workspace,
): Promise<TimedReceiver> {
  const server = await RedisServer.start(workspace);
  const script = [
    "local time = redis.call('TIME')",
    "local count = redis.call('HINCRBY', 'counts', '{key}', 1)",
    "redis.call('HSETNX', 'firsts', '{key}', time[1])",
    "local due = redis.call('HGET', 'firsts', '{key}') + count - 1",
    "redis.call('RPUSH', 'late', (time[1] - due) * 1000000 + time[2])",
  ];
  const command = `eval "${script.join(" ")}" 0`;
  return {
    name: "redis",
    plan: {
      action: "redis",
      params: { port: String(server.port), command },
    },
    async lateness() {
      const text = await server.ask("LRANGE", "late", "0", "-1");
      await server.ask("DEL", "late");
      const late = text.split("\n").filter((line) => line !== "")
        .map((line) => Number(line) / 1000).sort((a, b) => a - b);
      const at = (share: number) =>
        late[Math.floor(share * (late.length - 1))] ?? 0;
      return { count: late.length, p50: at(0.5), p99: at(0.99), most: at(1) };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
