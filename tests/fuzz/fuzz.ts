import { join } from "node:path";
import process from "node:process";
import v8 from "node:v8";
import vm from "node:vm";
import type { FuzzTarget } from "./fuzz_target.ts";
import { createRandom, pick } from "./random.ts";

/** What fuzzing a target came to. */
export interface FuzzReport {
  readonly runs: number;
  /** How many different outcomes there were. */
  readonly outcomes: number;
  /** Of one input, in milliseconds. */
  readonly slowestMs: number;
  /** By how much the heap was larger at the end than in the middle. */
  readonly grownBytes: number;
}

/**
 * Has a target parse its seeds, its corpus, and `runs` inputs that are made
 * from these by changing them, and from those whose outcome had not been seen.
 * The same seed makes the same inputs.
 * @throws {Error} with the input, when one crashes the parser or takes over 100 ms
 */
export async function fuzz<Input>(
  target: FuzzTarget<Input>,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Promise<FuzzReport> {
  const random = createRandom(seed);
  const { stackTraceLimit } = Error;
  using _ = { [Symbol.dispose]: () => Error.stackTraceLimit = stackTraceLimit };
  // Collecting stacks takes longer than most parsers do.
  Error.stackTraceLimit = 0;
  const pool = [...target.seeds, ...await readCorpus(target)];
  const seen = new Set<string>();
  let slowestMs = 0;
  async function tryOut(input: Input): Promise<void> {
    const { outcome, ms } = await runOnce(target, input, slowestMs);
    slowestMs = Math.max(slowestMs, ms);
    if (seen.has(outcome)) return;
    if (seen.size < maxOutcomes) seen.add(outcome);
    if (pool.length < maxPool) pool.push(input);
    else pool[random(target.seeds.length, maxPool - 1)] = input;
  }
  for (const input of [...pool]) await tryOut(input);
  let middleBytes = 0;
  for (let run = 0; run < runs; run++) {
    let input = pick(pool, random);
    for (let left = random(1, 3); left > 0; left--) {
      input = target.mutate(input, random, pool);
    }
    await tryOut(input);
    if (run === Math.floor(runs / 2)) middleBytes = heapBytes();
  }
  return {
    runs,
    outcomes: seen.size,
    slowestMs,
    grownBytes: heapBytes() - middleBytes,
  };
}

/**
 * Runs an input again when it seems to take longer than all before, which is
 * `slowestMs`: a machine that is busy elsewhere is none of its fault.
 */
async function runOnce<Input>(
  target: FuzzTarget<Input>,
  input: Input,
  slowestMs: number,
): Promise<{ readonly outcome: string; readonly ms: number }> {
  let ms = Infinity;
  for (let attempt = 1;; attempt++) {
    const startMs = performance.now();
    const startCpu = process.cpuUsage();
    let outcome: string;
    try {
      const running = target.run(input);
      outcome = typeof running === "string" ? running : await running;
    } catch (cause) {
      // The same again shows where.
      if (Error.stackTraceLimit === 0) {
        Error.stackTraceLimit = 20;
        continue;
      }
      const what = `${target.name} breaks at ${target.show(input)}`;
      throw new Error(`${what}: ${(cause as Error).stack}`, { cause });
    }
    const { user, system } = process.cpuUsage(startCpu);
    const cpuMs = (user + system) / 1000;
    ms = Math.min(ms, performance.now() - startMs, cpuMs);
    if (ms <= Math.max(slowestMs, quickMs)) return { outcome, ms };
    if (attempt < maxAttempts) continue;
    if (ms <= maxMs) return { outcome, ms };
    const what = `${target.name} takes ${Math.round(ms)} ms`;
    throw new Error(`${what} for ${target.show(input)}`);
  }
}

async function readCorpus<Input>(
  { name, read }: FuzzTarget<Input>,
): Promise<Input[]> {
  const folder = join(import.meta.dirname ?? ".", "corpus");
  const path = join(folder, `${name.replaceAll(" ", "_")}.txt`);
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  return text.split("\n")
    .filter((line) => line !== "" && !line.startsWith("# "))
    .map(read);
}

v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc") as () => void;

function heapBytes(): number {
  collectGarbage();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

const maxMs = 100;
/** What is quicker is not measured again. */
const quickMs = 30;
const maxAttempts = 4;
const maxPool = 1000;
const maxOutcomes = 20_000;
