import { distantPlan } from "../bench_plan.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  scaled,
} from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { runLoad } from "../load.ts";
import { Samples } from "../samples.ts";
import { atLeast } from "../target.ts";
import { units } from "../unit.ts";

/** How many shell commands a second can be run. */
export const shellBenchmark: Benchmark = {
  name: "shell",
  about: "shell actions a second, in a small daemon and in a large one",
  async run(context) {
    const samples = new Samples();
    for (const _ of eachRun(context, 3)) {
      await measure(context, { waiting: 0, samples });
      const waiting = scaled(context, 1_000_000);
      await measure(context, { waiting, samples });
    }
    return samples.rows();
  },
};

async function measure(
  context: BenchmarkContext,
  { waiting, samples }: { readonly waiting: number; readonly samples: Samples },
): Promise<void> {
  const { program, workspace } = context;
  const commands = scaled(context, 4000);
  await using daemon = await Daemon.start({ program, workspace });
  const place = { port: daemon.port, workspace };
  if (waiting > 0) {
    await runLoad(place, {
      ...distantPlan,
      connections: 64,
      pipeline: 16,
      total: waiting,
      isShuffled: true,
    });
  }
  const at = Math.ceil(Date.now() / 1000) + 3;
  await runLoad(place, {
    key: "shell:##############",
    action: "shell",
    params: { cmd: ":" },
    total: commands,
    connections: 16,
    at,
  });
  const endMs = await executedAt(daemon, commands);
  const { action_executed_error_count: failures } = await daemon.info();
  await daemon.stop();
  if (failures !== "0") throw new Error(`${failures} commands failed`);

  const rate = commands / (endMs / 1000 - at);
  const name = `${waiting.toLocaleString("en-US")} plans waiting`;
  const target = atLeast(700);
  samples.add(name, rate, { unit: units.perSecond, target });
}

/** When that many actions had been executed, to 20 ms, by the wall clock. */
async function executedAt(daemon: Daemon, count: number): Promise<number> {
  for (;;) {
    const { action_executed_count: executed } = await daemon.info();
    if (Number(executed) >= count) return Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
