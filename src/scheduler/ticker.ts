import type { Clock, UnixSeconds } from "../core/time.ts";

/** A wall second has begun. */
export interface Tick {
  readonly second: UnixSeconds;
  /** The second of the tick before; undefined for the first one. */
  readonly previous: UnixSeconds | undefined;
}

/**
 * Yields each wall second as it begins, until `signal` aborts. Sleeps by
 * monotonic time, and never long, so that it notices a clock that steps in
 * either direction, or a machine that was suspended, by a tick that doesn't
 * follow on the one before. A consumer that is slow gets the current second
 * next, not those it missed.
 */
export async function* ticks(
  clock: Clock,
  signal: AbortSignal,
): AsyncIterable<Tick> {
  let previous: UnixSeconds | undefined;
  while (!signal.aborted) {
    const wallMs = clock.wallMs();
    const second = Math.floor(wallMs / 1000);
    if (second !== previous) {
      yield { second, previous };
      previous = second;
      continue;
    }
    const leftMs = (second + 1) * 1000 - wallMs;
    await clock.sleep(Math.min(leftMs, longestSleepMs), signal);
  }
}

/** How late a clock's step forward may be noticed. */
const longestSleepMs = 250;
