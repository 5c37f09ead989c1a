import assert from "node:assert/strict";
import fc from "fast-check";
import { nextOccurrence, type Schedule } from "../../src/core/schedule.ts";
import {
  calendarDraw,
  calendarFields,
  cronDraw,
  cronFields,
} from "./schedule_draws.ts";
import { firings, type Rule, type WallClock } from "./schedule_oracle.ts";
import { clockAt, place } from "./schedule_places.ts";
import { calendarRule, cronExpression, cronRule } from "./schedule_rules.ts";
import { calendar, cron, fuzz, show } from "./schedule_support.ts";

const hour = 3600;
const day = 24 * hour;

/** The schedule fires under the clock exactly when the rule says so. */
function assertFires(
  schedule: Schedule,
  rule: Rule,
  { clock, zone }: { readonly clock: WallClock; readonly zone: string },
): void {
  const options = { timeZone: zone };
  let last = clock.start + 3 * hour - 1;
  const expected = firings(rule, clock);
  // Not one by one for schedules that fire all the time: the clock is the same for them.
  const stride = Math.ceil(expected.length / 2000);
  for (let index = 0; index < expected.length; index += stride) {
    last = expected[index - 1] ?? last;
    for (const after of [last, Math.max(last, expected[index] - 1)]) {
      const next = nextOccurrence(schedule, after, options);
      if (next === expected[index]) continue;
      const wanted = show(expected[index]);
      assert.fail(`${show(next)}, not ${wanted}, after ${show(after)}`);
    }
  }
  last = expected.at(-1) ?? last;
  const beyond = nextOccurrence(schedule, last, options) ?? Infinity;
  const end = clock.start + clock.readings.length * clock.step;
  assert.ok(beyond >= end, `${show(beyond)} after ${show(last)} is wrong`);
}

function property(
  { before, after, step }: { before: number; after: number; step: number },
): fc.IProperty<unknown> {
  const where = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  return fc.property(
    place.filter(({ zone }) => step === 1 || zone !== "Africa/Monrovia"),
    fc.array(fc.tuple(where, calendarDraw), { minLength: 4, maxLength: 8 }),
    fc.array(fc.tuple(where, cronDraw), { minLength: 4, maxLength: 8 }),
    (place, calendars, crons) => {
      const { zone } = place;
      const clock = clockAt(place, { before, after, step });
      const { readings } = clock;
      for (const [where, draw] of calendars) {
        const shown = readings[Math.floor(where * readings.length)];
        const drawn = calendarFields(draw, shown);
        const fields = step === 1 ? drawn : { ...drawn, second: 0 };
        // A day beyond the month's end is refused, which calendar_test.ts has.
        const exists = fields.day === undefined || fields.day < 29;
        if (!exists && fields.month !== undefined) continue;
        const schedule = calendar(fields, zone);
        assertFires(schedule, calendarRule(fields), { clock, zone: "UTC" });
      }
      for (const [where, draw] of crons) {
        const shown = readings[Math.floor(where * readings.length)];
        const drawn = cronFields(draw, shown);
        const fields = step === 1 ? drawn : { ...drawn, second: [0] };
        const schedule = cron(cronExpression(fields));
        assertFires(schedule, cronRule(fields), { clock, zone });
      }
    },
  );
}

Deno.test("nextOccurrence() agrees with a clock watched each second around a shift", () => {
  const size = { before: 4 * hour, after: 4 * hour, step: 1 };
  fc.assert(property(size), fuzz(40));
});

Deno.test("nextOccurrence() agrees with a clock watched each minute for weeks", () => {
  const size = { before: 5 * day, after: 10 * day, step: 60 };
  fc.assert(property(size), fuzz(30));
});
