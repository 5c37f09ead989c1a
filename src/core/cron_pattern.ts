import { CronPattern } from "croner";
import { type CivilPattern, everyYear } from "./civil_pattern.ts";
import type { DayMask } from "./day_rule.ts";

/**
 * The wall-clock readings that a cron expression means; throws croner's error
 * when it isn't one.
 *
 * croner is the parser only. Its own search follows another rule where the
 * clock is set: unless second, minute and hour have one value each, it drops
 * skipped readings and repeats doubled ones. It can also take milliseconds. So
 * the search is the one that calendars use.
 */
export function parseCronPattern(expression: string): CivilPattern {
  const cron = new CronPattern(expression);
  return {
    seconds: members(cron.second, 0),
    minutes: members(cron.minute, 0),
    hours: members(cron.hour, 0),
    dayRule: {
      days: mask(cron.day),
      lastDay: cron.lastDayOfMonth,
      lastWorkday: cron.lastWeekday,
      nearestWorkdays: mask(cron.nearestWeekdays),
      weekdays: cron.dayOfWeek.slice(0, 7),
      // crontab(5): two restricted day fields are alternatives. A `+` before the
      // weekday, croner's invention, asks for both.
      combine: cron.useAndLogic || cron.starDOM || cron.starDOW
        ? "both"
        : "either",
    },
    months: members(cron.month, 1),
    years: cron.starYear
      ? everyYear
      : everyYear.filter((year) => cron.year[year]),
  };
}

/** The values that are on in one of croner's fields, whose index 0 stands for `first`. */
function members(field: readonly number[], first: number): readonly number[] {
  return field.flatMap((on, index) => on ? [index + first] : []);
}

function mask(days: readonly number[]): DayMask {
  return members(days, 1).reduce((all, day) => all | 1 << day, 0);
}
