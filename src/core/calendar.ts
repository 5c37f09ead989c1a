import { cannotCreate } from "./cannot_create.ts";
import { type CivilPattern, everyYear, range } from "./civil_pattern.ts";
import { daysInMonth } from "./civil_date.ts";
import { eachInMonth, everyDay, everyWeekday } from "./day_rule.ts";
import { neverComes } from "./errors.ts";
import {
  checkNumber,
  type NumberRange,
  timeFieldNames,
  type TimeFields,
} from "./time_fields.ts";
import { checkTimeZone } from "./time_zone.ts";

/** The six crontab-like fields. */
export interface CalendarSchedule {
  readonly kind: "calendar";
  /** As the client gave them; `week` is 0 to 7, where 0 and 7 are Sunday. */
  readonly fields: TimeFields;
  /** An IANA name; undefined is the daemon's. */
  readonly timeZone: string | undefined;
}

const ranges = {
  second: { min: 0, max: 59 },
  minute: { min: 0, max: 59 },
  hour: { min: 0, max: 23 },
  day: { min: 1, max: 31 },
  month: { min: 1, max: 12 },
  week: { min: 0, max: 7 },
} as const satisfies Record<keyof TimeFields, NumberRange>;

/** What a field without a value lets through. */
const any = {
  second: range(0, 59),
  minute: range(0, 59),
  hour: range(0, 23),
  month: range(1, 12),
} as const;

/** Any leap year: the longest that each month gets. */
const leapYear = 2000;

/**
 * Throws error 1007 naming the field and the value when one is out of its range
 * or the zone is unknown, and 1002 when no year has the date.
 */
export function createCalendarSchedule(
  fields: TimeFields,
  { key, timeZone }: {
    readonly key: string;
    readonly timeZone: string | undefined;
  },
): CalendarSchedule {
  for (const name of timeFieldNames) {
    const value = fields[name];
    if (value !== undefined) {
      checkNumber(name, value, { key, range: ranges[name] });
    }
  }
  checkTimeZone(timeZone, key);
  const { day, month, week } = fields;
  // With a weekday the date is only one of two ways to match.
  if (day !== undefined && month !== undefined && week === undefined) {
    if (day > daysInMonth(leapYear, month)) {
      const reason = `day ${day} never comes in month ${month}`;
      throw neverComes(cannotCreate(key, reason));
    }
  }
  return { kind: "calendar", fields, timeZone };
}

/** Whether the fields name one instant, down to the second: such a plan fires once. */
export function isOneShot({ fields }: CalendarSchedule): boolean {
  const { month, day, hour, minute, second } = fields;
  return [month, day, hour, minute, second].every((value) =>
    value !== undefined
  );
}

/**
 * The wall-clock readings that a calendar means. A field without a value is
 * "any" if a finer one has a value or none at all has, and counts as 0
 * otherwise (the 1st, for the day): `hour=16` is 16:00:00. A weekday is as coarse
 * as a day and restricts it, or, as in crontab(5), is the alternative to a day
 * that is given too.
 */
export function calendarPattern({ fields }: CalendarSchedule): CivilPattern {
  const { second, minute, hour, day, month, week } = fields;
  const empty = timeFieldNames.every((name) => fields[name] === undefined);
  const anySecond = empty;
  const anyMinute = anySecond || second !== undefined;
  const anyHour = anyMinute || minute !== undefined;
  const anyDay = anyHour || hour !== undefined || week !== undefined;
  return {
    seconds: second !== undefined ? [second] : anySecond ? any.second : [0],
    minutes: minute !== undefined ? [minute] : anyMinute ? any.minute : [0],
    hours: hour !== undefined ? [hour] : anyHour ? any.hour : [0],
    dayRule: {
      days: day !== undefined
        ? 1 << day
        : anyDay || month === undefined
        ? everyDay
        : 1 << 1,
      lastDay: false,
      lastWorkday: false,
      nearestWorkdays: 0,
      weekdays: week !== undefined ? onlyWeekday(week) : everyWeekday,
      combine: day !== undefined && week !== undefined ? "either" : "both",
    },
    months: month !== undefined ? [month] : any.month,
    years: everyYear,
  };
}

function onlyWeekday(week: number): readonly number[] {
  return range(0, 6).map((weekday) => weekday === week % 7 ? eachInMonth : 0);
}
