import assert from "node:assert/strict";
import { firstOccurrence, nextOccurrence } from "../../src/core/schedule.ts";
import { at, show, timeFields, timeout } from "./schedule_support.ts";

const options = { timeZone: "UTC" };

Deno.test("createTimeoutSchedule() adds up the fields that are set", () => {
  const all = { second: 1, minute: 2, hour: 3, day: 4, month: 5, week: 6 };
  const delay = 1 + 2 * 60 + 3 * 3600 + 4 * 86_400 + 5 * 2_592_000 +
    6 * 604_800;
  assert.equal(timeout(all).delaySeconds, delay);
  assert.equal(timeout({ minute: 30 }).delaySeconds, 1800);
  assert.equal(timeout({}).delaySeconds, 0);
});

Deno.test("createTimeoutSchedule() keeps the fields and the count as given", () => {
  assert.deepEqual(timeout({ minute: 90 }, 3), {
    kind: "timeout",
    fields: timeFields({ minute: 90 }),
    delaySeconds: 5400,
    count: 3,
  });
});

Deno.test("createTimeoutSchedule() takes more than a clock shows", () => {
  timeout({ second: 32_767, minute: 32_767, hour: 32_767 });
  assert.equal(timeout({ second: 100_000 }).delaySeconds, 100_000);
});

for (
  const [some, message] of [
    [{ second: -1 }, "second must be 0 or more, got -1"],
    [{ week: -300 }, "week must be 0 or more, got -300"],
    [{ day: 0.5 }, "day must be a whole number, 0 or more, got 0.5"],
    [{ day: NaN }, "day must be a whole number, 0 or more, got NaN"],
    [
      { hour: Infinity },
      "hour must be a whole number, 0 or more, got Infinity",
    ],
    [{ month: 1e300 }, "month must be 0 or more, got 1e+300"],
  ] as const
) {
  Deno.test(`createTimeoutSchedule() refuses: ${message}`, () => {
    assert.throws(() => timeout(some), {
      code: 1007,
      message: `Cannot create plan "a": ${message}`,
    });
  });
}

for (const count of [-1, 1.5, NaN, 2 ** 31]) {
  Deno.test(`createTimeoutSchedule() refuses count ${count}`, () => {
    assert.throws(() => timeout({ second: 1 }, count), {
      code: 1007,
      message: new RegExp(
        `^Cannot create plan "a": count must be .*got ${count}$`,
      ),
    });
  });
}

Deno.test("firstOccurrence() of a timeout is its delay after the creation", () => {
  const createdAt = at("2026-11-23T16:32:00Z");
  const first = firstOccurrence(timeout({ hour: 1 }), createdAt, options);
  assert.equal(show(first), "2026-11-23T17:32:00Z");
});

Deno.test("firstOccurrence() of a timeout without delay is the next second", () => {
  for (const some of [{}, { second: 0 }]) {
    assert.equal(firstOccurrence(timeout(some), 1000, options), 1001);
  }
});

Deno.test("nextOccurrence() of a timeout counts on from the second it is given", () => {
  const schedule = timeout({ minute: 5 });
  assert.equal(nextOccurrence(schedule, 1000, options), 1300);
  assert.equal(
    nextOccurrence(schedule, 0xffff_ffff - 300, options),
    0xffff_ffff,
  );
  assert.equal(nextOccurrence(schedule, 0xffff_ffff - 299, options), undefined);
});
