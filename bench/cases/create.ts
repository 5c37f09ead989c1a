import { distantPlan } from "../bench_plan.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
} from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { runLoad } from "../load.ts";
import { Samples } from "../samples.ts";
import { atLeast, type Target } from "../target.ts";
import { units } from "../unit.ts";

/** How many plans a second can be created, and how long a client waits for that. */
export const createBenchmark: Benchmark = {
  name: "create",
  about: "plans created over Thrift with createTimeout, on 64 connections",
  remark:
    "With one request in flight a connection's every reply is a write of its own, and that system call takes a quarter of the daemon's time; with sixteen, replies share one.",
  async run(context) {
    const samples = new Samples();
    for (const _ of eachRun(context, 5)) {
      for (const setting of settings) {
        await measure(context, { ...setting, samples });
      }
    }
    return samples.rows();
  },
};

interface Setting {
  readonly fsync: "no" | "everysec" | "always";
  readonly pipeline: number;
  readonly target?: Target;
}

const settings: readonly Setting[] = [
  { fsync: "no", pipeline: 1, target: atLeast(60_000) },
  { fsync: "no", pipeline: 16 },
  { fsync: "everysec", pipeline: 1 },
  { fsync: "everysec", pipeline: 16 },
  { fsync: "always", pipeline: 1, target: atLeast(40_000) },
  { fsync: "always", pipeline: 16 },
];

async function measure(
  { program, workspace }: BenchmarkContext,
  { fsync, pipeline, target, samples }: Setting & { readonly samples: Samples },
): Promise<void> {
  await using daemon = await Daemon.start({ program, workspace, fsync });
  const { port } = daemon;
  const { perSecond, latencyMs } = await runLoad({ port, workspace }, {
    ...distantPlan,
    connections: 64,
    pipeline,
    warmup: 3,
    seconds: 5,
  });
  await daemon.stop();
  const name = `fsync ${fsync}, ${pipeline} in flight`;
  samples.add(name, perSecond, { unit: units.perSecond, target });
  const { milliseconds: unit } = units;
  samples.add(`${name}: p99`, latencyMs.p99, { unit });
}
