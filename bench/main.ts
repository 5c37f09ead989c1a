/**
 * Measures forsun: `deno task bench` lists what there is. Each of the cases/
 * starts real daemons and asks them with the programs in tools/, which are
 * compiled on demand; samples.ts collects what comes out, table.ts shows it.
 */
import { join } from "node:path";
import { type Arguments, readArguments, usage } from "./arguments.ts";
import type { Benchmark, BenchmarkContext } from "./benchmark.ts";
import { findProgram } from "./forsun_program.ts";
import { describeMachine } from "./machine.ts";
import { machineUse, othersLoad } from "./machine_use.ts";
import { benchmarks } from "./registry.ts";
import { putSection } from "./results_file.ts";
import { renderTable } from "./table.ts";
import { Workspace } from "./workspace.ts";
import { version } from "../src/version.ts";

const resultsPath = join(import.meta.dirname ?? "", "..", "BENCHMARKS.md");

const preface = `# Benchmarks

What \`deno task bench NAME --write\` measured last: the median of several runs, and
the least and the most of them. The load generator and the receiver share the
machine with the daemon.
`;

async function runAll(args: Arguments, stop: AbortSignal): Promise<void> {
  await using workspace = await Workspace.create(args.folder);
  const stopped = new Promise<never>((_, reject) => {
    stop.addEventListener("abort", () => reject(stop.reason));
  });
  await Promise.race([stopped, runEach(args, workspace)]);
}

async function runEach(
  args: Arguments,
  workspace: Workspace,
): Promise<void> {
  const program = await findProgram(args.binary);
  const { runs, scale } = args;
  const context: BenchmarkContext = {
    program,
    workspace,
    runs,
    scale,
    say: (line) => print(`  ${clockTime()} ${line}`, Deno.stderr),
  };
  for (const benchmark of args.benchmarks) {
    print(`${benchmark.name}: ${benchmark.about}`, Deno.stderr);
    const text = await measure(benchmark, context);
    print(`\n## ${benchmark.name}\n\n${text}\n`, Deno.stdout);
    if (args.isWriting) await write(benchmark, text);
  }
}

async function measure(
  benchmark: Benchmark,
  context: BenchmarkContext,
): Promise<string> {
  const before = await machineUse();
  const startMs = performance.now();
  const rows = await benchmark.run(context);
  const seconds = (performance.now() - startMs) / 1000;
  const others = othersLoad(before, await machineUse(), seconds);
  const table = renderTable(rows, { hasTargets: context.scale === 1 });
  const isCompiled = context.program.isCompiled && !benchmark.isInProcess;
  const kind = isCompiled ? "compiled" : "not compiled";
  const flags = context.runs === undefined ? "" : ` --runs ${context.runs}`;
  return [
    `${sentence(benchmark.about)}.`,
    "",
    table,
    "",
    ...benchmark.remark === undefined ? [] : [benchmark.remark, ""],
    `- \`deno task bench ${benchmark.name}${flags}\`, ${today()}`,
    `- forsun ${version}, ${kind}`,
    `- ${await describeMachine()}`,
    `- other processes kept ${others.toFixed(2)} cores busy meanwhile`,
  ].join("\n");
}

async function write(benchmark: Benchmark, text: string): Promise<void> {
  const order = benchmarks.map(({ name }) => name);
  const old = await Deno.readTextFile(resultsPath).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return preface;
    throw error;
  });
  const { name } = benchmark;
  await Deno.writeTextFile(resultsPath, putSection(old, { name, text }, order));
}

function sentence(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function clockTime(): string {
  return new Date().toISOString().slice(11, 19);
}

function print(line: string, target: typeof Deno.stdout): void {
  target.writeSync(new TextEncoder().encode(`${line}\n`));
}

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(name, () => stop.abort(new Error("Interrupted")));
}
try {
  const args = readArguments(Deno.args);
  if (args.benchmarks.length === 0) print(usage(), Deno.stdout);
  else await runAll(args, stop.signal);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  print(`bench: ${reason}`, Deno.stderr);
  Deno.exit(1);
}
Deno.exit(0);
