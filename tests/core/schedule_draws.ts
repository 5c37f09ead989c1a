import fc from "fast-check";
import type { TimeFields } from "../../src/core/time_fields.ts";
import type { Reading } from "./schedule_oracle.ts";
import type { CronFields, CronWeekday } from "./schedule_rules.ts";

/** A value of its own, or the one that the clock shows at some instant. */
type Draw = number | "shown";

/** Calendar fields but for what a clock, still unknown, shows. */
export interface CalendarDraw {
  readonly second: Draw | undefined;
  readonly minute: Draw | undefined;
  readonly hour: Draw | undefined;
  readonly day: Draw | undefined;
  readonly month: Draw | undefined;
  readonly week: number | undefined;
}

/** Cron fields but for what a clock, still unknown, shows. */
export interface CronDraw {
  readonly second: readonly Draw[];
  readonly minute: readonly Draw[] | undefined;
  readonly hour: readonly Draw[] | undefined;
  readonly month: readonly Draw[] | undefined;
  readonly weekdays: readonly CronWeekday[] | undefined;
}

function draw(min: number, max: number): fc.Arbitrary<Draw> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant<Draw>("shown") },
    // Clocks are set at full hours, mostly.
    { weight: 1, arbitrary: fc.constant<Draw>(min) },
    { weight: 1, arbitrary: fc.integer({ min, max }) },
  );
}

function orUnset<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 1 });
}

function list<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.array(arbitrary, { minLength: 1, maxLength: 4 });
}

export const calendarDraw: fc.Arbitrary<CalendarDraw> = fc.record({
  second: orUnset(draw(0, 59)),
  minute: orUnset(draw(0, 59)),
  hour: orUnset(draw(0, 23)),
  day: orUnset(draw(1, 31)),
  month: orUnset(fc.constant<Draw>("shown")),
  week: orUnset(fc.integer({ min: 0, max: 7 })),
});

export const cronDraw: fc.Arbitrary<CronDraw> = fc.record({
  second: list(draw(0, 59)),
  minute: orUnset(list(draw(0, 59))),
  hour: orUnset(list(draw(0, 23))),
  month: orUnset(list(draw(1, 12))),
  weekdays: orUnset(list(fc.record({
    weekday: fc.integer({ min: 0, max: 6 }),
    nth: fc.constantFrom<CronWeekday["nth"]>("each", "last", 1, 4),
  }))),
});

export function calendarFields(
  { second, minute, hour, day, month, week }: CalendarDraw,
  shown: Reading,
): TimeFields {
  return {
    second: second === "shown" ? shown.second : second,
    minute: minute === "shown" ? shown.minute : minute,
    hour: hour === "shown" ? shown.hour : hour,
    day: day === "shown" ? shown.day : day,
    month: month === "shown" ? shown.month : month,
    week,
  };
}

export function cronFields(
  { second, minute, hour, month, weekdays }: CronDraw,
  shown: Reading,
): CronFields {
  const fill = (draws: readonly Draw[], value: number) =>
    draws.map((draw) => draw === "shown" ? value : draw);
  return {
    second: fill(second, shown.second),
    minute: minute && fill(minute, shown.minute),
    hour: hour && fill(hour, shown.hour),
    days: undefined,
    months: month && fill(month, shown.month),
    weekdays,
  };
}
