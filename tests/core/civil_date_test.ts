import assert from "node:assert/strict";
import fc from "fast-check";
import {
  civilFromDays,
  daysFromCivil,
  daysInMonth,
  weekdayOf,
} from "../../src/core/civil_date.ts";
import { fuzz } from "./schedule_support.ts";

/** 0001-01-01 to 9999-12-31. */
const days = fc.integer({ min: -719_162, max: 2_932_896 });

Deno.test("civilFromDays() agrees with Date", () => {
  fc.assert(
    fc.property(days, (days) => {
      const date = new Date(days * 86_400_000);
      assert.deepEqual(civilFromDays(days), {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
      });
      assert.equal(weekdayOf(days), date.getUTCDay());
    }),
    fuzz(5000),
  );
});

Deno.test("daysFromCivil() is the inverse of civilFromDays()", () => {
  fc.assert(
    fc.property(days, (days) => {
      assert.equal(daysFromCivil(civilFromDays(days)), days);
    }),
    fuzz(5000),
  );
});

Deno.test("daysInMonth() knows leap years", () => {
  assert.deepEqual(
    [1900, 2000, 2023, 2024, 2100].map((year) => daysInMonth(year, 2)),
    [28, 29, 28, 29, 28],
  );
  const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  assert.deepEqual(
    lengths.map((_, index) => daysInMonth(2023, index + 1)),
    lengths,
  );
});
