import assert from "node:assert/strict";
import fc from "fast-check";
import {
  findOffsetSegments,
  type OffsetSegment,
} from "../../src/core/offset_segments.ts";
import { fuzz } from "./schedule_support.ts";

const day = 86_400;

Deno.test("findOffsetSegments() without a change is one segment", () => {
  assert.deepEqual(findOffsetSegments(() => 3600, 1000, 90 * day), [
    { start: 1000, end: 90 * day, offset: 3600 },
  ]);
});

Deno.test("findOffsetSegments() finds changes to the second, even of less than a week", () => {
  const change = fc.record({
    days: fc.integer({ min: 6, max: 60 }),
    seconds: fc.nat(day - 1),
    offset: fc.integer({ min: -46_800, max: 50_400 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.array(change),
      fc.integer({ min: 1, max: 60 * day }),
      (from, changes, last) => {
        const expected: OffsetSegment[] = [];
        let start = from;
        let offset = 0;
        for (const change of changes) {
          if (change.offset === offset) continue;
          const end = start + change.days * day + change.seconds;
          expected.push({ start, end, offset });
          start = end;
          offset = change.offset;
        }
        const to = start + last;
        expected.push({ start, end: to, offset });
        const offsetAt = (second: number) =>
          expected.find(({ end }) => second < end)?.offset ?? NaN;
        assert.deepEqual(findOffsetSegments(offsetAt, from, to), expected);
      },
    ),
    fuzz(500),
  );
});
