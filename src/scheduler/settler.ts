import { getLogger } from "@logtape/logtape";
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../core/time.ts";
import type { Settlement, Store } from "../store/store.ts";

/**
 * Hands settlements to the store, all that have collected at a time. What the
 * store does not take is kept and offered again; there is never more of it
 * than claims that were handed out.
 */
export class Settler {
  readonly #store: Store;
  readonly #clock: Clock;
  #waiting: Settlement[] = [];
  #flushing: Promise<void> | undefined;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  settle(settlement: Settlement): void {
    this.#waiting.push(settlement);
    this.#flushing ??= this.#flush();
  }

  /** Resolves once the store has all of them, or `signal` aborts. */
  async drain(signal: AbortSignal): Promise<void> {
    while (this.#flushing !== undefined && !signal.aborted) {
      await Promise.race([this.#flushing, this.#clock.sleep(100, signal)]);
    }
  }

  async #flush(): Promise<void> {
    await setImmediate();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatch);
      try {
        await this.#store.settle(batch);
      } catch (error) {
        this.#waiting.unshift(...batch);
        logger.warn("Cannot settle {count} claims, trying again: {error}", {
          count: this.#waiting.length,
          error,
        });
        await this.#clock.sleep(retryMs);
      }
    }
    this.#flushing = undefined;
  }
}

const logger = getLogger(["forsun", "scheduler"]);
const maxBatch = 512;
const retryMs = 1000;
