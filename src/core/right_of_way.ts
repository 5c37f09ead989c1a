import type { Clock } from "./time.ts";

/**
 * Has what is due go before work that can wait a little: whoever has such work
 * asks first. In the long run neither holds up the other: they take turns of
 * {@link turnMs}.
 */
export class RightOfWay {
  readonly #clock: Clock;
  /** Since when it is taken, and what ends that. */
  #taken:
    | { readonly sinceMs: number; readonly end: AbortController }
    | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on others have to wait. */
  take(): void {
    const sinceMs = this.#clock.monotonicMs();
    this.#taken ??= { sinceMs, end: new AbortController() };
  }

  release(): void {
    this.#taken?.end.abort();
    this.#taken = undefined;
  }

  /** Resolves when work that can wait may go on; undefined when it may at once. */
  wait(): Promise<void> | undefined {
    if (this.#taken === undefined) return undefined;
    const { sinceMs, end } = this.#taken;
    const intoMs = (this.#clock.monotonicMs() - sinceMs) % (2 * turnMs);
    if (intoMs >= turnMs) return undefined;
    return this.#clock.sleep(turnMs - intoMs, end.signal);
  }
}

/** In milliseconds. */
export const turnMs = 100;
