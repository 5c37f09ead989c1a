import { benchmarks } from "./registry.ts";
import type { Benchmark } from "./benchmark.ts";

/** What the command line asks for. */
export interface Arguments {
  /** Empty to list them. */
  readonly benchmarks: readonly Benchmark[];
  readonly binary: string | undefined;
  /** Where files go. */
  readonly folder: string;
  readonly runs: number | undefined;
  readonly scale: number;
  /** Whether BENCHMARKS.md gets the results. */
  readonly isWriting: boolean;
}

/** @throws {Error} one line, when they make no sense */
export function readArguments(args: readonly string[]): Arguments {
  const names: string[] = [];
  const flags = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (!arg.startsWith("--")) names.push(arg);
    else if (arg === "--write") flags.set(arg, "");
    else if (valueFlags.has(arg) && at + 1 < args.length) {
      flags.set(arg, args[++at]);
    } else throw new Error(`${arg} is unknown, or its value is missing`);
  }
  const isWriting = flags.has("--write");
  const scale = readNumber(flags, "--scale") ?? 1;
  if (isWriting && scale !== 1) {
    throw new Error("--write is for full runs, without --scale");
  }
  return {
    benchmarks: names.includes("all") ? benchmarks : names.map(find),
    binary: flags.get("--binary"),
    folder: flags.get("--dir") ?? Deno.env.get("TMPDIR") ?? "/tmp",
    runs: readRuns(flags),
    scale,
    isWriting,
  };
}

/** What there is to run, and how. */
export function usage(): string {
  const list = benchmarks.map(({ name, about }) =>
    `  ${name.padEnd(10)}${about}`
  );
  return `usage: deno task bench NAME... [flag]...

${list.join("\n")}
  all       one after the other

  --binary PATH  the compiled forsun; dist/forsun or, where that is not there,
                 the sources if not given
  --dir DIR      where files go, on the disk to measure; TMPDIR if not given
  --runs N       how often to measure
  --scale X      multiply numbers of plans with X, for a try
  --write        put the results into BENCHMARKS.md`;
}

const valueFlags = new Set(["--binary", "--dir", "--runs", "--scale"]);

function find(name: string): Benchmark {
  const found = benchmarks.find((benchmark) => benchmark.name === name);
  if (found !== undefined) return found;
  throw new Error(`No benchmark is called ${name}`);
}

function readRuns(
  flags: ReadonlyMap<string, string>,
): number | undefined {
  const runs = readNumber(flags, "--runs");
  if (runs === undefined || Number.isSafeInteger(runs)) return runs;
  throw new Error(`--runs must be a whole number, got ${runs}`);
}

function readNumber(
  flags: ReadonlyMap<string, string>,
  name: string,
): number | undefined {
  const text = flags.get(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`${name} must be a number above 0, got ${text}`);
}
