import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type CalendarSchedule,
  createCalendarSchedule,
} from "../../src/core/calendar.ts";
import { createCronSchedule, type CronSchedule } from "../../src/core/cron.ts";
import { ForsunError } from "../../src/core/errors.ts";
import { nextOccurrence, type Schedule } from "../../src/core/schedule.ts";
import { maxUnixSeconds } from "../../src/core/time.ts";
import type { TimeFields } from "../../src/core/time_fields.ts";
import { readingOfSerial, type Rule } from "./schedule_oracle.ts";
import { zoneName } from "./schedule_places.ts";
import {
  calendarRule,
  type CronDay,
  cronExpression,
  type CronFields,
  cronRule,
  type CronWeekday,
} from "./schedule_rules.ts";
import { fuzz, show } from "./schedule_support.ts";

const option = { nil: undefined, freq: 1 };

function field(min: number, max: number): fc.Arbitrary<number | undefined> {
  return fc.option(fc.integer({ min, max }), option);
}

function list<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(arbitrary, { minLength: 1, maxLength: 3 });
}

/** Fields whose time of day is one second, so that a day is looked at once. */
const dailyFields: fc.Arbitrary<TimeFields> = fc.record({
  second: fc.constant(undefined),
  minute: fc.constant(undefined),
  hour: fc.integer({ min: 0, max: 23 }),
  day: field(1, 31),
  month: field(1, 12),
  week: field(0, 7),
});

const anyFields: fc.Arbitrary<TimeFields> = fc.record({
  second: field(0, 59),
  minute: field(0, 59),
  hour: field(0, 23),
  day: field(1, 31),
  month: field(1, 12),
  week: field(0, 7),
});

const cronDay: fc.Arbitrary<CronDay> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("number", "nearest workday"),
    day: fc.integer({ min: 1, max: 31 }),
  }),
  fc.constant<CronDay>({ kind: "last" }),
);

const cronWeekday: fc.Arbitrary<CronWeekday> = fc.record({
  weekday: fc.integer({ min: 0, max: 6 }),
  nth: fc.constantFrom<CronWeekday["nth"]>("each", "last", 1, 2, 3, 4, 5),
});

const dailyCron: fc.Arbitrary<CronFields> = fc.record({
  second: fc.constant([0]),
  minute: fc.constant([30]),
  hour: fc.constant([12]),
  days: fc.option(list(cronDay), option),
  months: fc.option(list(fc.integer({ min: 1, max: 12 })), option),
  weekdays: fc.option(list(cronWeekday), option),
});

const after = fc.oneof(
  fc.integer({ min: 0, max: maxUnixSeconds }),
  fc.integer({ min: maxUnixSeconds - 20 * 366 * 86_400, max: maxUnixSeconds }),
);

function tryCalendar(
  fields: TimeFields,
  timeZone?: string,
): CalendarSchedule | undefined {
  return unlessNever(() =>
    createCalendarSchedule(fields, { key: "a", timeZone })
  );
}

function tryCron(
  fields: CronFields,
  timeZone?: string,
): CronSchedule | undefined {
  return unlessNever(() =>
    createCronSchedule(cronExpression(fields), { key: "a", timeZone })
  );
}

/** Undefined in place of a schedule that is refused because it never comes. */
function unlessNever<T>(create: () => T): T | undefined {
  try {
    return create();
  } catch (error) {
    if (error instanceof ForsunError && error.code === 1002) return undefined;
    throw error;
  }
}

/** Goes through the days from `after` on and looks at each at the same time of the day. */
function walkDays(
  rule: Rule,
  after: number,
  time: number,
): number | undefined {
  let second = after - after % 86_400 + time;
  if (second <= after) second += 86_400;
  for (; second <= maxUnixSeconds; second += 86_400) {
    if (rule.matches(readingOfSerial(second))) return second;
  }
  return undefined;
}

/** Refused if the walk finds nothing from the epoch on, otherwise the walk's answer. */
function assertWalks(
  schedule: Schedule | undefined,
  rule: Rule,
  { after, time }: { after: number; time: number },
): void {
  if (schedule === undefined) {
    assert.equal(walkDays(rule, 0, time), undefined);
    return;
  }
  const next = nextOccurrence(schedule, after, { timeZone: "UTC" });
  assert.equal(show(next), show(walkDays(rule, after, time)));
}

Deno.test("nextOccurrence() of a calendar agrees with a walk through the days", () => {
  fc.assert(
    fc.property(dailyFields, after, (fields, after) => {
      const time = (fields.hour ?? 0) * 3600;
      assertWalks(tryCalendar(fields), calendarRule(fields), { after, time });
    }),
    fuzz(300),
  );
});

Deno.test("nextOccurrence() of cron agrees with a walk through the days", () => {
  fc.assert(
    fc.property(dailyCron, after, (fields, after) => {
      const time = 12 * 3600 + 30 * 60;
      assertWalks(tryCron(fields), cronRule(fields), { after, time });
    }),
    fuzz(300),
  );
});

const anySchedule: fc.Arbitrary<Schedule> = fc.oneof(
  fc.tuple(anyFields, zoneName)
    .map(([fields, zone]) => tryCalendar(fields, zone)),
  fc.tuple(dailyCron, zoneName)
    .map(([fields, zone]) => tryCron(fields, zone)),
).filter((schedule) => schedule !== undefined);

const options = { timeZone: "UTC" };

Deno.test("nextOccurrence() is later than `after` and not too late", () => {
  fc.assert(
    fc.property(anySchedule, after, (schedule, after) => {
      const next = nextOccurrence(schedule, after, options);
      if (next === undefined) return;
      assert.ok(Number.isInteger(next));
      assert.ok(next > after && next <= maxUnixSeconds);
    }),
    fuzz(2000),
  );
});

Deno.test("nextOccurrence() is the same from anywhere before it", () => {
  const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(anySchedule, after, part, (schedule, after, part) => {
      const next = nextOccurrence(schedule, after, options);
      const later = after +
        Math.floor(part * ((next ?? maxUnixSeconds + 1) - after));
      assert.equal(nextOccurrence(schedule, later, options), next);
      if (next === undefined) return;
      assert.equal(nextOccurrence(schedule, next - 1, options), next);
    }),
    fuzz(2000),
  );
});

Deno.test("nextOccurrence() never goes back when `after` goes on", () => {
  fc.assert(
    fc.property(anySchedule, after, after, (schedule, one, other) => {
      const [early, late] = [Math.min(one, other), Math.max(one, other)];
      const first = nextOccurrence(schedule, early, options) ?? Infinity;
      const second = nextOccurrence(schedule, late, options) ?? Infinity;
      assert.ok(first <= second);
    }),
    fuzz(2000),
  );
});
