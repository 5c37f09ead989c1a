import { isOneShot } from "./calendar.ts";
import type { Misfire } from "./plan.ts";
import {
  nextOccurrence,
  type OccurrenceOptions,
  type Schedule,
} from "./schedule.ts";
import { maxUnixSeconds, type UnixSeconds } from "./time.ts";
import {
  isExhausted,
  nextTimeoutFrom,
  type TimeoutSchedule,
} from "./timeout.ts";

export interface AdvanceRequest extends OccurrenceOptions {
  /** The occurrence that is claimed, one that the schedule gave. */
  readonly due: UnixSeconds;
  /** Occurrences before this second were missed. */
  readonly missedBefore: UnixSeconds;
  readonly misfire: Misfire;
  /** Occurrences claimed before this one. */
  readonly runs: number;
}

/** What becomes of a plan whose occurrence is claimed. */
export interface Advance {
  /** Whether the occurrence is executed; if not, it isn't counted as a run either. */
  readonly fires: boolean;
  /** The next occurrence; undefined ends the plan. */
  readonly nextAt: UnixSeconds | undefined;
}

/**
 * What follows when the occurrence `due` is claimed.
 *
 * A timeout that was missed fires, late, and goes on in its own rhythm from
 * `missedBefore` on; `misfire` is for calendars and cron: `once` does the same,
 * `skip` leaves the missed one out, `all` makes up for each.
 */
export function advance(schedule: Schedule, request: AdvanceRequest): Advance {
  if (schedule.kind === "timeout") return advanceTimeout(schedule, request);
  const { due, missedBefore, misfire, timeZone } = request;
  const missed = due < missedBefore;
  const fires = !(missed && misfire === "skip");
  if (schedule.kind === "calendar" && isOneShot(schedule)) {
    return { fires, nextAt: undefined };
  }
  const after = missed && misfire !== "all" ? missedBefore - 1 : due;
  return { fires, nextAt: nextOccurrence(schedule, after, { timeZone }) };
}

/** Skipped runs are not counted, so that `count` is how often it really ran. */
function advanceTimeout(
  schedule: TimeoutSchedule,
  request: AdvanceRequest,
): Advance {
  const { due, missedBefore, runs } = request;
  if (isExhausted(schedule, runs + 1)) {
    return { fires: true, nextAt: undefined };
  }
  const next = nextTimeoutFrom(schedule, due, missedBefore);
  return { fires: true, nextAt: next <= maxUnixSeconds ? next : undefined };
}
