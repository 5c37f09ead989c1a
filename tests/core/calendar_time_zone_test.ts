import assert from "node:assert/strict";
import { nextOccurrence } from "../../src/core/schedule.ts";
import { at, calendar, occurrences, show } from "./schedule_support.ts";

const berlin = "Europe/Berlin";

Deno.test("nextOccurrence() uses the daemon's zone for a schedule without", () => {
  const next = (timeZone: string, own?: string) =>
    show(nextOccurrence(
      calendar({ hour: 16 }, own),
      at("2026-11-23T00:00:00Z"),
      { timeZone },
    ));
  assert.equal(next("UTC"), "2026-11-23T16:00:00Z");
  assert.equal(next("Asia/Shanghai"), "2026-11-23T08:00:00Z");
  assert.equal(next("Asia/Shanghai", berlin), "2026-11-23T15:00:00Z");
});

Deno.test("nextOccurrence() throws a RangeError for a daemon's zone that doesn't exist", () => {
  assert.throws(
    () => nextOccurrence(calendar({}), 0, { timeZone: "Mars/Olympus_Mons" }),
    RangeError,
  );
});

Deno.test("nextOccurrence() keeps the local time through the year", () => {
  const daily = calendar({ hour: 16 }, berlin);
  assert.deepEqual(occurrences(daily, "2020-03-28T00:00:00Z", 2), [
    "2020-03-28T15:00:00Z",
    "2020-03-29T14:00:00Z",
  ]);
});

Deno.test("nextOccurrence() fires a skipped instant at the jump's end", () => {
  const daily = calendar({ hour: 2, minute: 30 }, berlin);
  assert.deepEqual(occurrences(daily, "2020-03-28T00:00:00Z", 3), [
    "2020-03-28T01:30:00Z",
    "2020-03-29T01:00:00Z",
    "2020-03-30T00:30:00Z",
  ]);
});

Deno.test("nextOccurrence() fires once when several skipped instants meet at the jump's end", () => {
  const eachMinute = calendar({ hour: 2, second: 0 }, berlin);
  assert.deepEqual(occurrences(eachMinute, "2020-03-28T01:58:30Z", 3), [
    "2020-03-28T01:59:00Z",
    "2020-03-29T01:00:00Z",
    "2020-03-30T00:00:00Z",
  ]);
});

Deno.test("nextOccurrence() fires once when the jump's end matches by itself too", () => {
  const eachHour = calendar({ minute: 0 }, berlin);
  assert.deepEqual(occurrences(eachHour, "2020-03-28T23:30:00Z", 3), [
    "2020-03-29T00:00:00Z",
    "2020-03-29T01:00:00Z",
    "2020-03-29T02:00:00Z",
  ]);
});

Deno.test("nextOccurrence() fires a skipped instant of an hourly plan at the jump's end", () => {
  const eachHour = calendar({ minute: 30 }, berlin);
  assert.deepEqual(occurrences(eachHour, "2020-03-29T00:00:00Z", 3), [
    "2020-03-29T00:30:00Z",
    "2020-03-29T01:00:00Z",
    "2020-03-29T01:30:00Z",
  ]);
});

Deno.test("nextOccurrence() fires a doubled instant once, the first time", () => {
  const daily = calendar({ hour: 2, minute: 30 }, berlin);
  assert.deepEqual(occurrences(daily, "2020-10-24T12:00:00Z", 2), [
    "2020-10-25T00:30:00Z",
    "2020-10-26T01:30:00Z",
  ]);
  assert.deepEqual(occurrences(daily, "2020-10-25T01:15:00Z", 1), [
    "2020-10-26T01:30:00Z",
  ]);
});

Deno.test("nextOccurrence() of a plan with its hour set is silent in the second pass", () => {
  const eachMinute = calendar({ hour: 2, second: 0 }, berlin);
  assert.deepEqual(occurrences(eachMinute, "2020-10-25T00:58:30Z", 2), [
    "2020-10-25T00:59:00Z",
    "2020-10-26T01:00:00Z",
  ]);
});

Deno.test("nextOccurrence() goes on with the first reading after the second pass", () => {
  const daily = calendar({ hour: 3 }, berlin);
  assert.deepEqual(occurrences(daily, "2020-10-25T01:30:00Z", 1), [
    "2020-10-25T02:00:00Z",
  ]);
});

Deno.test("nextOccurrence() of an hourly plan goes on through both passes", () => {
  const eachHour = calendar({ minute: 30 }, berlin);
  assert.deepEqual(occurrences(eachHour, "2020-10-24T23:30:00Z", 3), [
    "2020-10-25T00:30:00Z",
    "2020-10-25T01:30:00Z",
    "2020-10-25T02:30:00Z",
  ]);
});

Deno.test("nextOccurrence() of an every-second plan goes on through both passes", () => {
  assert.deepEqual(
    occurrences(calendar({}, berlin), "2020-10-25T00:59:58Z", 3),
    [
      "2020-10-25T00:59:59Z",
      "2020-10-25T01:00:00Z",
      "2020-10-25T01:00:01Z",
    ],
  );
});

Deno.test("nextOccurrence() finds the second pass when nothing else follows for a year", () => {
  const yearly = calendar({ minute: 30, day: 25, month: 10 }, berlin);
  const last = "2020-10-25T22:30:00Z";
  assert.deepEqual(occurrences(yearly, "2020-10-25T00:30:00Z", 1), [
    "2020-10-25T01:30:00Z",
  ]);
  assert.deepEqual(occurrences(yearly, last, 1), ["2021-10-24T22:30:00Z"]);
});
