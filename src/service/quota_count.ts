import type { ForsunError } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import type { Clock } from "../core/time.ts";
import type { Store } from "../store/store.ts";
import { overLimit } from "./over_limit.ts";

/** How many plans there may be whose keys begin with `prefix`. */
export interface Quota {
  readonly prefix: string;
  readonly max: number;
}

/** How many plans a quota has, as far as is known: it may be fewer, but not more. */
export class QuotaCount {
  readonly prefix: string;
  readonly #max: number;
  readonly #clock: Pick<Clock, "monotonicMs">;
  #count = Infinity;
  #pending = 0;
  /** When it was last counted and found full. */
  #fullMs = -Infinity;
  #counting: Promise<void> | undefined;

  constructor({ prefix, max }: Quota, clock: Pick<Clock, "monotonicMs">) {
    this.prefix = prefix;
    this.#max = max;
    this.#clock = clock;
  }

  /** Takes room for a plan that is about to be stored; false when none is known of. */
  takeKnown(): boolean {
    if (this.#count >= this.#max) return false;
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
    const reason = `there may be ${this.#max} ${plans} (limits.${option})`;
    return overLimit(key, reason);
  }

  async #recount(store: Store): Promise<void> {
    const before = this.#pending;
    const found = this.prefix === ""
      ? (await store.stats()).planCount
      : await countKeys(store, this.prefix, this.#max);
    this.#count = found + Math.max(before, this.#pending);
    const isFull = this.#count >= this.#max;
    if (isFull) this.#fullMs = this.#clock.monotonicMs();
  }
}

const recountMs = 1000;
const keysPerPage = 5000;

/** The number of keys, or `most` when they are more. */
async function countKeys(
  store: Store,
  prefix: string,
  max: number,
): Promise<number> {
  let count = 0;
  let after: string | undefined;
  while (count < max) {
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
  return Math.min(count, max);
}
