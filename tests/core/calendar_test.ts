import assert from "node:assert/strict";
import { isOneShot } from "../../src/core/calendar.ts";
import { calendar } from "./schedule_support.ts";

Deno.test("createCalendarSchedule() takes both ends of each range", () => {
  calendar({ second: 0, minute: 0, hour: 0, day: 1, month: 1, week: 0 });
  calendar({ second: 59, minute: 59, hour: 23, day: 31, month: 12, week: 7 });
});

for (
  const [some, message] of [
    [{ second: 75 }, "second must be 0 to 59, got 75"],
    [{ second: -5 }, "second must be 0 to 59, got -5"],
    [{ minute: 60 }, "minute must be 0 to 59, got 60"],
    [{ hour: 24 }, "hour must be 0 to 23, got 24"],
    [{ day: 0 }, "day must be 1 to 31, got 0"],
    [{ day: 32 }, "day must be 1 to 31, got 32"],
    [{ month: 0 }, "month must be 1 to 12, got 0"],
    [{ month: 13 }, "month must be 1 to 12, got 13"],
    [{ week: 8 }, "week must be 0 to 7, got 8"],
    [{ hour: 1.5 }, "hour must be a whole number, 0 to 23, got 1.5"],
    [{ hour: NaN }, "hour must be a whole number, 0 to 23, got NaN"],
  ] as const
) {
  Deno.test(`createCalendarSchedule() refuses: ${message}`, () => {
    assert.throws(() => calendar(some), {
      name: "ForsunError",
      code: 1007,
      message: `Cannot create plan "a": ${message}`,
    });
  });
}

Deno.test("createCalendarSchedule() refuses a zone that doesn't exist", () => {
  assert.throws(() => calendar({}, "Mars/Olympus_Mons"), {
    code: 1007,
    message: 'Cannot create plan "a": time_zone must be an IANA name such as ' +
      '"Europe/Berlin", got "Mars/Olympus_Mons"',
  });
});

for (const [day, month] of [[30, 2], [31, 2], [31, 4], [31, 6], [31, 11]]) {
  Deno.test(`createCalendarSchedule() refuses day ${day} of month ${month}`, () => {
    assert.throws(() => calendar({ day, month }), {
      code: 1002,
      message:
        `Cannot create plan "a": day ${day} never comes in month ${month}`,
    });
  });
}

Deno.test("createCalendarSchedule() takes 29 February, and 30 February with a weekday", () => {
  calendar({ day: 29, month: 2 });
  calendar({ day: 30, month: 2, week: 1 });
});

Deno.test("isOneShot() is true once month, day, hour, minute and second are set", () => {
  const all = { second: 0, minute: 0, hour: 0, day: 1, month: 1 };
  assert.equal(isOneShot(calendar(all)), true);
  assert.equal(isOneShot(calendar({ ...all, week: 3 })), true);
  for (const name of ["second", "minute", "hour", "day", "month"]) {
    assert.equal(isOneShot(calendar({ ...all, [name]: undefined })), false);
  }
});
