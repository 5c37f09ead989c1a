import assert from "node:assert/strict";
import { memoize } from "../../src/core/memoize.ts";

Deno.test("memoize() computes once, even what is undefined", () => {
  let computed = 0;
  const nothing = memoize((_: string) => {
    computed++;
    return undefined;
  }, 2);
  assert.equal(nothing("a"), undefined);
  assert.equal(nothing("a"), undefined);
  assert.equal(computed, 1);
});

Deno.test("memoize() forgets the oldest beyond its limit", () => {
  const computed: number[] = [];
  const double = memoize((value: number) => {
    computed.push(value);
    return 2 * value;
  }, 2);
  assert.deepEqual([1, 2, 1, 3, 2, 1].map(double), [2, 4, 2, 6, 4, 2]);
  assert.deepEqual(computed, [1, 2, 3, 1]);
});

Deno.test("memoize() doesn't remember what was thrown", () => {
  let fails = true;
  const read = memoize((value: number) => {
    if (fails) throw new RangeError("not yet");
    return value;
  }, 2);
  assert.throws(() => read(1), RangeError);
  fails = false;
  assert.equal(read(1), 1);
});
