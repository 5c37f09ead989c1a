import { join } from "node:path";
import { distantPlan } from "../bench_plan.ts";
import { type Benchmark, eachRun, pause, scaled } from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { runLoad } from "../load.ts";
import { Samples } from "../samples.ts";
import { atMost } from "../target.ts";
import { units } from "../unit.ts";

/** What a plan takes in memory and on disk. */
export const memoryBenchmark: Benchmark = {
  name: "memory",
  about: "memory and disk of 10 million plans (20-byte key, 60-byte URL)",
  async run(context) {
    const { program, workspace } = context;
    const total = scaled(context, 10_000_000);
    const samples = new Samples();
    for (const _ of eachRun(context, 3)) {
      await using daemon = await Daemon.start({
        program,
        workspace,
        fsync: "everysec",
      });
      await pause(2);
      const empty = await daemon.memory();
      const { port } = daemon;
      const { perSecond } = await runLoad({ port, workspace }, {
        ...distantPlan,
        connections: 64,
        pipeline: 16,
        total,
        isShuffled: true,
      });
      const loaded = await daemon.memory();
      await pause(5);
      const settled = await daemon.memory();
      const disk = await sizeOf(`${daemon.storeFile}.d`);
      await daemon.stop();
      await Deno.remove(`${daemon.storeFile}.d`, { recursive: true });

      const { bytes, megabytes } = units;
      const { residentBytes } = settled;
      samples.add("RSS a plan", residentBytes / total, {
        unit: bytes,
        target: atMost(170),
      });
      const grown = residentBytes - empty.residentBytes;
      samples.add("RSS a plan, less an empty daemon's", grown / total, {
        unit: bytes,
      });
      samples.add("journal a plan", disk / total, { unit: bytes });
      samples.add("RSS, empty", empty.residentBytes / 1e6, { unit: megabytes });
      samples.add("RSS, just loaded", loaded.residentBytes / 1e6, {
        unit: megabytes,
      });
      samples.add("RSS, 5 s later", residentBytes / 1e6, { unit: megabytes });
      samples.add("loaded, 16 in flight on 64 connections", perSecond, {
        unit: units.perSecond,
      });
    }
    return samples.rows();
  },
};

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name } of Deno.readDir(folder)) {
    bytes += (await Deno.stat(join(folder, name))).size;
  }
  return bytes;
}
