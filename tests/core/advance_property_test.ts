import assert from "node:assert/strict";
import fc from "fast-check";
import { advance } from "../../src/core/advance.ts";
import type { Misfire } from "../../src/core/plan.ts";
import { nextOccurrence, type Schedule } from "../../src/core/schedule.ts";
import { maxUnixSeconds } from "../../src/core/time.ts";
import { at, calendar, cron, fuzz, timeout } from "./schedule_support.ts";

const misfire = fc.constantFrom<Misfire>("once", "skip", "all");

Deno.test("advance() of a timeout agrees with adding the delay again and again", () => {
  const anywhere = fc.integer({ min: 0, max: maxUnixSeconds });
  const request = fc.record({
    delay: fc.integer({ min: 1, max: 100_000 }),
    due: fc.oneof(
      anywhere,
      fc.integer({ min: maxUnixSeconds - 200_000, max: maxUnixSeconds }),
    ),
    late: fc.integer({ min: -1000, max: 100_000 }),
    count: fc.nat(3),
    runs: fc.nat(3),
    misfire,
  });
  fc.assert(
    fc.property(request, ({ delay, due, late, count, runs, misfire }) => {
      const missedBefore = due + late;
      let expected: number | undefined = due + delay;
      while (expected < missedBefore) expected += delay;
      if (expected > maxUnixSeconds) expected = undefined;
      if (count > 0 && runs + 1 >= count) expected = undefined;
      const schedule = timeout({ second: delay }, count);
      const timeZone = "UTC";
      assert.deepEqual(
        advance(schedule, { due, missedBefore, misfire, runs, timeZone }),
        { fires: true, nextAt: expected },
      );
    }),
    fuzz(1000),
  );
});

const schedules: readonly Schedule[] = [
  calendar({ minute: 30 }, "Europe/Berlin"),
  calendar({ hour: 2, minute: 30 }, "Europe/Berlin"),
  cron("*/7 1-4 * * *", "Australia/Lord_Howe"),
  cron("0 */3 * * *", "UTC"),
];

Deno.test("advance() of a chain of occurrences misses none and repeats none", () => {
  const start = fc.integer({
    min: at("2020-03-25T00:00:00Z"),
    max: at("2020-11-05T00:00:00Z"),
  });
  const downFor = fc.nat(3 * 86_400);
  fc.assert(
    fc.property(
      fc.constantFrom(...schedules),
      start,
      downFor,
      misfire,
      (schedule, start, downFor, misfire) => {
        const timeZone = "UTC";
        const missedBefore = start + downFor;
        const end = missedBefore + 86_400;
        const all: number[] = [];
        const next = (after: number) =>
          nextOccurrence(schedule, after, { timeZone }) ?? Infinity;
        for (let due = next(start); due < end; due = next(due)) all.push(due);

        const fired: number[] = [];
        let due: number | undefined = next(start);
        for (let runs = 0; due !== undefined && due < end;) {
          const request = { due, missedBefore, misfire, runs, timeZone };
          const { fires, nextAt } = advance(schedule, request);
          if (fires) runs = fired.push(due);
          due = nextAt;
        }
        const missed = all.filter((second) => second < missedBefore);
        const kept = { once: 1, skip: 0, all: missed.length }[misfire];
        assert.deepEqual(fired, [
          ...missed.slice(0, kept),
          ...all.slice(missed.length),
        ]);
      },
    ),
    fuzz(200),
  );
});
