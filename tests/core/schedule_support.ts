import fc from "fast-check";
import {
  type CalendarSchedule,
  createCalendarSchedule,
} from "../../src/core/calendar.ts";
import { createCronSchedule, type CronSchedule } from "../../src/core/cron.ts";
import { nextOccurrence, type Schedule } from "../../src/core/schedule.ts";
import type { UnixSeconds } from "../../src/core/time.ts";
import type { TimeFields } from "../../src/core/time_fields.ts";
import {
  createTimeoutSchedule,
  type TimeoutSchedule,
} from "../../src/core/timeout.ts";

const unset: TimeFields = {
  second: undefined,
  minute: undefined,
  hour: undefined,
  day: undefined,
  month: undefined,
  week: undefined,
};

/** Time fields of which only `some` are set. */
export function timeFields(some: Partial<TimeFields>): TimeFields {
  return { ...unset, ...some };
}

export function timeout(some: Partial<TimeFields>, count = 0): TimeoutSchedule {
  return createTimeoutSchedule(timeFields(some), { key: "a", count });
}

export function calendar(
  some: Partial<TimeFields>,
  timeZone?: string,
): CalendarSchedule {
  return createCalendarSchedule(timeFields(some), { key: "a", timeZone });
}

export function cron(expression: string, timeZone?: string): CronSchedule {
  return createCronSchedule(expression, { key: "a", timeZone });
}

/** The second of an ISO 8601 text. */
export function at(text: string): UnixSeconds {
  return Date.parse(text) / 1000;
}

/** ISO 8601 without milliseconds, or "never". */
export function show(second: UnixSeconds | undefined): string {
  if (second === undefined) return "never";
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}

/** The first `count` occurrences after `after`, in UTC unless the schedule has a zone. */
export function occurrences(
  schedule: Schedule,
  after: string,
  count: number,
): readonly string[] {
  const shown: string[] = [];
  let last: UnixSeconds | undefined = at(after);
  while (shown.length < count && last !== undefined) {
    last = nextOccurrence(schedule, last, { timeZone: "UTC" });
    shown.push(show(last));
  }
  return shown;
}

/**
 * Always the same cases, `runs` of them or FORSUN_FUZZ_RUNS when that is more,
 * and with a failure the values that led to it.
 */
export function fuzz(runs: number): fc.Parameters<unknown> {
  const wanted = Number(Deno.env.get("FORSUN_FUZZ_RUNS") ?? 0);
  return {
    seed: 20_261_123,
    numRuns: Math.max(runs, wanted),
    verbose: fc.VerbosityLevel.Verbose,
  };
}
