import assert from "node:assert/strict";
import fc from "fast-check";
import type { Misfire } from "../../src/core/plan.ts";
import { resume } from "../../src/core/resume.ts";
import { nextOccurrence, type Schedule } from "../../src/core/schedule.ts";
import { calendarPlan, timeoutPlan } from "../support/plans.ts";

const now = Date.UTC(2026, 10, 24, 12, 0, 30) / 1000;

function resumed(
  schedule: Schedule,
  nextAt: number,
  { misfire = "once", runs = 0 }: { misfire?: Misfire; runs?: number } = {},
): number | undefined {
  const options = { now, misfire, runs, timeZone: "UTC" };
  const at = resume(schedule, { nextAt: now + nextAt, ...options });
  return at === undefined ? undefined : at - now;
}

const every10 = timeoutPlan("a", 10, { count: 0 }).schedule;
const every10Thrice = timeoutPlan("a", 10, { count: 3 }).schedule;
const once = timeoutPlan("a", 10).schedule;
const minutely = calendarPlan("a", { second: 0 }).schedule;
const oneShot = calendarPlan("a", {
  month: 11,
  day: 24,
  hour: 12,
  minute: 0,
  second: 0,
}).schedule;

Deno.test("resume() ends what had nothing ahead of it", () => {
  const options = { now, misfire: "all", runs: 0, timeZone: "UTC" } as const;
  for (const schedule of [once, every10, minutely, oneShot]) {
    const at = resume(schedule, { ...options, nextAt: 0 });
    assert.equal(at, undefined);
  }
});

Deno.test("resume() leaves what lies ahead where it is", () => {
  for (const schedule of [every10, every10Thrice, once]) {
    assert.equal(resumed(schedule, 7), 7);
  }
  assert.equal(resumed(minutely, 30), 30);
  assert.equal(resumed(minutely, 3630), 3630);
});

Deno.test("resume() goes on with the schedule where a second isn't one of it", () => {
  assert.equal(resumed(minutely, 47), 30);
  assert.equal(
    resumed({ kind: "cron", expression: "0 0 * * *", timeZone: undefined }, 5),
    12 * 3600 - 30,
  );
});

Deno.test("resume() runs a missed timeout once, and keeps its rhythm", () => {
  assert.equal(resumed(once, -100), -100);
  assert.equal(resumed(every10, -3), -3);
  assert.equal(resumed(every10, -103), -3);
  assert.equal(resumed(every10, -100), 0);
  assert.equal(resumed(every10Thrice, -103), -3);
  assert.equal(resumed(every10Thrice, -103, { runs: 2 }), -103);
});

Deno.test("resume() ends a timeout that has had all its runs", () => {
  assert.equal(resumed(every10Thrice, 5, { runs: 3 }), undefined);
  assert.equal(resumed(once, -5, { runs: 1 }), undefined);
  assert.equal(
    resumed(timeoutPlan("a", 0).schedule, -5, { runs: 1 }),
    undefined,
  );
  assert.equal(resumed(every10, 5, { runs: 3000 }), 5);
});

Deno.test("resume() ends what was not to run any more", () => {
  const schedules = [every10, every10Thrice, once, minutely, oneShot];
  for (const schedule of schedules) {
    assert.equal(resumed(schedule, -now), undefined);
    assert.equal(resumed(schedule, -now, { misfire: "all" }), undefined);
  }
});

Deno.test("resume() follows the misfire rule of missed calendars", () => {
  assert.equal(resumed(minutely, -630), -30);
  assert.equal(resumed(minutely, -630, { misfire: "skip" }), 30);
  assert.equal(resumed(minutely, -630, { misfire: "all" }), -630);
  assert.equal(resumed(oneShot, -30), -30);
  assert.equal(resumed(oneShot, -30, { misfire: "skip" }), undefined);
});

Deno.test("resume() runs the last of all that a calendar or cron plan has missed", () => {
  const schedules: Schedule[] = [
    minutely,
    calendarPlan("a", {}).schedule,
    calendarPlan("a", { hour: 2, minute: 30 }).schedule,
    { kind: "cron", expression: "*/7 * * * *", timeZone: "Europe/Berlin" },
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...schedules),
      fc.integer({ min: -20_000_000, max: 0 }),
      (schedule, nextAt) => {
        const at = resumed(schedule, nextAt);
        assert.ok(at !== undefined);
        const following = nextOccurrence(schedule, now + at, {
          timeZone: "UTC",
        });
        assert.ok((following ?? Infinity) > now);
        const itself = nextOccurrence(schedule, now + at - 1, {
          timeZone: "UTC",
        });
        assert.equal(itself, now + at);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});
