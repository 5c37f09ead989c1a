import fc from "fast-check";
import assert from "node:assert/strict";
import {
  type Occurrence,
  Occurrences,
} from "../../../src/store/memory/occurrences.ts";

Deno.test("earliest() gives what waits for the first attempt, whatever has ended meanwhile", () => {
  const times = fc.array(fc.nat(5000), { minLength: 3000, maxLength: 4000 });
  fc.assert(
    fc.property(times, fc.integer({ min: 2, max: 30 }), (times, few) => {
      const occurrences = new Occurrences();
      const waiting: Occurrence[] = [];
      for (const [row, retryAt] of times.entries()) {
        const start = { row, second: 1, attempt: 1 };
        const occurrence = occurrences.begin(start);
        occurrences.retry(occurrence, retryAt);
        if (row % few === 0) waiting.push(occurrence);
        else occurrences.end(occurrence);
      }
      const found: number[] = [];
      for (
        let one = occurrences.earliest();
        one;
        one = occurrences.earliest()
      ) {
        found.push(one.retryAt ?? 0);
        occurrences.end(one);
      }
      const expected = waiting.map(({ row }) => times[row]);
      assert.deepEqual(found, expected.sort((a, b) => a - b));
    }),
    { numRuns: 20, seed: 1 },
  );
});

Deno.test("Occurrences keeps nothing of those that ended before their next attempt", () => {
  const occurrences = new Occurrences();
  const before = Deno.memoryUsage().heapUsed;
  for (let row = 0; row < 3_000_000; row++) {
    const start = { row, second: 1, attempt: 1 };
    const occurrence = occurrences.begin(start);
    occurrences.retry(occurrence, 2_000_000);
    occurrences.end(occurrence);
  }
  const grown = Deno.memoryUsage().heapUsed - before;
  assert.ok(grown < 50_000_000, `grew by ${grown} bytes`);
  assert.equal(occurrences.earliest(), undefined);
});
