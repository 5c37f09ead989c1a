import { daysFromCivil, daysInMonth, weekdayOf } from "./civil_date.ts";

/** Days of a month as an int32: bit 1 is the 1st, bit 31 the 31st. */
export type DayMask = number;

/** Which days of a month match. */
export interface DayRule {
  /** Days by their number. */
  readonly days: DayMask;
  /** cron's `L`: the last day, whatever its number. */
  readonly lastDay: boolean;
  /** cron's `LW`: the last day from Monday to Friday. */
  readonly lastWorkday: boolean;
  /** cron's `15W`: the day from Monday to Friday that is nearest, within the month. */
  readonly nearestWorkdays: DayMask;
  /** For each weekday from Sunday on: bit 0 is its first in the month, bit 5 its last. */
  readonly weekdays: readonly number[];
  /** Whether a day has to satisfy its number and its weekday, or one of them. */
  readonly combine: "either" | "both";
}

/** Every day of the month. */
export const everyDay: DayMask = ~1;

/** Each occurrence of a weekday in a month, as an entry of {@link DayRule.weekdays}. */
export const eachInMonth = 0b01_1111;

const lastInMonth = 0b10_0000;

/** Each occurrence of each weekday. */
export const everyWeekday: readonly number[] = Array(7).fill(eachInMonth);

/** The days of `month` (1 to 12) in `year` that `rule` lets through. */
export function matchingDays(
  rule: DayRule,
  year: number,
  month: number,
): DayMask {
  const first = weekdayOf(daysFromCivil({ year, month, day: 1 }));
  const length = daysInMonth(year, month);
  const byNumber = daysByNumber(rule, first, length);
  const byWeekday = daysByWeekday(rule, first, length);
  return rule.combine === "both" ? byNumber & byWeekday : byNumber | byWeekday;
}

/** The first day in a mask that isn't 0. */
export function firstDay(days: DayMask): number {
  return 31 - Math.clz32(days & -days);
}

function daysByNumber(rule: DayRule, first: number, length: number): DayMask {
  const exists = everyDay >>> (31 - length) & everyDay;
  let days = rule.days & exists;
  if (rule.lastDay) days |= 1 << length;
  if (rule.lastWorkday) days |= 1 << nearestWorkday(length, first, length);
  let wanted = rule.nearestWorkdays & exists;
  while (wanted !== 0) {
    const day = firstDay(wanted);
    days |= 1 << nearestWorkday(day, first, length);
    wanted ^= 1 << day;
  }
  return days;
}

function daysByWeekday(rule: DayRule, first: number, length: number): DayMask {
  let days = 0;
  for (let day = 1; day <= length; day++) {
    const wanted = rule.weekdays[(first + day - 1) % 7];
    const nth = 1 << Math.floor((day - 1) / 7);
    if (
      (wanted & nth) !== 0 || (day + 7 > length && (wanted & lastInMonth) !== 0)
    ) {
      days |= 1 << day;
    }
  }
  return days;
}

/** Saturday goes back and Sunday on by one, or the other way round by two at a month's edge. */
function nearestWorkday(day: number, first: number, length: number): number {
  const weekday = (first + day - 1) % 7;
  if (weekday === 6) return day === 1 ? day + 2 : day - 1;
  if (weekday === 0) return day === length ? day - 2 : day + 1;
  return day;
}
