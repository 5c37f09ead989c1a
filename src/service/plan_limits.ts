import { cannotCreate } from "../core/cannot_create.ts";
import { ErrorCode, ForsunError } from "../core/errors.ts";
import type { Params } from "../core/plan.ts";
import { quote } from "../core/quote.ts";
import type { Clock } from "../core/time.ts";
import type { Store } from "../store/store.ts";

/** How many plans there may be whose keys begin with `prefix`. */
export interface Quota {
  readonly prefix: string;
  readonly most: number;
}

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

/** How many plans a quota has, as far as is known: it may be fewer, but not more. */
class QuotaCount {
  readonly prefix: string;
  readonly #most: number;
  readonly #clock: Pick<Clock, "monotonicMs">;
  #count = Infinity;
  #pending = 0;
  /** When it was last counted and found full. */
  #fullMs = -Infinity;
  #counting: Promise<void> | undefined;

  constructor({ prefix, most }: Quota, clock: Pick<Clock, "monotonicMs">) {
    this.prefix = prefix;
    this.#most = most;
    this.#clock = clock;
  }

  /** Takes room for a plan that is about to be stored; false when none is known of. */
  takeKnown(): boolean {
    if (this.#count >= this.#most) return false;
    this.#count++;
    this.#pending++;
    return true;
  }

  /** As {@link takeKnown}, but counts anew unless it was full a moment ago. */
  async take(store: Store): Promise<boolean> {
    if (this.#clock.monotonicMs() - this.#fullMs >= recountMs) {
      this.#counting ??= this.#recount(store).finally(() => {
        this.#counting = undefined;
      });
    }
    await this.#counting;
    return this.takeKnown();
  }

  /** The plan was not stored. */
  giveBack(): void {
    this.#count--;
  }

  /** The plan was stored, or not: counting anew sees what became of it. */
  settle(): void {
    this.#pending--;
  }

  refusal(key: string): ForsunError {
    const plans = this.prefix === ""
      ? "plans"
      : `plans that begin with ${quote(this.prefix)}`;
    const option = this.prefix === "" ? "plans" : "plans_per_prefix";
    const reason = `there may be ${this.#most} ${plans} (limits.${option})`;
    return overLimit(key, reason);
  }

  async #recount(store: Store): Promise<void> {
    const before = this.#pending;
    const found = this.prefix === ""
      ? (await store.stats()).planCount
      : await countKeys(store, this.prefix, this.#most);
    this.#count = found + Math.max(before, this.#pending);
    const isFull = this.#count >= this.#most;
    if (isFull) this.#fullMs = this.#clock.monotonicMs();
  }
}

const recountMs = 1000;
const keysPerPage = 5000;

/** The number of keys, or `most` when they are more. */
async function countKeys(
  store: Store,
  prefix: string,
  most: number,
): Promise<number> {
  let count = 0;
  let after: string | undefined;
  while (count < most) {
    const limit = keysPerPage;
    const page: readonly string[] = await store.pageKeys({
      prefix,
      after,
      limit,
    });
    count += page.length;
    if (page.length < keysPerPage) break;
    after = page.at(-1);
  }
  return Math.min(count, most);
}

const timeParams = [
  "timeout",
  "connect_timeout",
  "request_timeout",
  "reply_timeout",
];

function checkTimes(key: string, params: Params, most: number): void {
  for (const name of timeParams) {
    const value = params[name];
    // What is no number is refused as such.
    if (value === undefined || !(Number(value) > most)) continue;
    const limit = `may be ${most} s (limits.timeout_seconds)`;
    const reason = `param ${quote(name)} ${limit}, got ${quote(value)}`;
    throw overLimit(key, reason);
  }
}

function checkSize(
  key: string,
  what: "body" | "params",
  texts: readonly (string | undefined)[],
  most: number,
): void {
  let bytes = 0;
  for (const text of texts) {
    if (text !== undefined) bytes += encoder.encode(text).length;
  }
  if (bytes <= most) return;
  const limit = `may have ${most} bytes (limits.${what}_bytes)`;
  throw overLimit(key, `${what} ${limit}, got ${bytes}`);
}

const encoder = new TextEncoder();

function overLimit(key: string, reason: string): ForsunError {
  return new ForsunError(ErrorCode.overLimit, cannotCreate(key, reason));
}
