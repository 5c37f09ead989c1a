import assert from "node:assert/strict";
import { cron, occurrences } from "./schedule_support.ts";

const berlin = "Europe/Berlin";

Deno.test("nextOccurrence() of cron uses the schedule's zone", () => {
  const schedule = cron("32 16 * * *", "Asia/Shanghai");
  assert.deepEqual(occurrences(schedule, "2020-11-23T00:00:00Z", 1), [
    "2020-11-23T08:32:00Z",
  ]);
});

for (const expression of ["30 2 * * *", "*/30 2 * * *", "10-50/10 2 * * *"]) {
  Deno.test(`nextOccurrence() of ${expression} fires at the jump's end, once`, () => {
    const schedule = cron(expression, berlin);
    const [first, second] = occurrences(schedule, "2020-03-28T12:00:00Z", 2);
    assert.equal(first, "2020-03-29T01:00:00Z");
    assert.ok(second >= "2020-03-30T00:00:00Z");
  });
}

Deno.test("nextOccurrence() of cron fires once when the jump's end matches by itself", () => {
  const schedule = cron("*/30 2-3 * * *", berlin);
  assert.deepEqual(occurrences(schedule, "2020-03-28T12:00:00Z", 3), [
    "2020-03-29T01:00:00Z",
    "2020-03-29T01:30:00Z",
    "2020-03-30T00:00:00Z",
  ]);
});

for (const hours of ["2", "2,3", "1-3", "*/2"]) {
  Deno.test(`nextOccurrence() of cron with hours ${hours} fires a doubled instant once`, () => {
    const schedule = cron(`30 ${hours} * * *`, berlin);
    assert.deepEqual(occurrences(schedule, "2020-10-25T00:15:00Z", 1), [
      "2020-10-25T00:30:00Z",
    ]);
    const [next] = occurrences(schedule, "2020-10-25T00:30:00Z", 1);
    assert.notEqual(next, "2020-10-25T01:30:00Z");
  });
}

for (const hours of ["*", "*/1", "0-23", "0-11,12-23"]) {
  Deno.test(`nextOccurrence() of cron with hours ${hours} goes on through both passes`, () => {
    const schedule = cron(`30 ${hours} * * *`, berlin);
    assert.deepEqual(occurrences(schedule, "2020-10-24T23:30:00Z", 3), [
      "2020-10-25T00:30:00Z",
      "2020-10-25T01:30:00Z",
      "2020-10-25T02:30:00Z",
    ]);
  });
}

Deno.test("nextOccurrence() of cron ends with its last year in the zone's time", () => {
  const schedule = cron("0 30 23 31 12 * 2020", "America/New_York");
  assert.deepEqual(occurrences(schedule, "2020-11-23T00:00:00Z", 2), [
    "2021-01-01T04:30:00Z",
    "never",
  ]);
});
