import { civilFromDays, daysFromCivil } from "./civil_date.ts";
import { type DayRule, firstDay, matchingDays } from "./day_rule.ts";

/** Seconds from 1970-01-01T00:00:00 to what a wall clock shows, wherever it hangs. */
export type LocalSeconds = number;

/**
 * Which readings of a wall clock match. The lists are ascending; those of the
 * time of day have at least one member.
 */
export interface CivilPattern {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly dayRule: DayRule;
  /** From 1, January, to 12. */
  readonly months: readonly number[];
  readonly years: readonly number[];
}

/** The whole numbers from `first` to `last`, for the lists of a {@link CivilPattern}. */
export function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/**
 * Every year in which a wall clock can show a UnixSeconds; the epoch itself is
 * still in 1969 west of Greenwich.
 */
export const everyYear: readonly number[] = range(1969, 2106);

const secondsPerDay = 86_400;

/**
 * The first match at `from` or later, undefined when there is none up to the
 * end of 2106. Looks at each month at most once, and at no day, hour, minute or
 * second in vain, so that sparse and impossible patterns cost microseconds.
 */
export function nextMatch(
  pattern: CivilPattern,
  from: LocalSeconds,
): LocalSeconds | undefined {
  const today = Math.floor(from / secondsPerDay);
  let day = nextDay(pattern, today);
  if (day === today) {
    const time = nextTimeOfDay(pattern, from - today * secondsPerDay);
    if (time !== undefined) return today * secondsPerDay + time;
    day = nextDay(pattern, today + 1);
  }
  if (day === undefined) return undefined;
  const { hours, minutes, seconds } = pattern;
  return day * secondsPerDay + hours[0] * 3600 + minutes[0] * 60 + seconds[0];
}

/** The first matching day at `from` or later; both count from 1970-01-01. */
function nextDay(pattern: CivilPattern, from: number): number | undefined {
  const start = civilFromDays(from);
  for (const year of pattern.years) {
    if (year < start.year) continue;
    for (const month of pattern.months) {
      const isStart = year === start.year && month === start.month;
      if (year === start.year && month < start.month) continue;
      const days = matchingDays(pattern.dayRule, year, month) &
        (-1 << (isStart ? start.day : 1));
      if (days !== 0) {
        return daysFromCivil({ year, month, day: firstDay(days) });
      }
    }
  }
  return undefined;
}

/** The first matching second of the day at `from` or later. */
function nextTimeOfDay(
  pattern: CivilPattern,
  from: number,
): number | undefined {
  const { hours, minutes, seconds } = pattern;
  const fromHour = Math.floor(from / 3600);
  const fromMinute = Math.floor(from / 60) % 60;
  const fromSecond = from % 60;
  for (const hour of hours) {
    if (hour < fromHour) continue;
    if (hour > fromHour) return hour * 3600 + minutes[0] * 60 + seconds[0];
    for (const minute of minutes) {
      if (minute < fromMinute) continue;
      if (minute > fromMinute) return hour * 3600 + minute * 60 + seconds[0];
      for (const second of seconds) {
        if (second >= fromSecond) return hour * 3600 + minute * 60 + second;
      }
    }
  }
  return undefined;
}
