import { httpPlan } from "./bench_plan.ts";
import { pause } from "./benchmark.ts";
import type { Daemon } from "./daemon.ts";
import { runLoad } from "./load.ts";
import { Sink, type SinkReport } from "./sink.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Has `seconds` HTTP plans fire, one a second, and tells how late they arrived.
 * @throws {Error} when one did not
 */
export async function fireOneASecond(
  { daemon, workspace }: {
    readonly daemon: Daemon;
    readonly workspace: Workspace;
  },
  seconds: number,
): Promise<SinkReport["offsetMs"]> {
  await using sink = await Sink.start(workspace);
  await sink.expect(seconds);
  const due = { at: Math.ceil(Date.now() / 1000) + 3, step: 1 };
  await runLoad({ port: daemon.port, workspace }, {
    ...httpPlan(sink.port),
    key: "alone:##############",
    total: seconds,
    ...due,
  });
  await pause(due.at + seconds + 2 - Date.now() / 1000);
  const { missing, offsetMs } = await sink.report(due);
  if (missing > 0) throw new Error(`${missing} single plans did not arrive`);
  return offsetMs;
}
