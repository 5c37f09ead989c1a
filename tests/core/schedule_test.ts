import assert from "node:assert/strict";
import { firstOccurrence } from "../../src/core/schedule.ts";
import { maxThriftSeconds } from "../../src/core/time.ts";
import { at, calendar, cron, show, timeout } from "./schedule_support.ts";

const createdAt = at("2026-11-23T16:32:00Z");
const thrift = { timeZone: "UTC", notAfter: maxThriftSeconds, key: "a" };

Deno.test("firstOccurrence() is later than the creation", () => {
  const options = { timeZone: "UTC" };
  for (
    const schedule of [
      calendar({ hour: 16, minute: 32 }),
      cron("32 16 * * *"),
    ]
  ) {
    assert.equal(
      show(firstOccurrence(schedule, createdAt, options)),
      "2026-11-24T16:32:00Z",
    );
  }
});

Deno.test("firstOccurrence() of a one-shot calendar may be years away", () => {
  const all = { second: 0, minute: 0, hour: 12, day: 29, month: 2 };
  assert.equal(
    show(firstOccurrence(calendar(all), createdAt, { timeZone: "UTC" })),
    "2028-02-29T12:00:00Z",
  );
});

Deno.test("firstOccurrence() reaches the limit and not a second more", () => {
  const left = maxThriftSeconds - createdAt;
  const first = firstOccurrence(timeout({ second: left }), createdAt, thrift);
  assert.equal(first, maxThriftSeconds);
  assert.throws(
    () => firstOccurrence(timeout({ second: left + 1 }), createdAt, thrift),
    {
      code: 1002,
      message: `Cannot create plan "a": second ${left + 1} does not come by ` +
        "2038-01-19T03:14:07Z",
    },
  );
});

for (
  const [schedule, message] of [
    [
      timeout({ hour: 1, day: 32_767 }),
      "day 32767, hour 1 does not come by 2038-01-19T03:14:07Z",
    ],
    [
      cron("0 0 0 1 1 * 2050"),
      'cron "0 0 0 1 1 * 2050" does not come by 2038-01-19T03:14:07Z',
    ],
    [
      { ...cron("0 0 0 1 1 * 2050"), timeZone: "UTC" },
      "at 2050-01-01T00:00:00Z does not come by 2038-01-19T03:14:07Z",
    ],
  ] as const
) {
  Deno.test(`firstOccurrence() refuses: ${message}`, () => {
    assert.throws(() => firstOccurrence(schedule, createdAt, thrift), {
      code: 1002,
      message: `Cannot create plan "a": ${message}`,
    });
  });
}

Deno.test("firstOccurrence() refuses what is over, or lies beyond all times", () => {
  for (
    const [schedule, message] of [
      [
        cron("0 0 0 1 1 * 2020"),
        'cron "0 0 0 1 1 * 2020" does not come by 2106-02-07T06:28:15Z',
      ],
      [
        timeout({ week: 32_767 }),
        "week 32767 does not come by 2106-02-07T06:28:15Z",
      ],
    ] as const
  ) {
    assert.throws(
      () => firstOccurrence(schedule, createdAt, { timeZone: "UTC" }),
      { code: 1002, message: `Cannot create a plan: ${message}` },
    );
  }
});

Deno.test("firstOccurrence() refuses 29 February after the last that can be stored", () => {
  const schedule = calendar({ day: 29, month: 2 });
  assert.throws(
    () =>
      firstOccurrence(schedule, at("2104-03-01T00:00:00Z"), {
        timeZone: "UTC",
        key: "leap",
      }),
    {
      code: 1002,
      message: 'Cannot create plan "leap": month 2, day 29 does not come by ' +
        "2106-02-07T06:28:15Z",
    },
  );
});

Deno.test("firstOccurrence() cuts a long key in its message", () => {
  assert.throws(
    () =>
      firstOccurrence(cron("0 0 0 1 1 * 2020"), createdAt, {
        timeZone: "UTC",
        key: "k".repeat(4000),
      }),
    { message: /^Cannot create plan "k{100}…": cron/ },
  );
});
