import { setImmediate } from "node:timers/promises";
import type { Clock } from "./time.ts";

/** The machine's own time. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep,
  async sleepExactly(ms, signal) {
    const untilMs = performance.now() + ms;
    if (ms > timerLateMs) await sleep(ms - timerLateMs, signal);
    // The loop goes on meanwhile: each turn of it is some microseconds.
    while (performance.now() < untilMs && !signal?.aborted) {
      await setImmediate();
    }
  },
};

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, maxTimerMs));
    signal?.addEventListener("abort", done);
  });
}

/** Some 25 days; timers that are to wait longer would not wait at all. */
const maxTimerMs = 2 ** 31 - 1;

/** How late a timer may wake: it counts in whole milliseconds, rounded up. */
const timerLateMs = 2;
