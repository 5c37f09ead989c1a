import { join } from "node:path";
import { distantPlan } from "../bench_plan.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  scaled,
} from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { runLoad, startLoad } from "../load.ts";
import { Samples } from "../samples.ts";
import { atMost } from "../target.ts";
import { units } from "../unit.ts";

/** How soon a daemon is back with all its plans, and answers meanwhile. */
export const restartBenchmark: Benchmark = {
  name: "restart",
  about: "restart with 10 million plans: first answer, all plans back",
  remark:
    "Most of it is waiting for memory: keys come in no order, and the way to each through a tree of 10 million leaves the processor's caches.",
  async run(context) {
    const storeFile = await fill(context);
    const samples = new Samples();
    for (const _ of eachRun(context, 3)) {
      await measure(context, { storeFile, samples, name: "files cached" });
      await forgetFiles(`${storeFile}.d`);
      await measure(context, { storeFile, samples, name: "files on disk" });
    }
    await Deno.remove(`${storeFile}.d`, { recursive: true });
    return samples.rows();
  },
};

async function fill(context: BenchmarkContext): Promise<string> {
  const { program, workspace } = context;
  const fsync = "everysec";
  await using daemon = await Daemon.start({ program, workspace, fsync });
  context.say("creating the plans");
  await runLoad({ port: daemon.port, workspace }, {
    ...distantPlan,
    connections: 64,
    pipeline: 16,
    total: scaled(context, 10_000_000),
    isShuffled: true,
  });
  await daemon.stop();
  return daemon.storeFile;
}

async function measure(
  { program, workspace }: BenchmarkContext,
  { storeFile, samples, name }: {
    readonly storeFile: string;
    readonly samples: Samples;
    readonly name: string;
  },
): Promise<void> {
  await using daemon = Daemon.launch({ program, workspace, storeFile });
  const firstPingMs = await daemon.firstPing();
  const probe = await startLoad({ port: daemon.port, workspace }, {
    method: "ping",
    intervalUs: 1000,
    pipeline: 8192,
  });
  const readyMs = await daemon.whenReady();
  const { latencyMs } = await probe.end();
  await daemon.stop();
  const { milliseconds, seconds } = units;
  samples.add(`${name}: ready`, readyMs / 1000, {
    unit: seconds,
    target: atMost(30),
  });
  samples.add(`${name}: first ping`, firstPingMs, { unit: milliseconds });
  samples.add(`${name}: slowest ping until ready`, latencyMs.most, {
    unit: milliseconds,
    target: atMost(50),
  });
}

/** Has the system drop what it caches of the files in a folder. */
async function forgetFiles(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const input = `if=${join(folder, name)}`;
    const { success, stderr } = await new Deno.Command("dd", {
      args: [input, "iflag=nocache", "count=0"],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
  }
}
