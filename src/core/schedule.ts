import { calendarPattern, type CalendarSchedule } from "./calendar.ts";
import { cannotCreate } from "./cannot_create.ts";
import { cronPattern, type CronSchedule } from "./cron.ts";
import { neverComes } from "./errors.ts";
import { momentOf } from "./moment.ts";
import { quote } from "./quote.ts";
import { formatUtc, maxUnixSeconds, type UnixSeconds } from "./time.ts";
import { describeFields } from "./time_fields.ts";
import { timeZoneNamed } from "./time_zone.ts";
import { nextTimeout, type TimeoutSchedule } from "./timeout.ts";
import { nextZonedMatch } from "./zoned_match.ts";

/** When a plan fires. */
export type Schedule = TimeoutSchedule | CalendarSchedule | CronSchedule;

export interface OccurrenceOptions {
  /** The IANA name of the daemon's zone, for schedules that have none. */
  readonly timeZone: string;
}

export interface FirstOccurrenceOptions extends OccurrenceOptions {
  /** The last second that the caller can name; maxUnixSeconds by default. */
  readonly notAfter?: UnixSeconds;
  /** The plan's key, for the message. */
  readonly key?: string;
}

/**
 * The first occurrence after `after`, or undefined when there is none up to
 * maxUnixSeconds. For a timeout, `after` has to be its creation or its last
 * scheduled second. It knows nothing of runs: when a timeout has had its count, or
 * a one-shot calendar its only one, is for advance() to say. Throws a RangeError
 * when no zone has that name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const afterNoon = Date.UTC(2026, 0, 31, 12) / 1000;
 * const next = nextOccurrence(
 *   { kind: "cron", expression: "0 30 2 L * *", timeZone: "Europe/Berlin" },
 *   afterNoon,
 *   { timeZone: "UTC" },
 * );
 * assert.equal(next, Date.UTC(2026, 1, 28, 1, 30) / 1000);
 * ```
 */
export function nextOccurrence(
  schedule: Schedule,
  after: UnixSeconds,
  { timeZone }: OccurrenceOptions,
): UnixSeconds | undefined {
  switch (schedule.kind) {
    case "timeout": {
      const next = nextTimeout(schedule, after);
      return next <= maxUnixSeconds ? next : undefined;
    }
    case "calendar": {
      const zone = timeZoneNamed(schedule.timeZone ?? timeZone);
      return nextZonedMatch(calendarPattern(schedule), after, zone);
    }
    case "cron": {
      const zone = timeZoneNamed(schedule.timeZone ?? timeZone);
      return nextZonedMatch(cronPattern(schedule), after, zone);
    }
    default:
      return schedule satisfies never;
  }
}

/**
 * The occurrence with which a plan created at `createdAt` begins, always later
 * than that. Throws error 1002 naming the schedule when there is none up to
 * `notAfter`.
 */
export function firstOccurrence(
  schedule: Schedule,
  createdAt: UnixSeconds,
  { timeZone, notAfter = maxUnixSeconds, key }: FirstOccurrenceOptions,
): UnixSeconds {
  const first = nextOccurrence(schedule, createdAt, { timeZone });
  if (first !== undefined && first <= notAfter) return first;
  const what = describeSchedule(schedule);
  const reason = `${what} does not come by ${formatUtc(notAfter)}`;
  throw neverComes(cannotCreate(key, reason));
}

function describeSchedule(schedule: Schedule): string {
  if (schedule.kind === "cron") {
    const moment = momentOf(schedule);
    if (moment !== undefined) return `at ${formatUtc(moment)}`;
    return `cron ${quote(schedule.expression)}`;
  }
  return describeFields(schedule.fields) || "the next second";
}
