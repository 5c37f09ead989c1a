/**
 * What one call of `work` takes, in nanoseconds: the median of several rounds
 * of many calls each, once the compiler has seen enough of it. `work` gets the
 * number of the call and returns a number, so that nothing is optimized away.
 */
export function nanosecondsEach(work: (call: number) => number): number {
  let sum = 0;
  let calls = 0;
  function round(count: number): number {
    const startMs = performance.now();
    for (let left = count; left > 0; left--) sum += work(calls++);
    return performance.now() - startMs;
  }
  let count = 16;
  while (round(count) < roundMs) count *= 2;
  const results = Array.from({ length: rounds }, () => round(count) / count);
  results.sort((a, b) => a - b);
  if (Number.isNaN(sum)) throw new RangeError("The work is not a number");
  return results[rounds >> 1] * 1e6;
}

const roundMs = 100;
const rounds = 5;
