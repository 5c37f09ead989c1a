import assert from "node:assert/strict";
import { Cron } from "croner";
import fc from "fast-check";
import { nextOccurrence } from "../../src/core/schedule.ts";
import { maxUnixSeconds } from "../../src/core/time.ts";
import { cron, fuzz, show } from "./schedule_support.ts";

/** One field in all of its notations. */
function field(min: number, max: number): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value)
    .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: max - min });
  const part = fc.oneof(
    value.map(String),
    range,
    fc.tuple(range, step).map(([range, step]) => `${range}/${step}`),
    step.map((step) => `*/${step}`),
  );
  return fc.oneof(
    fc.constantFrom("*", "?"),
    fc.array(part, { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join(",")),
  );
}

const day = fc.oneof(
  { weight: 4, arbitrary: field(1, 31) },
  { weight: 1, arbitrary: fc.constantFrom("L", "LW", "15W", "1W,31W", "3,L") },
);
const month = fc.oneof(
  { weight: 4, arbitrary: field(1, 12) },
  { weight: 1, arbitrary: fc.constantFrom("feb", "JAN-MAR", "2,nov") },
);
const weekday = fc.oneof(
  { weight: 4, arbitrary: field(0, 7) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "+1",
      "FRI#2",
      "monL",
      "sun-tue",
      "+6#5",
      "1#1,3",
    ),
  },
);
const year = fc.oneof(
  { weight: 4, arbitrary: fc.constant("*") },
  { weight: 1, arbitrary: field(2020, 2100) },
);

const expression = fc.tuple(
  field(0, 59),
  field(0, 59),
  field(0, 23),
  day,
  month,
  weekday,
  year,
).map((fields) => fields.join(" "));

Deno.test("nextOccurrence() of cron agrees with croner's own search in UTC", () => {
  fc.assert(
    fc.property(
      expression,
      fc.integer({ min: 0, max: maxUnixSeconds }),
      (expression, after) => {
        const reference = new Cron(expression, {
          timezone: "UTC",
          paused: true,
        });
        const first = reference.nextRun(new Date(0));
        const limit = maxUnixSeconds * 1000;
        // Such expressions are refused, see cron_test.ts.
        fc.pre(first !== null && first.getTime() <= limit);
        const run = reference.nextRun(new Date(after * 1000));
        const expected = run !== null && run.getTime() <= limit
          ? run.getTime() / 1000
          : undefined;
        const next = nextOccurrence(cron(expression), after, {
          timeZone: "UTC",
        });
        assert.equal(show(next), show(expected));
      },
    ),
    fuzz(1500),
  );
});
