import type { Clock } from "../core/time.ts";

/**
 * Runs foreign code that may throw anything, or never come back.
 * @throws {Error} naming `what`, when it takes longer or `signal` aborts
 */
export async function limited<Value>(
  run: () => Promise<Value>,
  { what, limitMs, clock, signal }: {
    readonly what: string;
    readonly limitMs: number;
    readonly clock: Clock;
    readonly signal?: AbortSignal;
  },
): Promise<Value> {
  const over = new AbortController();
  const stops = signal === undefined
    ? over.signal
    : AbortSignal.any([over.signal, signal]);
  try {
    const running = run();
    const late = clock.sleep(limitMs, stops).then(() => {
      throw new Error(
        signal?.aborted
          ? "the daemon is to stop"
          : `${what} takes over ${limitMs / 1000} s`,
      );
    });
    late.catch(() => {});
    return await Promise.race([running, late]);
  } finally {
    over.abort();
  }
}
