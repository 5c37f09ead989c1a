import { httpPlan } from "./bench_plan.ts";
import type { Daemon } from "./daemon.ts";
import { runLoad } from "./load.ts";
import type { Sink, SinkReport } from "./sink.ts";
import type { Workspace } from "./workspace.ts";

/** What became of plans that were all due in one second. */
export interface Burst extends SinkReport {
  /** Actions that failed at one of their attempts. */
  readonly failures: number;
}

/** Creates `count` HTTP plans that are due in one second, and waits until they have fired. */
export async function fireBurst(
  { daemon, sink, workspace }: {
    readonly daemon: Daemon;
    readonly sink: Sink;
    readonly workspace: Workspace;
  },
  count: number,
): Promise<Burst> {
  const before = await daemon.failures();
  await sink.expect(count);
  // 20,000 plans a second can be created by far.
  const at = Math.ceil(Date.now() / 1000 + 2 + count / 20_000);
  await runLoad({ port: daemon.port, workspace }, {
    ...httpPlan(sink.port),
    connections: 16,
    pipeline: 16,
    total: count,
    at,
  });
  // Nothing asks anything of anyone while it is measured.
  const lastingMs = count / 5;
  await waitUntil(at * 1000 + lastingMs);
  await sink.settle(count, quietMs);
  const report = await sink.report({ at, step: 0 });
  return { ...report, failures: await daemon.failures() - before };
}

async function waitUntil(wallMs: number): Promise<void> {
  const leftMs = wallMs - Date.now();
  if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
}

/** Longer than what the first retry waits for. */
const quietMs = 8000;
