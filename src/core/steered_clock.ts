import type { Clock } from "./time.ts";

/**
 * A clock whose wall time another one sets, such as that of a server which
 * many machines share. It goes on by monotonic time in between, whatever this
 * machine's own wall clock does. Until it is steered it is the clock it is
 * made of.
 */
export class SteeredClock implements Clock {
  readonly #clock: Clock;
  /** Wall time less monotonic time. */
  #offsetMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Tells what the other clock showed at some moment between `sentMs` and
   * `answeredMs` of this one's monotonic time. This clock then shows the
   * earliest time that it may be there, and changes only when it must.
   */
  steer(
    wallMs: number,
    { sentMs, answeredMs }: {
      readonly sentMs: number;
      readonly answeredMs: number;
    },
  ): void {
    const earliest = wallMs - answeredMs;
    const latest = wallMs + 1 - sentMs;
    if (this.#offsetMs === undefined || this.#offsetMs < earliest) {
      this.#offsetMs = earliest;
    } else if (this.#offsetMs > latest) {
      this.#offsetMs = latest;
    }
  }

  wallMs(): number {
    return this.#offsetMs === undefined
      ? this.#clock.wallMs()
      : this.#clock.monotonicMs() + this.#offsetMs;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(ms, signal);
  }

  sleepExactly(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleepExactly(ms, signal);
  }
}
