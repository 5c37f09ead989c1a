import { fireBareBurst } from "../bare_burst.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  scaled,
} from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { fireBurst } from "../http_burst.ts";
import { Samples } from "../samples.ts";
import { Sink } from "../sink.ts";
import { atMost } from "../target.ts";
import { units } from "../unit.ts";

/** How long very many callbacks of one second take. */
export const burstBenchmark: Benchmark = {
  name: "burst",
  about: "10,000 and 50,000 http plans due in one second",
  async run(context) {
    const samples = new Samples();
    for (const _ of eachRun(context, 5)) {
      for (const size of sizes) await measure(context, { ...size, samples });
    }
    return samples.rows();
  },
};

const sizes = [
  { plans: 10_000, lastSeconds: 1.5 },
  { plans: 50_000, lastSeconds: 7 },
] as const;

async function measure(
  context: BenchmarkContext,
  { plans, lastSeconds, samples }: {
    readonly plans: number;
    readonly lastSeconds: number;
    readonly samples: Samples;
  },
): Promise<void> {
  const { program, workspace } = context;
  const count = scaled(context, plans);
  await using sink = await Sink.start(workspace);
  await using daemon = await Daemon.start({ program, workspace });
  const { offsetMs, missing, duplicates, failures } = await fireBurst({
    daemon,
    sink,
    workspace,
  }, count);
  const { residentBytes } = await daemon.memory();
  await daemon.stop();
  const bare = await fireBareBurst({ sink, workspace }, count);

  const name = count.toLocaleString("en-US");
  const { seconds: unit } = units;
  samples.add(`${name}: first`, offsetMs.first / 1000, { unit });
  samples.add(`${name}: p50`, offsetMs.p50 / 1000, { unit });
  samples.add(`${name}: last`, offsetMs.last / 1000, {
    unit,
    target: atMost(lastSeconds),
  });
  samples.add(`${name}: last, bare fetch`, bare.offsetMs.last / 1000, { unit });
  samples.add(
    `${name}: failed, missing or twice`,
    missing + duplicates + failures,
    {
      unit: units.count,
      target: atMost(0),
    },
  );
  samples.add(`${name}: RSS behind it`, residentBytes / 1e6, {
    unit: units.megabytes,
  });
}
