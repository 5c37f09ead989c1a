import type { ForsunProgram } from "./forsun_program.ts";
import type { Row } from "./table.ts";
import type { Workspace } from "./workspace.ts";

/** What a benchmark works with. */
export interface BenchmarkContext {
  readonly program: ForsunProgram;
  readonly workspace: Workspace;
  /** How often to measure; undefined leaves it to the benchmark. */
  readonly runs: number | undefined;
  /** What numbers of plans are multiplied with, 1 for those that the targets are about. */
  readonly scale: number;
  /** Tells whoever waits how far it has come. */
  say(line: string): void;
}

export interface Benchmark {
  readonly name: string;
  /** What it measures, in one line. */
  readonly about: string;
  /** Measures functions from the sources, not the program. */
  readonly isInProcess?: true;
  /** What stands in the way of a target, say: stands below the table. */
  readonly remark?: string;
  run(context: BenchmarkContext): Promise<readonly Row[]>;
}

/** `count` in the context's scale. */
export function scaled({ scale }: BenchmarkContext, count: number): number {
  return Math.max(1, Math.round(count * scale));
}

/** The numbers of the runs, 1 for the first, announced one by one. */
export function* eachRun(
  { runs, say }: BenchmarkContext,
  usual: number,
): Iterable<number> {
  const count = runs ?? usual;
  for (let run = 1; run <= count; run++) {
    say(`run ${run} of ${count}`);
    yield run;
  }
}

/** Resolves after so many seconds. */
export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
