import { httpPlan } from "../bench_plan.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  pause,
  scaled,
} from "../benchmark.ts";
import { Daemon, freePort } from "../daemon.ts";
import { type Flood, runFlood } from "../flood.ts";
import { runLoad } from "../load.ts";
import { Samples } from "../samples.ts";
import { Sink } from "../sink.ts";
import { atMost } from "../target.ts";
import { units } from "../unit.ts";

/** Whether plans fire on time while clients do their worst. */
export const floodBenchmark: Benchmark = {
  name: "flood",
  about: "arrival of 1,000 plans a second, while 10,000 connections do no good",
  async run(context) {
    const samples = new Samples();
    await measure(context, samples);
    return samples.rows();
  },
};

const seconds = 20;
const settleSeconds = 5;
const modes = ["idle", "drip", "half", "churn", "garbage"] as const;

async function measure(
  context: BenchmarkContext,
  samples: Samples,
): Promise<void> {
  const { program, workspace, say } = context;
  const plans = scaled(context, 1000);
  const connections = scaled(context, 10_000);
  await using sink = await Sink.start(workspace);
  const httpPort = freePort();
  await using daemon = await Daemon.start({
    program,
    workspace,
    args: ["--http", `127.0.0.1:${httpPort}`],
  });
  await runLoad({ port: daemon.port, workspace }, {
    ...httpPlan(sink.port),
    key: "every:##############",
    total: plans,
    delay: 1,
    count: 0,
  });
  await pause(settleSeconds);

  async function phase(name: string, work: () => Promise<unknown>) {
    await sink.lateness();
    await work();
    const { count, p50, p99, most } = await sink.lateness();
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
      await phase(`${isHttp ? "HTTP" : "Thrift"}, ${mode}`, async () => {
        say(JSON.stringify(await runFlood(flood, workspace)));
      });
    }
  }
  await daemon.stop();
}
