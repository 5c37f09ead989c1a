import * as v from "valibot";
import { nativeTool } from "./native_tool.ts";
import type { Workspace } from "./workspace.ts";

/** What to ask a daemon for; see `thrift_load --help` for the defaults. */
export interface Load {
  readonly method?: "createTimeout" | "create" | "get" | "remove" | "ping";
  readonly connections?: number;
  /** Requests in flight on each connection. */
  readonly pipeline?: number;
  readonly total?: number;
  readonly seconds?: number;
  /** The first seconds, which are not measured. */
  readonly warmup?: number;
  /** Ask on schedule, once in so many microseconds. */
  readonly intervalUs?: number;
  readonly first?: number;
  readonly isShuffled?: boolean;
  /** A run of # stands for the index. */
  readonly key?: string;
  /** In seconds. */
  readonly delay?: number;
  readonly spread?: number;
  /** The second at which all plans are due, and how much later each further one. */
  readonly at?: number;
  readonly step?: number;
  /** By how much a plan may be off, in seconds: 1 where the daemon goes by another clock. */
  readonly slack?: number;
  readonly count?: number;
  readonly action?: string;
  readonly params?: Readonly<Record<string, string>>;
}

const reportSchema = v.object({
  replies: v.number(),
  good: v.number(),
  /** Plans that came out due at another second than `at`, and were created again. */
  moved: v.number(),
  startedAt: v.number(),
  seconds: v.number(),
  perSecond: v.number(),
  latencyMs: v.object({
    p50: v.number(),
    p90: v.number(),
    p99: v.number(),
    p999: v.number(),
    most: v.number(),
  }),
  slowest: v.array(
    v.object({ index: v.number(), afterMs: v.number(), ms: v.number() }),
  ),
  nextTime: v.object({ least: v.number(), most: v.number() }),
  cpuSeconds: v.number(),
  fault: v.string(),
});

/** What came of a load: every reply was right. */
export type LoadReport = v.InferOutput<typeof reportSchema>;

/** A load that is under way. */
export interface RunningLoad {
  /** Asks for nothing more; resolves when all replies are there. */
  end(): Promise<LoadReport>;
  /** Rejects when a reply was not what it should be. */
  readonly report: Promise<LoadReport>;
}

/** What a load is for. */
export interface LoadTarget {
  readonly port: number;
  readonly workspace: Workspace;
}

/** Asks a daemon with the native load generator, and waits for the end of that. */
export async function runLoad(
  target: LoadTarget,
  load: Load,
): Promise<LoadReport> {
  return await (await startLoad(target, load)).report;
}

/** Begins to ask a daemon with the native load generator. */
export async function startLoad(
  { port, workspace }: LoadTarget,
  load: Load,
): Promise<RunningLoad> {
  const process = workspace.spawn(await nativeTool("thrift_load"), {
    args: ["--port", String(port), ...argumentsOf(load)],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const report = reportOf(process);
  return {
    report,
    end() {
      process.kill("SIGTERM");
      return report;
    },
  };
}

async function reportOf(process: Deno.ChildProcess): Promise<LoadReport> {
  const { code, stdout, stderr } = await process.output();
  if (code === 2 || stdout.length === 0) {
    throw new Error(new TextDecoder().decode(stderr).trim());
  }
  const text = new TextDecoder().decode(stdout);
  const report = v.parse(reportSchema, JSON.parse(text));
  if (code !== 0) {
    const bad = report.replies - report.good - report.moved;
    throw new Error(`${bad} replies were wrong, such as: ${report.fault}`);
  }
  return report;
}

function argumentsOf({ params = {}, isShuffled, ...values }: Load): string[] {
  const args = isShuffled ? ["--shuffle"] : [];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    args.push(`--${flag}`, String(value));
  }
  for (const [name, value] of Object.entries(params)) {
    args.push("--param", `${name}=${value}`);
  }
  return args;
}
