import assert from "node:assert/strict";
import fc from "fast-check";
import { ForsunError } from "../../src/core/errors.ts";
import type { TimeFields } from "../../src/core/time_fields.ts";
import { calendar, fuzz, timeout } from "./schedule_support.ts";

const limits = {
  second: [0, 59],
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  month: [1, 12],
  week: [0, 7],
} as const satisfies Record<keyof TimeFields, readonly [number, number]>;

const name = fc.constantFrom(
  ...Object.keys(limits) as (keyof TimeFields)[],
);
const value = fc.oneof(
  fc.integer({ min: -3, max: 70 }),
  fc.integer({ min: -32_768, max: 32_767 }),
  fc.double(),
);

/** The error that `create` throws, undefined if it doesn't. */
function refusal(create: () => unknown): ForsunError | undefined {
  try {
    create();
    return undefined;
  } catch (error) {
    if (error instanceof ForsunError) return error;
    throw error;
  }
}

function assertRefused(
  error: ForsunError | undefined,
  { valid, name, value }: { valid: boolean; name: string; value: number },
): void {
  if (valid) return assert.equal(error, undefined);
  assert.equal(error?.code, 1007);
  assert.match(error?.message ?? "", new RegExp(` ${name} must be `));
  assert.ok(error?.message.endsWith(`, got ${value}`), error?.message);
}

Deno.test("createCalendarSchedule() takes the whole numbers of each range only", () => {
  fc.assert(
    fc.property(name, value, (name, value) => {
      const [min, max] = limits[name];
      const valid = Number.isInteger(value) && value >= min && value <= max;
      const error = refusal(() => calendar({ [name]: value }));
      assertRefused(error, { valid, name, value });
    }),
    fuzz(2000),
  );
});

Deno.test("createTimeoutSchedule() takes whole numbers from 0 on only", () => {
  fc.assert(
    fc.property(name, value, (name, value) => {
      const valid = Number.isSafeInteger(value) && value >= 0;
      const error = refusal(() => timeout({ [name]: value }));
      assertRefused(error, { valid, name, value });
    }),
    fuzz(2000),
  );
});
