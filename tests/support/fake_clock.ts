import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../src/core/time.ts";

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/** A clock that a test moves by hand. */
export class FakeClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  constructor(wallMs: number) {
    this.#wallMs = wallMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { untilMs: this.#monotonicMs + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", wake);
    });
  }

  sleepExactly(ms: number, signal?: AbortSignal): Promise<void> {
    return this.sleep(ms, signal);
  }

  /** Steps the wall clock, as an administrator does; nobody wakes by it. */
  stepWall(ms: number): void {
    this.#wallMs += ms;
  }

  /** Lets time go by: wakes sleepers in the order of their times. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    await settle();
    for (;;) {
      const next = this.#nextSleeper(endMs);
      if (next === undefined) break;
      this.#moveTo(next.untilMs);
      next.wake();
      await settle();
    }
    this.#moveTo(endMs);
    await settle();
  }

  #nextSleeper(endMs: number): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      const isEarlier = sleeper.untilMs < (next?.untilMs ?? Infinity);
      if (sleeper.untilMs <= endMs && isEarlier) next = sleeper;
    }
    return next;
  }

  #moveTo(monotonicMs: number): void {
    const passed = Math.max(0, monotonicMs - this.#monotonicMs);
    this.#monotonicMs += passed;
    this.#wallMs += passed;
  }
}

/** Lets everything run that does not wait for time to pass. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await setImmediate();
}
