import { invalidArgument } from "./errors.ts";
import type { Params } from "./plan.ts";
import { quote } from "./quote.ts";

/** How often and when a failed attempt is followed by another. */
export interface RetryPolicy {
  /** Attempts behind the first, 0 or more. */
  readonly maxCount: number;
  /** 0 or more. */
  readonly delaySeconds: number;
  /** By how many times `delaySeconds` each retry waits longer than the one before (linear). */
  readonly delayRate: number;
  /** `exponential` doubles the delay each time instead, with jitter. */
  readonly backoff: Backoff;
}

export type Backoff = "linear" | "exponential";

/**
 * How long to wait before retry number `retry`, 1 being the first: for linear
 * backoff delay + delay × rate × retry, as the option names promise; for
 * exponential backoff between half and all of delay × 2^(retry - 1).
 * @param random from 0 to 1, decides the jitter
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const policy = { maxCount: 3, delaySeconds: 3, delayRate: 1 };
 * const delays = [1, 2, 3].map((retry) =>
 *   retryDelaySeconds({ ...policy, backoff: "linear" }, retry, Math.random())
 * );
 * assert.deepEqual(delays, [6, 9, 12]);
 * ```
 */
export function retryDelaySeconds(
  { delaySeconds, delayRate, backoff }: RetryPolicy,
  retry: number,
  random: number,
): number {
  const delay = backoff === "linear"
    ? delaySeconds + delaySeconds * delayRate * retry
    : delaySeconds * 2 ** Math.min(retry - 1, 30) * (0.5 + random / 2);
  return Math.min(delay, maxDelaySeconds);
}

/**
 * The policy of a plan: what its params retry_max_count, retry_delay_seconds
 * and retry_backoff say, and `usual` for the rest.
 * @throws {ForsunError} 1007, naming the param and its value
 */
export function planRetryPolicy(
  params: Params,
  usual: RetryPolicy,
): RetryPolicy {
  const { retry_max_count, retry_delay_seconds, retry_backoff } = params;
  if ((retry_max_count ?? retry_delay_seconds ?? retry_backoff) === undefined) {
    return usual;
  }
  return {
    maxCount: retry_max_count === undefined
      ? usual.maxCount
      : readNumber("retry_max_count", retry_max_count, {
        max: 1000,
        isWhole: true,
      }),
    delaySeconds: retry_delay_seconds === undefined
      ? usual.delaySeconds
      : readNumber("retry_delay_seconds", retry_delay_seconds, {
        max: maxDelaySeconds,
        isWhole: false,
      }),
    delayRate: usual.delayRate,
    backoff: retry_backoff === undefined
      ? usual.backoff
      : readBackoff(retry_backoff),
  };
}

function readNumber(
  name: string,
  text: string,
  { max, isWhole }: { readonly max: number; readonly isWhole: boolean },
): number {
  const pattern = isWhole ? /^\d+$/ : /^\d+(\.\d+)?$/;
  const value = Number(text);
  if (pattern.test(text) && value <= max) return value;
  const kind = isWhole ? "a whole number" : "a number";
  throw invalidArgument(
    `Param "${name}" must be ${kind} from 0 to ${max}, got ${quote(text)}`,
  );
}

function readBackoff(text: string): Backoff {
  if (text === "linear" || text === "exponential") return text;
  throw invalidArgument(
    `Param "retry_backoff" must be linear or exponential, got ${quote(text)}`,
  );
}

/** The longest wait for a retry: a day. */
export const maxDelaySeconds = 86_400;
