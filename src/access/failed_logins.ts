import type { Clock } from "../core/time.ts";

/** What a place has got wrong since its window began. */
interface Failures {
  readonly sinceMs: number;
  count: number;
}

/**
 * Counts tokens that were wrong, by where they came from, so that nobody can
 * try many. It remembers a bounded number of places: the oldest make way.
 */
export class FailedLogins {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #places = new Map<string, Failures>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** In how many seconds `place` may try again; 0 is now. */
  secondsToWait(place: string): number {
    const failures = this.#current(place);
    if (failures === undefined || failures.count < maxFailures) return 0;
    const passedMs = this.#clock.monotonicMs() - failures.sinceMs;
    return Math.max(1, Math.ceil((windowMs - passedMs) / 1000));
  }

  /** Notes one failure; gives how many there were within the minute. */
  add(place: string): number {
    let failures = this.#current(place);
    if (failures === undefined) {
      if (this.#places.size >= maxPlaces) {
        const [oldest] = this.#places.keys();
        this.#places.delete(oldest);
      }
      failures = { sinceMs: this.#clock.monotonicMs(), count: 0 };
      this.#places.set(place, failures);
    }
    return ++failures.count;
  }

  #current(place: string): Failures | undefined {
    const failures = this.#places.get(place);
    if (failures === undefined) return undefined;
    if (this.#clock.monotonicMs() - failures.sinceMs < windowMs) {
      return failures;
    }
    this.#places.delete(place);
    return undefined;
  }
}

/** Wrong tokens from one place in a minute, behind which even right ones are refused. */
export const maxFailures = 100;
const windowMs = 60_000;
const maxPlaces = 10_000;
