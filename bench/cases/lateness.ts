import { fireBareBurst } from "../bare_burst.ts";
import { distantPlan } from "../bench_plan.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  pause,
  scaled,
} from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { fireBurst } from "../http_burst.ts";
import { runLoad } from "../load.ts";
import { fireOneASecond } from "../one_a_second.ts";
import { Samples } from "../samples.ts";
import { Sink, type SinkReport } from "../sink.ts";
import { atMost } from "../target.ts";
import { units } from "../unit.ts";

/** How long after its second a callback arrives. */
export const latenessBenchmark: Benchmark = {
  name: "lateness",
  about: "arrival after the second: 1,000 at once; one with a million waiting",
  remark:
    "A burst of 1,000 is as late as bare `fetch` makes it on this machine: no target below that can be met. A daemon's first one also pays for code that isn't compiled yet.",
  async run(context) {
    const samples = new Samples();
    for (const _ of eachRun(context, 5)) await measureMany(context, samples);
    for (const _ of eachRun(context, 3)) await measureOne(context, samples);
    return samples.rows();
  },
};

const laterBursts = 4;

async function measureMany(
  context: BenchmarkContext,
  samples: Samples,
): Promise<void> {
  const { program, workspace } = context;
  const count = scaled(context, 1000);
  await using sink = await Sink.start(workspace);
  await using daemon = await Daemon.start({ program, workspace });
  const parts = { daemon, sink, workspace };
  const many = `${count.toLocaleString("en-US")} at once`;
  const first = await fireBurst(parts, count);
  addMany(samples, `${many}, a daemon's first`, first);
  for (let burst = 0; burst < laterBursts; burst++) {
    addMany(samples, `${many}, later on`, await fireBurst(parts, count));
  }
  await daemon.stop();
  addMany(samples, `${many}, bare fetch`, await fireBareBurst(parts, count));
}

function addMany(
  samples: Samples,
  name: string,
  { missing, offsetMs: { first, p50, p99 } }: SinkReport,
): void {
  if (missing > 0) throw new Error(`${name}: ${missing} did not arrive`);
  const { milliseconds: unit } = units;
  const isOurs = !name.endsWith("bare fetch");
  const [half, most] = isOurs ? [atMost(60), atMost(150)] : [];
  samples.add(`${name}: first`, first, { unit });
  samples.add(`${name}: p50`, p50, { unit, target: half });
  samples.add(`${name}: p99`, p99, { unit, target: most });
}

async function measureOne(
  context: BenchmarkContext,
  samples: Samples,
): Promise<void> {
  const { program, workspace } = context;
  const waiting = scaled(context, 1_000_000);
  const seconds = scaled(context, 120);
  await using daemon = await Daemon.start({ program, workspace });
  await runLoad({ port: daemon.port, workspace }, {
    ...distantPlan,
    connections: 64,
    pipeline: 16,
    total: waiting,
    isShuffled: true,
  });
  await pause(5);
  const parts = { daemon, workspace };
  const { p50, p99, last } = await fireOneASecond(parts, seconds);
  await daemon.stop();

  const name = `one a second, ${waiting.toLocaleString("en-US")} waiting`;
  const { milliseconds: unit } = units;
  samples.add(`${name}: p50`, p50, { unit, target: atMost(2) });
  samples.add(`${name}: p99`, p99, { unit, target: atMost(10) });
  samples.add(`${name}: latest`, last, { unit });
}
