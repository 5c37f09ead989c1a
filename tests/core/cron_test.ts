import assert from "node:assert/strict";
import { cron, occurrences } from "./schedule_support.ts";

for (
  const [expression, after, expected] of [
    ["32 16 * * *", "2026-11-23T00:00:00Z", "2026-11-23T16:32:00Z"],
    ["5 32 16 * * *", "2026-11-23T00:00:00Z", "2026-11-23T16:32:05Z"],
    ["0 0 0 1 1 * 2050", "2026-11-23T00:00:00Z", "2050-01-01T00:00:00Z"],
    ["@hourly", "2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z"],
    ["@yearly", "2026-11-23T10:00:00Z", "2027-01-01T00:00:00Z"],
    ["*/20 9-17/4 * * *", "2026-11-23T13:40:00Z", "2026-11-23T17:00:00Z"],
    ["0 0 * FEB,jun MON-fri", "2026-11-23T00:00:00Z", "2027-02-01T00:00:00Z"],
    ["0 0 L * *", "2027-02-01T00:00:00Z", "2027-02-28T00:00:00Z"],
    ["0 0 L 2 *", "2028-02-01T00:00:00Z", "2028-02-29T00:00:00Z"],
    ["0 0 1,L * *", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"],
    ["0 0 LW * *", "2026-10-01T00:00:00Z", "2026-10-30T00:00:00Z"],
    ["0 0 15W * *", "2026-11-01T00:00:00Z", "2026-11-16T00:00:00Z"],
    ["0 0 14W * *", "2026-11-01T00:00:00Z", "2026-11-13T00:00:00Z"],
    ["0 0 1W * *", "2026-07-31T00:00:00Z", "2026-08-03T00:00:00Z"],
    ["0 0 31W * *", "2026-05-01T00:00:00Z", "2026-05-29T00:00:00Z"],
    ["0 0 * * FRI#5", "2026-11-01T00:00:00Z", "2027-01-29T00:00:00Z"],
    ["0 0 * * FRIL", "2026-11-01T00:00:00Z", "2026-11-27T00:00:00Z"],
    ["0 0 * * 7", "2026-11-23T00:00:00Z", "2026-11-29T00:00:00Z"],
    ["0 0 13 * FRI", "2026-11-06T00:00:00Z", "2026-11-13T00:00:00Z"],
    ["0 0 13 * FRI", "2026-12-11T00:00:00Z", "2026-12-13T00:00:00Z"],
    ["0 0 13 * +FRI", "2026-11-13T00:00:00Z", "2027-08-13T00:00:00Z"],
    ["0 0 0 29 2 1", "2026-11-23T00:00:00Z", "2027-02-01T00:00:00Z"],
    ["0 0 29 2 +1", "1996-03-01T00:00:00Z", "2016-02-29T00:00:00Z"],
    ["0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"],
    ["0 0 1 1 *", "2106-01-01T00:00:00Z", "never"],
    ["* * * * * * 2020", "2020-12-31T23:59:59Z", "never"],
  ]
) {
  Deno.test(`nextOccurrence() of ${expression} after ${after} is ${expected}`, () => {
    assert.deepEqual(occurrences(cron(expression), after, 1), [expected]);
  });
}

for (
  const [expression, reason] of [
    ["", "invalid configuration format, exactly five, six, or seven"],
    ["61 * * * *", "Invalid value for minute: 61"],
    ["0 0 32 * *", "Invalid value for day: 32"],
    ["0 0 1 0-6 *", "Invalid value for month: 0"],
    ["5/15 * * * *", "stepping with numeric prefix ('5/15') is not allowed"],
    ["* * * *", "exactly five, six, or seven space separated parts"],
    ["* * * * * * * *", "exactly five, six, or seven space separated parts"],
    ["0 0 * * MON#6", "nth weekday out of range"],
    ["@reboot", "@reboot is not supported"],
    ["2026-11-23T16:32:00Z", "exactly five, six, or seven"],
  ]
) {
  Deno.test(`createCronSchedule() refuses ${JSON.stringify(expression)}: ${reason}`, () => {
    assert.throws(() => cron(expression), (error: Error & { code: number }) => {
      assert.equal(error.code, 1007);
      const start = `Cannot create plan "a": cron ${
        JSON.stringify(expression)
      }`;
      assert.ok(error.message.startsWith(`${start} is invalid: `));
      assert.ok(error.message.includes(reason), error.message);
      assert.ok(error.cause instanceof Error);
      return true;
    });
  });
}

Deno.test("createCronSchedule() refuses in one short line whatever the value", () => {
  for (
    const bad of ["\n\u2028\x1b".repeat(20), "9".repeat(1000), "x\ny z 0 1"]
  ) {
    assert.throws(() => cron(bad), (error: Error) => {
      assert.match(error.message, /^[\x20-\x7e…]{1,800}$/u);
      return true;
    });
  }
});

Deno.test("createCronSchedule() takes up to 1500 characters", () => {
  const expression = "0 0 0 1 1 * " + "2050,".repeat(296) + "2050";
  cron(expression.padEnd(1500));
  assert.throws(() => cron(expression.padEnd(1501)), {
    code: 1007,
    message:
      'Cannot create plan "a": cron must have at most 1500 characters, ' +
      "got 1501",
  });
});

for (
  const expression of [
    "0 0 31 2 *",
    "0 0 30 2 *",
    "0 0 31 4,6,9,11 *",
    "0 0 31 2 +1",
    "0 0 31W 2 *",
    "0 0 0 1 1 * 2200",
    "0 0 0 29 2 * 2001,2002,2003",
  ]
) {
  Deno.test(`createCronSchedule() refuses ${expression}, which never comes`, () => {
    assert.throws(() => cron(expression), {
      code: 1002,
      message: `Cannot create plan "a": cron "${expression}" never comes`,
    });
  });
}

Deno.test("createCronSchedule() refuses a zone that doesn't exist", () => {
  assert.throws(() => cron("@daily", "Berlin"), {
    code: 1007,
    message: 'Cannot create plan "a": time_zone must be an IANA name such as ' +
      '"Europe/Berlin", got "Berlin"',
  });
});
