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
 * next, not those it missed. Seconds that `isAwaited` begin on time; others
 * may be noticed as late as a timer wakes.
 */
export async function* ticks(
  clock: Clock,
  signal: AbortSignal,
  isAwaited: (second: UnixSeconds) => boolean = () => false,
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
    if (leftMs > maxSleepMs) await clock.sleep(maxSleepMs, signal);
    else if (!isAwaited(second + 1)) await clock.sleep(leftMs, signal);
    else await clock.sleepExactly(Math.max(leftMs - 1, pollMs), signal);
  }
}

/** How late a clock's step forward may be noticed. */
const maxSleepMs = 250;

/** A clock that shows whole milliseconds may change sooner than it seems: the last one is polled. */
const pollMs = 0.125;
