import type { Params } from "../core/plan.ts";
import { quote } from "../core/quote.ts";
import type { Clock } from "../core/time.ts";
import type { Store } from "../store/store.ts";
import { overLimit } from "./over_limit.ts";
import { type Quota, QuotaCount } from "./quota_count.ts";

/** What plans must keep to, whatever they say; 0 is no limit. */
export interface PlanLimitOptions {
  readonly timeoutSeconds: number;
  readonly bodyBytes: number;
  readonly paramsBytes: number;
  /** The prefix "" is all plans. */
  readonly quotas: readonly Quota[];
}

/** The limits that the daemon sets; everything that is over one is error 1011. */
export class PlanLimits {
  readonly #options: PlanLimitOptions;
  readonly #counts: readonly QuotaCount[];

  constructor(options: PlanLimitOptions, clock: Pick<Clock, "monotonicMs">) {
    this.#options = options;
    this.#counts = options.quotas.map((quota) => new QuotaCount(quota, clock));
  }

  /** @throws {ForsunError} 1011 */
  check(key: string, params: Params): void {
    const { timeoutSeconds, bodyBytes, paramsBytes } = this.#options;
    if (timeoutSeconds > 0) checkTimes(key, params, timeoutSeconds);
    if (bodyBytes > 0) checkSize(key, "body", [params.body], bodyBytes);
    if (paramsBytes > 0) {
      const all = Object.entries(params).flat();
      checkSize(key, "params", all, paramsBytes);
    }
  }

  /**
   * Stores a plan by `put` when there may be one more. It counts what it lets
   * in, and counts anew when that is too much, but only once a second while it
   * is full; what other nodes create shows only then.
   * @throws {ForsunError} 1011
   */
  async admit(
    key: string,
    store: Store,
    put: () => Promise<void>,
  ): Promise<void> {
    const counts = this.#counts.filter(({ prefix }) => key.startsWith(prefix));
    const taken: QuotaCount[] = [];
    try {
      for (const count of counts) {
        if (count.takeKnown()) taken.push(count);
        // What takes the place of another needs no room.
        else if (await store.get(key) !== undefined) continue;
        else if (await count.take(store)) taken.push(count);
        else throw count.refusal(key);
      }
      await put();
    } catch (error) {
      for (const count of taken) count.giveBack();
      throw error;
    } finally {
      for (const count of taken) count.settle();
    }
  }
}

const timeParams = [
  "timeout",
  "connect_timeout",
  "request_timeout",
  "reply_timeout",
];

function checkTimes(key: string, params: Params, max: number): void {
  for (const name of timeParams) {
    const value = params[name];
    // What is no number is refused as such.
    if (value === undefined || !(Number(value) > max)) continue;
    const limit = `may be ${max} s (limits.timeout_seconds)`;
    const reason = `param ${quote(name)} ${limit}, got ${quote(value)}`;
    throw overLimit(key, reason);
  }
}

function checkSize(
  key: string,
  what: "body" | "params",
  texts: readonly (string | undefined)[],
  max: number,
): void {
  let bytes = 0;
  for (const text of texts) {
    if (text !== undefined) bytes += encoder.encode(text).length;
  }
  if (bytes <= max) return;
  const limit = `may have ${max} bytes (limits.${what}_bytes)`;
  throw overLimit(key, `${what} ${limit}, got ${bytes}`);
}

const encoder = new TextEncoder();
