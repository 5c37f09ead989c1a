import { distantPlan, httpPlan } from "../bench_plan.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  pause,
  scaled,
} from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import {
  type Load,
  type LoadTarget,
  runLoad,
  type RunningLoad,
  startLoad,
} from "../load.ts";
import { Samples } from "../samples.ts";
import { Sink } from "../sink.ts";
import { atMost } from "../target.ts";
import { units } from "../unit.ts";

/** The longest that a client has to wait, whatever else is going on. */
export const stallBenchmark: Benchmark = {
  name: "stall",
  about: "longest wait of a request, while plans come, fire, change and go",
  async run(context) {
    const samples = new Samples();
    for (const _ of eachRun(context, 3)) await measure(context, samples);
    return samples.rows();
  },
};

const firing = 200;

async function measure(
  context: BenchmarkContext,
  samples: Samples,
): Promise<void> {
  const { program, workspace } = context;
  const total = scaled(context, 1_000_000);
  await using sink = await Sink.start(workspace);
  await sink.expect(firing);
  await using daemon = await Daemon.start({ program, workspace });
  const target = { port: daemon.port, workspace };
  await runLoad(target, {
    ...httpPlan(sink.port),
    key: "every:##############",
    total: firing,
    delay: 1,
    count: 0,
  });

  async function phase(name: string, load: Load): Promise<void> {
    const probe = await startProbe(target);
    const { latencyMs } = await runLoad(target, load);
    samples.add(`${name}: slowest of these`, latencyMs.most, kind);
    await addProbe(samples, name, probe);
  }

  const plans = { ...distantPlan, connections: 64, total, isShuffled: true };
  const count = total.toLocaleString("en-US");
  await phase(`creating ${count}`, plans);
  const probe = await startProbe(target);
  await pause(30);
  await addProbe(samples, `${count} waiting`, probe);
  await phase(`replacing ${count}`, plans);
  await phase(`removing ${count}`, { ...plans, method: "remove" });
}

const kind = { unit: units.milliseconds, target: atMost(50) };

/** A ping every millisecond, each counted from the moment at which it should have gone out. */
function startProbe(target: LoadTarget): Promise<RunningLoad> {
  return startLoad(target, {
    method: "ping",
    intervalUs: 1000,
    pipeline: 8192,
  });
}

async function addProbe(
  samples: Samples,
  name: string,
  probe: RunningLoad,
): Promise<void> {
  const { latencyMs } = await probe.end();
  const { unit } = kind;
  samples.add(`${name}: ping, slowest`, latencyMs.most, kind);
  samples.add(`${name}: ping, p99.9`, latencyMs.p999, { unit });
}
