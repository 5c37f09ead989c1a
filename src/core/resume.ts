import { isOneShot } from "./calendar.ts";
import type { Misfire } from "./plan.ts";
import {
  nextOccurrence,
  type OccurrenceOptions,
  type Schedule,
} from "./schedule.ts";
import type { UnixSeconds } from "./time.ts";
import { isExhausted, type TimeoutSchedule } from "./timeout.ts";

/** What is said of a plan that has nothing left to do. */
export const overReason = "it is over";

export interface ResumeRequest extends OccurrenceOptions {
  /** When the plan was to run next; 0 when it was not. */
  readonly nextAt: UnixSeconds;
  readonly now: UnixSeconds;
  readonly misfire: Misfire;
  /** Occurrences that it had. */
  readonly runs: number;
}

/**
 * With which occurrence a plan goes on that was elsewhere before; undefined when
 * it is over. What lies ahead stays, but for a second that isn't one of the
 * calendar or cron schedule, which goes on with its next one. What was missed
 * leaves one occurrence, the last one that was missed, to be run at once, so
 * that the rhythm behind it is kept; `misfire` may want none of a calendar's or
 * all of them.
 */
export function resume(
  schedule: Schedule,
  request: ResumeRequest,
): UnixSeconds | undefined {
  const { nextAt, now, misfire, timeZone } = request;
  if (nextAt === 0) return undefined;
  if (schedule.kind === "timeout") return resumeTimeout(schedule, request);
  const next = (after: UnixSeconds) =>
    nextOccurrence(schedule, after, { timeZone });
  if (nextAt > now) return next(nextAt - 1) === nextAt ? nextAt : next(now);
  const isOnce = schedule.kind === "calendar" && isOneShot(schedule);
  if (misfire === "skip") return isOnce ? undefined : next(now);
  if (isOnce) return nextAt;
  const first = next(nextAt - 1);
  return misfire === "all" || first === undefined || first > now
    ? first
    : lastOccurrence(next, { from: nextAt - 1, now });
}

function resumeTimeout(
  schedule: TimeoutSchedule,
  { nextAt, now, runs }: ResumeRequest,
): UnixSeconds | undefined {
  if (runs > 0 && isExhausted(schedule, runs)) return undefined;
  if (nextAt >= now || isExhausted(schedule, runs + 1)) return nextAt;
  const delay = Math.max(1, schedule.delaySeconds);
  return nextAt + delay * Math.floor((now - nextAt) / delay);
}

/** The last occurrence up to `now`, of which there is one behind `from`; found by halving. */
function lastOccurrence(
  next: (after: UnixSeconds) => UnixSeconds | undefined,
  { from, now }: { readonly from: UnixSeconds; readonly now: UnixSeconds },
): UnixSeconds | undefined {
  let behind = from;
  let ahead = now;
  while (ahead - behind > 1) {
    const middle = Math.floor((behind + ahead) / 2);
    if ((next(middle) ?? Infinity) <= now) behind = middle;
    else ahead = middle;
  }
  return next(behind);
}
