import { httpPlan } from "../bench_plan.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  pause,
  scaled,
} from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { fireBurst } from "../http_burst.ts";
import { type LoadTarget, runLoad, startLoad } from "../load.ts";
import { Samples } from "../samples.ts";
import { Sink } from "../sink.ts";
import { SideWork } from "../side_work.ts";
import { SoakRecorder } from "../soak_recorder.ts";

/** Whether anything grows, or gets slower, while a daemon works on and on. */
export const soakBenchmark: Benchmark = {
  name: "soak",
  about: "half an hour of mixed work at half of what the daemon can bear",
  async run(context) {
    const samples = new Samples();
    await measure(context, samples);
    return samples.rows();
  },
};

/** Each is a run. The first ones are not counted: memory settles in them. */
const minutes = 35;
const settlingMinutes = 5;

async function measure(
  context: BenchmarkContext,
  samples: Samples,
): Promise<void> {
  const { program, workspace, runs = minutes, say } = context;
  await using sink = await Sink.start(workspace);
  await using daemon = await Daemon.start({ program, workspace });
  const target = { port: daemon.port, workspace };
  const most = await maxPerSecond({ daemon, sink, target });
  const rate = scaled(context, most / 2);
  say(`${most} plans a second are the most, ${rate} are asked for`);

  await sink.expect(0);
  const load = await startLoad(target, {
    ...httpPlan(sink.port),
    key: "soak:###############",
    connections: 16,
    pipeline: 256,
    intervalUs: Math.round(1_000_000 / rate),
    delay: 2,
    spread: 60,
  });
  const sideWork = SideWork.start(daemon.port);
  const recorder = new SoakRecorder({ daemon, sink, say });
  await recorder.begin();
  for (let minute = 1; minute <= runs; minute++) {
    await Promise.race([pause(60), load.report, sideWork.running]);
    await recorder.record(minute);
  }
  const { replies, latencyMs } = await load.end();
  await sideWork.end();
  say(`${replies} plans were created, the slowest in ${latencyMs.most} ms`);
  recorder.addTo(samples, Math.min(settlingMinutes, runs - 1));
  await daemon.stop();
}

/** How many plans a second the daemon could create and fire, doing nothing else. */
async function maxPerSecond({ daemon, sink, target }: {
  readonly daemon: Daemon;
  readonly sink: Sink;
  readonly target: LoadTarget;
}): Promise<number> {
  const plans = { connections: 16, pipeline: 16, total: 50_000, delay: 86_400 };
  const far = { ...httpPlan(sink.port), ...plans, key: "far:##############" };
  const created = await runLoad(target, far);
  await runLoad(target, { ...far, method: "remove" });
  const count = 10_000;
  const parts = { daemon, sink, workspace: target.workspace };
  const { offsetMs: { last } } = await fireBurst(parts, count);
  return Math.round(1 / (1 / created.perSecond + last / 1000 / count));
}
