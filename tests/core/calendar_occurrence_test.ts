import assert from "node:assert/strict";
import { calendar, occurrences } from "./schedule_support.ts";

Deno.test("nextOccurrence() of a calendar without fields is the next second", () => {
  assert.deepEqual(occurrences(calendar({}), "2026-11-23T23:59:58Z", 2), [
    "2026-11-23T23:59:59Z",
    "2026-11-24T00:00:00Z",
  ]);
});

Deno.test("nextOccurrence() is later than `after` even if that matches", () => {
  const daily = calendar({ second: 0, minute: 32, hour: 16 });
  assert.deepEqual(occurrences(daily, "2026-11-23T16:32:00Z", 1), [
    "2026-11-24T16:32:00Z",
  ]);
});

for (
  const [some, after, expected] of [
    [{ second: 5 }, "2026-11-23T10:00:05Z", "2026-11-23T10:01:05Z"],
    [{ minute: 5 }, "2026-11-23T10:05:00Z", "2026-11-23T11:05:00Z"],
    [{ hour: 16 }, "2026-11-23T10:05:01Z", "2026-11-23T16:00:00Z"],
    [{ hour: 16, minute: 32 }, "2026-11-23T10:05:01Z", "2026-11-23T16:32:00Z"],
    [{ hour: 16, second: 7 }, "2026-11-23T16:01:07Z", "2026-11-23T16:02:07Z"],
    [{ day: 1 }, "2026-11-23T10:05:01Z", "2026-12-01T00:00:00Z"],
    [{ day: 1, hour: 3 }, "2026-11-23T10:05:01Z", "2026-12-01T03:00:00Z"],
    [{ day: 1, minute: 3 }, "2026-12-01T10:05:01Z", "2026-12-01T11:03:00Z"],
    [{ week: 1 }, "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"],
    [{ month: 3 }, "2026-11-23T00:00:00Z", "2027-03-01T00:00:00Z"],
    [{ month: 3 }, "2027-03-01T00:00:00Z", "2028-03-01T00:00:00Z"],
    [{ month: 3, hour: 4 }, "2027-03-01T04:00:00Z", "2027-03-02T04:00:00Z"],
    [{ month: 3, week: 1 }, "2027-03-01T00:00:00Z", "2027-03-08T00:00:00Z"],
    [{ month: 3, day: 9 }, "2027-03-09T00:00:00Z", "2028-03-09T00:00:00Z"],
  ] as const
) {
  Deno.test(`nextOccurrence() of ${JSON.stringify(some)} after ${after} is ${expected}`, () => {
    assert.deepEqual(occurrences(calendar(some), after, 1), [expected]);
  });
}

Deno.test("nextOccurrence() takes week 0 and week 7 for Sunday", () => {
  for (const week of [0, 7]) {
    assert.deepEqual(
      occurrences(calendar({ week }), "2026-11-23T00:00:00Z", 2),
      ["2026-11-29T00:00:00Z", "2026-12-06T00:00:00Z"],
    );
  }
});

Deno.test("nextOccurrence() lets either match when day and week are set", () => {
  const schedule = calendar({ day: 13, week: 5, hour: 9 });
  assert.deepEqual(occurrences(schedule, "2026-11-06T09:00:00Z", 4), [
    "2026-11-13T09:00:00Z",
    "2026-11-20T09:00:00Z",
    "2026-11-27T09:00:00Z",
    "2026-12-04T09:00:00Z",
  ]);
  assert.deepEqual(occurrences(schedule, "2026-12-11T09:00:00Z", 1), [
    "2026-12-13T09:00:00Z",
  ]);
});

Deno.test("nextOccurrence() skips 30 February but not the Mondays beside it", () => {
  const schedule = calendar({ day: 30, month: 2, week: 1 });
  assert.deepEqual(occurrences(schedule, "2026-02-16T00:00:00Z", 2), [
    "2026-02-23T00:00:00Z",
    "2027-02-01T00:00:00Z",
  ]);
});

Deno.test("nextOccurrence() of day 31 skips short months", () => {
  const schedule = calendar({ day: 31 });
  assert.deepEqual(occurrences(schedule, "2026-01-01T00:00:00Z", 4), [
    "2026-01-31T00:00:00Z",
    "2026-03-31T00:00:00Z",
    "2026-05-31T00:00:00Z",
    "2026-07-31T00:00:00Z",
  ]);
});

Deno.test("nextOccurrence() of 29 February waits for leap years, of which 2100 is none", () => {
  const schedule = calendar({ day: 29, month: 2 });
  assert.deepEqual(occurrences(schedule, "2092-03-01T00:00:00Z", 3), [
    "2096-02-29T00:00:00Z",
    "2104-02-29T00:00:00Z",
    "never",
  ]);
  assert.deepEqual(occurrences(schedule, "1996-03-01T00:00:00Z", 1), [
    "2000-02-29T00:00:00Z",
  ]);
});

Deno.test("nextOccurrence() goes up to the last second that can be stored", () => {
  const schedule = calendar({});
  assert.deepEqual(occurrences(schedule, "2106-02-07T06:28:13Z", 3), [
    "2106-02-07T06:28:14Z",
    "2106-02-07T06:28:15Z",
    "never",
  ]);
});

Deno.test("nextOccurrence() starts at the epoch, which is in 1969 west of Greenwich", () => {
  const schedule = calendar({ hour: 20 }, "America/New_York");
  assert.deepEqual(occurrences(schedule, "1970-01-01T00:00:00Z", 2), [
    "1970-01-01T01:00:00Z",
    "1970-01-02T01:00:00Z",
  ]);
});
