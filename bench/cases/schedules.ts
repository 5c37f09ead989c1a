import { type Benchmark, eachRun } from "../benchmark.ts";
import { nanosecondsEach } from "../nanoseconds_each.ts";
import { Samples } from "../samples.ts";
import { units } from "../unit.ts";
import { createCalendarSchedule } from "../../src/core/calendar.ts";
import { createCronSchedule } from "../../src/core/cron.ts";
import { nextOccurrence, type Schedule } from "../../src/core/schedule.ts";
import type { TimeFields } from "../../src/core/time_fields.ts";
import { createTimeoutSchedule } from "../../src/core/timeout.ts";

/** What it takes to find out when a plan is due next. */
export const schedulesBenchmark: Benchmark = {
  name: "schedules",
  about: "nextOccurrence() of each kind of schedule, in this process",
  isInProcess: true,
  run(context) {
    const samples = new Samples();
    const { nanoseconds: unit } = units;
    for (const _ of eachRun(context, 5)) {
      for (const [name, { schedule, timeZone }] of Object.entries(kinds)) {
        const each = nanosecondsEach((call) =>
          nextOccurrence(schedule, start + call % span, { timeZone }) ?? 0
        );
        samples.add(name, each, { unit });
      }
      const first = nanosecondsEach((call) => {
        const expression = `${call % 60} ${(call >> 6) % 24} * * 1-5`;
        const schedule = createCronSchedule(expression, anyZone);
        return nextOccurrence(schedule, start, { timeZone: "UTC" }) ?? 0;
      });
      samples.add("cron, parsed anew", first, { unit });
    }
    return Promise.resolve(samples.rows());
  },
};

interface Kind {
  readonly schedule: Schedule;
  readonly timeZone: string;
}

const start = Date.UTC(2026, 0, 1) / 1000;
/** Half a year and a prime, so that calls meet all kinds of moments. */
const span = 15_724_801;

const anyZone = { key: "k", timeZone: undefined };

const noFields: TimeFields = {
  second: undefined,
  minute: undefined,
  hour: undefined,
  day: undefined,
  month: undefined,
  week: undefined,
};

const kinds: Readonly<Record<string, Kind>> = {
  "timeout": inUtc(
    createTimeoutSchedule(fields({ second: 90 }), { key: "k", count: 0 }),
  ),
  "calendar, each minute": inUtc(calendar({ second: 30 })),
  "calendar, daily": inUtc(calendar({ hour: 16, minute: 32 })),
  "calendar, daily in Berlin": {
    schedule: calendar({ hour: 16, minute: 32 }),
    timeZone: "Europe/Berlin",
  },
  "calendar, 29 February": inUtc(
    calendar({ month: 2, day: 29, hour: 0, minute: 0 }),
  ),
  "cron, */5 * * * *": inUtc(cron("*/5 * * * *")),
  "cron, workdays in Berlin": {
    schedule: cron("30 9 * * 1-5"),
    timeZone: "Europe/Berlin",
  },
  "cron, last Friday of a month": inUtc(cron("0 0 18 * * 5L")),
};

function inUtc(schedule: Schedule): Kind {
  return { schedule, timeZone: "UTC" };
}

function fields(given: Partial<TimeFields>): TimeFields {
  return { ...noFields, ...given };
}

function calendar(given: Partial<TimeFields>): Schedule {
  return createCalendarSchedule(fields(given), anyZone);
}

function cron(expression: string): Schedule {
  return createCronSchedule(expression, anyZone);
}
