import assert from "node:assert/strict";
import { calendar, occurrences } from "./schedule_support.ts";

Deno.test("nextOccurrence() knows Lord Howe's shift of half an hour", () => {
  const daily = calendar({ hour: 2, minute: 15 }, "Australia/Lord_Howe");
  assert.deepEqual(occurrences(daily, "2020-10-03T00:00:00Z", 2), [
    "2020-10-03T15:30:00Z",
    "2020-10-04T15:15:00Z",
  ]);
  const doubled = calendar({ hour: 1, minute: 45 }, "Australia/Lord_Howe");
  assert.deepEqual(occurrences(doubled, "2020-04-04T00:00:00Z", 2), [
    "2020-04-04T14:45:00Z",
    "2020-04-05T15:15:00Z",
  ]);
});

Deno.test("nextOccurrence() fires at the end of the day that Apia skipped", () => {
  const daily = calendar({ hour: 16, minute: 32 }, "Pacific/Apia");
  assert.deepEqual(occurrences(daily, "2011-12-29T12:00:00Z", 3), [
    "2011-12-30T02:32:00Z",
    "2011-12-30T10:00:00Z",
    "2011-12-31T02:32:00Z",
  ]);
  const onceAMonth = calendar({ day: 30 }, "Pacific/Apia");
  assert.deepEqual(occurrences(onceAMonth, "2011-12-01T12:00:00Z", 2), [
    "2011-12-30T10:00:00Z",
    "2012-01-29T10:00:00Z",
  ]);
});

Deno.test("nextOccurrence() knows Troll's shift of two hours", () => {
  const eachHour = calendar({ minute: 30 }, "Antarctica/Troll");
  assert.deepEqual(occurrences(eachHour, "2020-10-25T00:00:00Z", 4), [
    "2020-10-25T00:30:00Z",
    "2020-10-25T01:30:00Z",
    "2020-10-25T02:30:00Z",
    "2020-10-25T03:30:00Z",
  ]);
  const daily = calendar({ hour: 2, minute: 30 }, "Antarctica/Troll");
  assert.deepEqual(occurrences(daily, "2020-03-28T12:00:00Z", 2), [
    "2020-03-29T01:00:00Z",
    "2020-03-30T00:30:00Z",
  ]);
  assert.deepEqual(occurrences(daily, "2020-10-24T12:00:00Z", 2), [
    "2020-10-25T00:30:00Z",
    "2020-10-26T02:30:00Z",
  ]);
});

Deno.test("nextOccurrence() knows Casey's setback of three hours", () => {
  const daily = calendar({ hour: 1, minute: 30 }, "Antarctica/Casey");
  for (const after of ["2010-03-04T14:30:00Z", "2010-03-04T17:15:00Z"]) {
    assert.deepEqual(occurrences(daily, after, 1), ["2010-03-05T17:30:00Z"]);
  }
  const eachHour = calendar({ minute: 15, day: 4 }, "Antarctica/Casey");
  assert.deepEqual(occurrences(eachHour, "2010-03-04T12:30:00Z", 2), [
    "2010-03-04T15:15:00Z",
    "2010-04-03T16:15:00Z",
  ]);
});

Deno.test("nextOccurrence() knows St John's setback at one minute past midnight", () => {
  const daily = calendar({ hour: 0, minute: 0 }, "America/St_Johns");
  assert.deepEqual(occurrences(daily, "2006-10-28T12:00:00Z", 2), [
    "2006-10-29T02:30:00Z",
    "2006-10-30T03:30:00Z",
  ]);
  const late = calendar({ hour: 23, minute: 30 }, "America/St_Johns");
  assert.deepEqual(occurrences(late, "2006-10-28T12:00:00Z", 2), [
    "2006-10-29T02:00:00Z",
    "2006-10-30T03:00:00Z",
  ]);
});

Deno.test("nextOccurrence() knows Kathmandu's quarter of an hour, skipped in 1986", () => {
  const daily = calendar({ hour: 0, minute: 5 }, "Asia/Kathmandu");
  assert.deepEqual(occurrences(daily, "1985-12-30T00:00:00Z", 3), [
    "1985-12-30T18:35:00Z",
    "1985-12-31T18:30:00Z",
    "1986-01-01T18:20:00Z",
  ]);
});

Deno.test("nextOccurrence() knows Casablanca's clock around Ramadan", () => {
  const daily = calendar({ hour: 12 }, "Africa/Casablanca");
  assert.deepEqual(occurrences(daily, "2023-03-18T00:00:00Z", 2), [
    "2023-03-18T11:00:00Z",
    "2023-03-19T12:00:00Z",
  ]);
});

Deno.test("nextOccurrence() knows Monrovia's offset in seconds", () => {
  const daily = calendar({ hour: 12 }, "Africa/Monrovia");
  assert.deepEqual(occurrences(daily, "1972-01-05T13:00:00Z", 2), [
    "1972-01-06T12:44:30Z",
    "1972-01-07T12:00:00Z",
  ]);
});

Deno.test("nextOccurrence() finds the one week for which Recife set its clock forward", () => {
  const daily = calendar({ hour: 12 }, "America/Recife");
  assert.deepEqual(occurrences(daily, "2000-10-07T00:00:00Z", 2), [
    "2000-10-07T15:00:00Z",
    "2000-10-08T14:00:00Z",
  ]);
  assert.deepEqual(occurrences(daily, "2000-10-14T00:00:00Z", 2), [
    "2000-10-14T14:00:00Z",
    "2000-10-15T15:00:00Z",
  ]);
});
