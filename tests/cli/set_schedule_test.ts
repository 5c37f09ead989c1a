import assert from "node:assert/strict";
import {
  readSchedule,
  type ScheduleFlags,
} from "../../src/cli/set_schedule.ts";
import { ErrorCode } from "../../src/core/errors.ts";
import { firstOccurrence } from "../../src/core/schedule.ts";
import { stillClock } from "../support/still_clock.ts";
import { createCronSchedule } from "../../src/core/cron.ts";

const unset = {
  second: undefined,
  minute: undefined,
  hour: undefined,
  day: undefined,
  month: undefined,
  week: undefined,
};
const place = {
  clock: stillClock("2026-11-23T08:31:55Z"),
  timeZone: "Asia/Shanghai",
};

Deno.test("readSchedule() reads each way to say when", () => {
  const cases: readonly (readonly [ScheduleFlags, unknown])[] = [
    [
      { in: "30m" },
      { kind: "timeout", fields: { ...unset, minute: 30 }, count: 1 },
    ],
    [
      { in: "30m", count: "3" },
      { kind: "timeout", fields: { ...unset, minute: 30 }, count: 3 },
    ],
    [
      { every: "5s" },
      { kind: "timeout", fields: { ...unset, second: 5 }, count: 0 },
    ],
    [
      { every: "5s", count: "2" },
      { kind: "timeout", fields: { ...unset, second: 5 }, count: 2 },
    ],
    [
      { daily: "16:32" },
      {
        kind: "calendar",
        fields: { ...unset, second: 0, minute: 32, hour: 16 },
        timeZone: undefined,
      },
    ],
    [
      { daily: "6:30:15", tz: "Europe/Berlin" },
      {
        kind: "calendar",
        fields: { ...unset, second: 15, minute: 30, hour: 6 },
        timeZone: "Europe/Berlin",
      },
    ],
    [
      { cron: "0 9 * * 1-5", tz: "UTC" },
      { kind: "cron", expression: "0 9 * * 1-5", timeZone: "UTC" },
    ],
  ];
  for (const [flags, schedule] of cases) {
    assert.deepEqual(readSchedule(flags, place), schedule);
  }
});

Deno.test("readSchedule() reads --at as that very second, in whatever zone it is said", () => {
  const cases: readonly (readonly [ScheduleFlags, string])[] = [
    [{ at: "2026-11-23 16:32:00" }, "2026-11-23T08:32:00Z"],
    [
      { at: "2026-11-23 09:32:00", tz: "Europe/Berlin" },
      "2026-11-23T08:32:00Z",
    ],
    [{ at: "2026-11-23 08:32:00Z" }, "2026-11-23T08:32:00Z"],
    [{ at: "1795422720" }, "2026-11-23T08:32:00Z"],
    [{ at: "2028-02-29 00:00:00" }, "2028-02-28T16:00:00Z"],
    [
      { at: "2027-03-28 02:30:00", tz: "Europe/Berlin" },
      "2027-03-28T01:00:00Z",
    ],
  ];
  for (const [flags, time] of cases) {
    const schedule = readSchedule(flags, place);
    assert(schedule.kind === "cron" && schedule.timeZone === "UTC");
    const { expression, timeZone } = schedule;
    const created = createCronSchedule(expression, { key: "a", timeZone });
    const now = place.clock.wallMs() / 1000;
    const options = { timeZone, notAfter: 2 ** 31, key: "a" };
    assert.equal(
      firstOccurrence(created, now, options),
      Date.parse(time) / 1000,
    );
  }
});

Deno.test("readSchedule() refuses what it can't make sense of", () => {
  const cases: readonly (readonly [ScheduleFlags, string])[] = [
    [{}, "set: give one of --in, --every, --at, --daily and --cron, got none"],
    [
      { in: "5m", cron: "@daily" },
      "set: give one of --in, --every, --at, --daily and --cron, got --in and --cron",
    ],
    [
      { in: "soon" },
      '--in must be a duration such as 90s, 30m or 1h30m, got "soon"',
    ],
    [
      { every: "" },
      '--every must be a duration such as 90s, 30m or 1h30m, got ""',
    ],
    [
      { every: "5s", count: "-1" },
      '--count must be a whole number, 0 for no end, got "-1"',
    ],
    [
      { daily: "16:32", count: "1" },
      "--count is for --in and --every, got it with --daily",
    ],
    [
      { in: "5m", tz: "UTC" },
      "--tz is for --at, --daily and --cron, got it with --in",
    ],
    [
      { daily: "16:32", tz: "Mars/Base" },
      '--tz must be a time zone such as Europe/Berlin, got "Mars/Base"',
    ],
    [{ daily: "noon" }, '--daily must be HH:MM or HH:MM:SS, got "noon"'],
    [{ daily: "24:00" }, '--daily must be HH:MM or HH:MM:SS, got "24:00"'],
    [{ daily: "23:60" }, '--daily must be HH:MM or HH:MM:SS, got "23:60"'],
    [
      { daily: "16:32:60" },
      '--daily must be HH:MM or HH:MM:SS, got "16:32:60"',
    ],
    [
      { at: "noon" },
      '--at must be an epoch or "YYYY-MM-DD HH:MM:SS", got "noon"',
    ],
    [
      { at: "2026-11-23 16:31:55" },
      '--at must be in the future, up to 2038-01-19T03:14:07Z, got "2026-11-23 16:31:55"',
    ],
    [
      { at: "2050-01-01 00:00:00" },
      '--at must be in the future, up to 2038-01-19T03:14:07Z, got "2050-01-01 00:00:00"',
    ],
    [{ every: "0m" }, '--every must be more than 0 s, got "0m"'],
    [
      { in: "5m", misfire: "skip" },
      "--misfire is for --at, --daily and --cron, got it with --in",
    ],
    [
      { every: "5m", misfire: "skip" },
      "--misfire is for --at, --daily and --cron, got it with --every",
    ],
    [
      { in: "20000d" },
      '--in must end by 2038-01-19T03:14:07Z, got "20000d"',
    ],
  ];
  for (const [flags, message] of cases) {
    assert.throws(
      () => readSchedule(flags, place),
      { code: ErrorCode.invalidArgument, message },
    );
  }
});
