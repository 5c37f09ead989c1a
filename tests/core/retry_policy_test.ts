import assert from "node:assert/strict";
import {
  planRetryPolicy,
  retryDelaySeconds,
  type RetryPolicy,
} from "../../src/core/retry_policy.ts";

const usual: RetryPolicy = {
  maxCount: 3,
  delaySeconds: 3,
  delayRate: 1,
  backoff: "linear",
};

function delays(
  policy: Partial<RetryPolicy>,
  random: number,
  retries: readonly number[] = [1, 2, 3],
): number[] {
  return retries.map((retry) =>
    retryDelaySeconds({ ...usual, ...policy }, retry, random)
  );
}

Deno.test("retryDelaySeconds() grows by delay x rate, as the first daemon's did", () => {
  assert.deepEqual(delays({}, 0.5), [6, 9, 12]);
  assert.deepEqual(delays({ delayRate: 0 }, 0.5), [3, 3, 3]);
  assert.deepEqual(delays({ delaySeconds: 0.5, delayRate: 2 }, 0), [
    1.5,
    2.5,
    3.5,
  ]);
});

Deno.test("retryDelaySeconds() doubles exponentially, less up to half of it by chance", () => {
  const policy = { delaySeconds: 4, backoff: "exponential" } as const;
  assert.deepEqual(delays(policy, 1), [4, 8, 16]);
  assert.deepEqual(delays(policy, 0), [2, 4, 8]);
  assert.deepEqual(delays(policy, 0.5), [3, 6, 12]);
});

Deno.test("retryDelaySeconds() is a day at the most", () => {
  const late = [20, 100, 1000];
  const max = late.map(() => 86_400);
  const linear = { delaySeconds: 80_000 };
  const exponential = { backoff: "exponential" } as const;
  assert.deepEqual(delays(linear, 0, late), max);
  assert.deepEqual(delays(exponential, 0, late), max);
});

Deno.test("planRetryPolicy() takes what the plan says, and the usual for the rest", () => {
  assert.equal(planRetryPolicy({ url: "x" }, usual), usual);
  assert.deepEqual(planRetryPolicy({ retry_max_count: "0" }, usual), {
    ...usual,
    maxCount: 0,
  });
  assert.deepEqual(
    planRetryPolicy({
      retry_max_count: "1000",
      retry_delay_seconds: "0.25",
      retry_backoff: "exponential",
    }, usual),
    {
      maxCount: 1000,
      delaySeconds: 0.25,
      delayRate: 1,
      backoff: "exponential",
    },
  );
});

const refusals: readonly (readonly [string, string, string])[] = [
  ["retry_max_count", "1.5", "a whole number from 0 to 1000"],
  ["retry_max_count", "-1", "a whole number from 0 to 1000"],
  ["retry_max_count", "1001", "a whole number from 0 to 1000"],
  ["retry_max_count", "", "a whole number from 0 to 1000"],
  ["retry_delay_seconds", "soon", "a number from 0 to 86400"],
  ["retry_delay_seconds", "1e3", "a number from 0 to 86400"],
  ["retry_delay_seconds", "86401", "a number from 0 to 86400"],
  ["retry_backoff", "Linear", "linear or exponential"],
];

for (const [name, value, mustBe] of refusals) {
  Deno.test(`planRetryPolicy() refuses ${name} ${JSON.stringify(value)}`, () => {
    assert.throws(() => planRetryPolicy({ [name]: value }, usual), {
      code: 1007,
      message: `Param "${name}" must be ${mustBe}, got "${value}"`,
    });
  });
}
