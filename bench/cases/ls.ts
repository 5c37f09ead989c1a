import { distantPlan } from "../bench_plan.ts";
import { type Benchmark, eachRun } from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { compiledProgram, compileEmptyProgram } from "../forsun_program.ts";
import { runLoad } from "../load.ts";
import { Samples } from "../samples.ts";
import { atMost } from "../target.ts";
import { units } from "../unit.ts";

/** How long the command line takes to answer. */
export const lsBenchmark: Benchmark = {
  name: "ls",
  about: "start to end of the compiled `forsun ls` with 10 plans",
  async run(context) {
    const { workspace } = context;
    const forsun = await compiledProgram(context.program, workspace);
    const empty = await compileEmptyProgram(workspace);
    const program = { command: forsun, args: [], isCompiled: true };
    await using daemon = await Daemon.start({ program, workspace });
    const { port } = daemon;
    await runLoad({ port, workspace }, { ...distantPlan, total: 10 });

    const portFlags = ["--port", String(port)];
    const samples = new Samples();
    const { milliseconds: unit } = units;
    for (const _ of eachRun(context, 30)) {
      const ls = await timed(forsun, ["ls", ...portFlags]);
      samples.add("forsun ls", ls, { unit, target: atMost(120) });
      const line = await timed(forsun, [...portFlags, "ls *"]);
      samples.add('forsun "ls *"', line, { unit, target: atMost(120) });
      const version = await timed(forsun, ["version"]);
      samples.add("forsun version", version, { unit });
      samples.add("an empty program", await timed(empty, []), { unit });
      samples.add("/bin/true", await timed("/bin/true", []), { unit });
    }
    await daemon.stop();
    return samples.rows();
  },
};

async function timed(command: string, args: string[]): Promise<number> {
  const startMs = performance.now();
  const { success, stderr } = await new Deno.Command(command, { args })
    .output();
  const ms = performance.now() - startMs;
  if (success) return ms;
  throw new Error(`${command}: ${new TextDecoder().decode(stderr)}`);
}
