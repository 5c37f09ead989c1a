import fc from "fast-check";
import assert from "node:assert/strict";
import { OrderedBits } from "../../../src/store/memory/ordered_bits.ts";
import { randomRuns } from "../../support/random.ts";

Deno.test("OrderedBits behaves like a sorted set under any sequence of steps", () => {
  const size = 2 ** 24;
  const value = fc.oneof(
    fc.nat(70),
    fc.integer({ min: 1000, max: 40_000 }),
    fc.nat(size - 1),
    fc.constant(size - 1),
  );
  const step = fc.record({ isAdded: fc.boolean(), value, from: value });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const bits = new OrderedBits(size);
      const model = new Set<number>();
      for (const { isAdded, value, from } of steps) {
        if (isAdded) {
          bits.add(value);
          model.add(value);
        } else {
          bits.delete(value);
          model.delete(value);
        }
        const later = [...model].filter((one) => one >= from);
        const next = later.length === 0 ? undefined : Math.min(...later);
        assert.equal(bits.next(from), next);
      }
      assert.equal(bits.next(size), undefined);
    }),
    randomRuns(100),
  );
});
