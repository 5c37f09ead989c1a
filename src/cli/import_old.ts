import { formatPlan } from "../command/format_plan.ts";
import { formatLocalTime } from "../command/local_time.ts";
import type { RestoreRequest } from "../core/plan_request.ts";
import type { ClockOffset } from "../core/clock_offset.ts";
import { describeReport, importPlans } from "../migration/import_plans.ts";
import { checkClockOffset } from "../migration/check_clock_offset.ts";
import { exists, markPathOf } from "../migration/imported_mark.ts";
import type { OldSource } from "../migration/old_source.ts";
import type { WirePlan } from "../thrift/wire_plan.ts";
import { toPlanJson, toPlanView } from "./plan_output.ts";
import { Progress } from "./progress.ts";
import { sendRestored } from "./send_restored.ts";
import type { Session } from "./session.ts";

export interface ImportOldOptions {
  readonly offset: ClockOffset;
  readonly replace: boolean;
  readonly isDryRun: boolean;
}

/**
 * Imports what the first daemon has left into the one that runs. A dry run
 * prints what each plan would become. Returns whether there was nothing that
 * could not be imported.
 */
export async function importOld(
  source: OldSource,
  session: Session,
  { offset, replace, isDryRun }: ImportOldOptions,
): Promise<boolean> {
  const { terminal, options: { isJson } } = session;
  const { path, currentTime } = source;
  if (path !== undefined) {
    if (!isDryRun) await checkMark(path);
    await checkClockOffset(path, currentTime, offset);
  }
  const client = await session.connect();
  using progress = new Progress(terminal, source.planCount);
  let moved = 0;
  warnOfFuture(source, offset, session);
  const report = await importPlans(source, {
    offsetSeconds: offset.seconds,
    concurrency: maxUnderWay,
    signal: session.signal,
    onProgress: (done) => progress.show(done, done),
    onTrouble: (line) => terminal.complain(`forsun: ${line}`),
    async restore(request) {
      const plan = await sendRestored(request, { client, replace, isDryRun });
      const isMoved = plan.next_time !== request.nextAt;
      if (isMoved) moved++;
      if (isDryRun) printPlan(plan, isMoved ? request : undefined, session);
    },
  });
  const { seconds, origin } = offset;
  if (isJson) {
    const clock_offset = seconds;
    terminal.print(JSON.stringify({ ...report, moved, clock_offset }));
  } else {
    const dry = isDryRun ? "dry run: " : "";
    const others = moved > 0 ? `, ${moved} with another next occurrence` : "";
    const clock = `clock offset ${seconds} s (${origin})`;
    terminal.print(`${dry}${describeReport(report)}${others}; ${clock}`);
  }
  return report.refused + report.damaged === 0;
}

/** What has run here since a start imported it would run again. */
async function checkMark(path: string): Promise<void> {
  const markPath = markPathOf(path);
  if (!await exists(markPath)) return;
  throw new Error(
    `${path} was imported when a daemon started, as ${markPath} says: plans that have run since would run again. A copy of it can be imported`,
  );
}

/** A clock offset that is wrong shows when the first daemon seems to be ahead of time. */
function warnOfFuture(
  { currentTime = 0 }: OldSource,
  { seconds }: ClockOffset,
  { terminal }: Session,
): void {
  const ahead = currentTime + seconds - terminal.clock.wallMs() / 1000;
  if (ahead <= maxAhead) return;
  terminal.complain(
    `forsun: with a clock offset of ${seconds} s the first daemon was ${
      Math.round(ahead)
    } s ahead of now; see --clock-offset`,
  );
}

function printPlan(
  plan: WirePlan,
  moved: RestoreRequest | undefined,
  { terminal, options: { isJson, showSecrets } }: Session,
): void {
  const { timeZone } = terminal;
  terminal.print(
    isJson
      ? toPlanJson(plan, { showSecrets })
      : formatPlan(toPlanView(plan), { timeZone, showSecrets }),
  );
  if (moved === undefined || isJson) return;
  terminal.print(
    `  its next occurrence was ${formatLocalTime(moved.nextAt, timeZone)}`,
  );
}

const maxUnderWay = 512;
const maxAhead = 120;
