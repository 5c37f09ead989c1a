import { distantPlan } from "../bench_plan.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  pause,
  scaled,
} from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { runLoad } from "../load.ts";
import { Samples } from "../samples.ts";
import { atMost } from "../target.ts";
import { units } from "../unit.ts";

/** What a daemon costs that has nothing to do. */
export const idleBenchmark: Benchmark = {
  name: "idle",
  about: "CPU of a daemon with a million plans, none of which is due",
  async run(context) {
    const samples = new Samples();
    await measure(context, { plans: 0, samples });
    await measure(context, { plans: scaled(context, 1_000_000), samples });
    return samples.rows();
  },
};

const seconds = 60;

async function measure(
  context: BenchmarkContext,
  { plans, samples }: { readonly plans: number; readonly samples: Samples },
): Promise<void> {
  const { program, workspace } = context;
  await using daemon = await Daemon.start({ program, workspace });
  if (plans > 0) {
    await runLoad({ port: daemon.port, workspace }, {
      ...distantPlan,
      connections: 64,
      pipeline: 16,
      total: plans,
      isShuffled: true,
    });
  }
  await pause(10);
  const name = `${plans.toLocaleString("en-US")} plans`;
  for (const _ of eachRun(context, 3)) {
    const before = await daemon.cpu();
    const startMs = performance.now();
    await pause(seconds);
    const after = await daemon.cpu();
    const passed = (performance.now() - startMs) / 1000;
    const share = (after.seconds - before.seconds) / passed;
    const wakeups = (after.wakeups - before.wakeups) / passed;
    samples.add(`${name}: of one core`, share * 100, {
      unit: units.percent,
      target: atMost(0.5),
    });
    samples.add(`${name}: wakeups`, wakeups, { unit: units.perSecond });
  }
  await daemon.stop();
}
