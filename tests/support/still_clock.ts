import { systemClock } from "../../src/core/system_clock.ts";
import type { Clock } from "../../src/core/time.ts";

/** A clock whose wall time stands still while everything that waits goes on. */
export function stillClock(time: string): Clock {
  const wallMs = Date.parse(time);
  return { ...systemClock, wallMs: () => wallMs };
}
