import { ErrorCode, ForsunError } from "../core/errors.ts";
import type { Clock } from "../core/time.ts";
import type { Store } from "../store/store.ts";

/**
 * Stands before a store that takes its time to open: requests that come early
 * wait, but not long.
 */
export class StoreGate {
  readonly #clock: Clock;
  readonly #opened = Promise.withResolvers<Store>();
  #current: Store | undefined;
  #progress = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    // A failure to open ends the daemon; those who wait hear of it as well.
    this.#opened.promise.catch(() => {});
  }

  /** The store, once it is open. */
  get current(): Store | undefined {
    return this.#current;
  }

  /** How much of the store was read, 0 to 1. */
  set progress(share: number) {
    this.#progress = share;
  }

  /** Lets requests in. */
  open(store: Store): void {
    this.#current = store;
    this.#opened.resolve(store);
  }

  /** Refuses all requests, with code 1004. */
  fail(error: Error): void {
    this.#opened.reject(
      new ForsunError(ErrorCode.saveFailed, error.message, { cause: error }),
    );
  }

  /** Resolves to the store once it is open; rejects with code 1004 after some seconds. */
  async opened(): Promise<Store> {
    const wait = new AbortController();
    const tooLate = this.#clock.sleep(maxWaitMs, wait.signal);
    const store = await Promise.race([this.#opened.promise, tooLate]);
    wait.abort();
    if (store !== undefined) return store;
    const percent = Math.floor(this.#progress * 100);
    throw new ForsunError(
      ErrorCode.saveFailed,
      `The store is still being read (${percent} %), try again later`,
    );
  }
}

const maxWaitMs = 5000;
