import type { UnixSeconds } from "./time.ts";
import { checkNumber, timeFieldNames, type TimeFields } from "./time_fields.ts";

/** A delay, run `count` times. */
export interface TimeoutSchedule {
  readonly kind: "timeout";
  /** As the client gave them. */
  readonly fields: TimeFields;
  /** What the fields add up to; 0 runs once, at the next second, whatever `count` is. */
  readonly delaySeconds: number;
  /** How many times in all; 0 has no end. */
  readonly count: number;
}

/** As the first daemon had it: a month is 30 days. */
const secondsPer = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  month: 30 * 86_400,
  week: 7 * 86_400,
} as const satisfies Record<keyof TimeFields, number>;

/** The most of a count: as far as 32 bits with a sign reach, which stores and clients may have. */
export const maxCount = 2 ** 31 - 1;
const notNegative = { min: 0, max: Number.MAX_SAFE_INTEGER };

/**
 * The schedule of a delay that is the sum of the fields, of which there may be
 * none. Throws error 1007, naming it, when a field or `count` isn't a whole number
 * of 0 or more, or `count` more than 2^31 - 1. Whether the first run is too far
 * away is for firstOccurrence() to say.
 */
export function createTimeoutSchedule(
  fields: TimeFields,
  { key, count }: { readonly key: string; readonly count: number },
): TimeoutSchedule {
  for (const name of timeFieldNames) {
    const value = fields[name];
    if (value === undefined) continue;
    checkNumber(name, value, { key, range: notNegative });
  }
  checkNumber("count", count, { key, range: { min: 0, max: maxCount } });
  return { kind: "timeout", fields, delaySeconds: delayOf(fields), count };
}

/** What the fields of a timeout add up to, in seconds. */
export function delayOf(fields: TimeFields): number {
  let seconds = 0;
  for (const name of timeFieldNames) {
    seconds += (fields[name] ?? 0) * secondsPer[name];
  }
  return seconds;
}

/** The second that follows `previous`, a timeout's creation or its last scheduled second. */
export function nextTimeout(
  schedule: TimeoutSchedule,
  previous: UnixSeconds,
): UnixSeconds {
  return previous + Math.max(1, schedule.delaySeconds);
}

/** Whether a timeout is over once it has run `runs` times. */
export function isExhausted(schedule: TimeoutSchedule, runs: number): boolean {
  return schedule.delaySeconds === 0 ||
    (schedule.count > 0 && runs >= schedule.count);
}

/** The first second of the rhythm that `due` belongs to, behind it and not before `from`. */
export function nextTimeoutFrom(
  schedule: TimeoutSchedule,
  due: UnixSeconds,
  from: UnixSeconds,
): UnixSeconds {
  const delay = Math.max(1, schedule.delaySeconds);
  return due + delay * Math.max(1, Math.ceil((from - due) / delay));
}
