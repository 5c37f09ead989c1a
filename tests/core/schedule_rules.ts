import type { TimeFields } from "../../src/core/time_fields.ts";
import type { Reading, Rule } from "./schedule_oracle.ts";

/** What is promised of the six calendar fields, field by field. */
export function calendarRule(fields: TimeFields): Rule {
  const isSet = (...names: (keyof TimeFields)[]) =>
    names.some((name) => fields[name] !== undefined);
  const { second, minute, hour, day, month, week } = fields;
  // Whether this field or a coarser one is the finest of those that are set.
  const finest = {
    month: !isSet("second", "minute", "hour", "day", "week") && isSet("month"),
    day: !isSet("second", "minute", "hour") && isSet("day", "week", "month"),
    hour: !isSet("second", "minute") && isSet("hour", "day", "week", "month"),
    minute: !isSet("second") && isSet("minute", "hour", "day", "week", "month"),
  };
  const matchesDay = (reading: Reading) => {
    const byDay = reading.day === day;
    const byWeek = reading.weekday === week ||
      (week === 7 && reading.weekday === 0);
    if (day !== undefined && week !== undefined) return byDay || byWeek;
    if (day !== undefined) return byDay;
    if (week !== undefined) return byWeek;
    return finest.month ? reading.day === 1 : true;
  };
  const matches = (
    value: number | undefined,
    shown: number,
    { orZero }: { orZero: boolean },
  ) => value === undefined ? !orZero || shown === 0 : shown === value;
  return {
    matches: (reading) =>
      matches(second, reading.second, { orZero: finest.minute }) &&
      matches(minute, reading.minute, { orZero: finest.hour }) &&
      matches(hour, reading.hour, { orZero: finest.day }) &&
      (month === undefined || reading.month === month) && matchesDay(reading),
    everyHour: hour === undefined && !finest.day,
  };
}

/** The fields of a cron expression as lists of their values; undefined is `*`. */
export interface CronFields {
  readonly second: readonly number[];
  readonly minute: readonly number[] | undefined;
  readonly hour: readonly number[] | undefined;
  readonly days: readonly CronDay[] | undefined;
  readonly months: readonly number[] | undefined;
  readonly weekdays: readonly CronWeekday[] | undefined;
}

export type CronDay =
  | { readonly kind: "number" | "nearest workday"; readonly day: number }
  | { readonly kind: "last" };

export interface CronWeekday {
  readonly weekday: number;
  readonly nth: "each" | "last" | 1 | 2 | 3 | 4 | 5;
}

const weekdayNames = ["sun", "Mon", "TUE", "wed", "thu", "FRI", "6"];

/** The expression that means `fields`, in six fields. */
export function cronExpression(fields: CronFields): string {
  const days = fields.days?.map((day) => {
    if (day.kind === "last") return "L";
    return day.kind === "number" ? `${day.day}` : `${day.day}W`;
  });
  const weekdays = fields.weekdays?.map(({ weekday, nth }) => {
    if (nth === "each") return weekdayNames[weekday];
    return weekdayNames[weekday] + (nth === "last" ? "L" : `#${nth}`);
  });
  const { second, minute, hour, months } = fields;
  return [second, minute, hour, days, months, weekdays]
    .map((values) => values?.join(",") ?? "*").join(" ");
}

export function cronRule(fields: CronFields): Rule {
  const { second, minute, hour, days, months, weekdays } = fields;
  const matchesDay = (reading: Reading) => {
    const byDay = days?.some((day) => isCronDay(day, reading));
    const byWeekday = weekdays?.some((day) => isCronWeekday(day, reading));
    if (byDay !== undefined && byWeekday !== undefined) {
      return byDay || byWeekday;
    }
    return byDay ?? byWeekday ?? true;
  };
  return {
    matches: (reading) =>
      second.includes(reading.second) &&
      (minute?.includes(reading.minute) ?? true) &&
      (hour?.includes(reading.hour) ?? true) &&
      (months?.includes(reading.month) ?? true) && matchesDay(reading),
    everyHour: hour === undefined || new Set(hour).size === 24,
  };
}

function isCronDay(day: CronDay, { year, month, day: shown }: Reading) {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  switch (day.kind) {
    case "number":
      return shown === day.day;
    case "last":
      return shown === length;
    case "nearest workday": {
      if (day.day > length) return false;
      const workdays = Array.from({ length }, (_, index) => index + 1)
        .filter((date) => {
          const weekday = new Date(Date.UTC(year, month - 1, date)).getUTCDay();
          return weekday !== 0 && weekday !== 6;
        });
      const distance = (date: number) => Math.abs(date - day.day);
      workdays.sort((a, b) => distance(a) - distance(b));
      return shown === workdays[0];
    }
  }
}

function isCronWeekday({ weekday, nth }: CronWeekday, reading: Reading) {
  if (reading.weekday !== weekday) return false;
  if (nth === "each") return true;
  if (nth !== "last") return Math.ceil(reading.day / 7) === nth;
  const next = new Date(
    Date.UTC(reading.year, reading.month - 1, reading.day + 7),
  );
  return next.getUTCMonth() !== reading.month - 1;
}
