import { getLogger } from "@logtape/logtape";
import type { Clock } from "../../core/time.ts";

/** Says in the log, once a minute at the most, that occurrences were left out. */
export class LeftOut {
  readonly #clock: Clock;
  /** How many, since it was said last. */
  #count = 0;
  #saidAtMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An occurrence of the plan was left out: too many of it are open. */
  add(key: string): void {
    this.#count++;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#saidAtMs < quietMs) return;
    logger.warn(
      "Occurrences left out: {count}, the last of {key}; 4096 of a plan may be open",
      { count: this.#count, key },
    );
    this.#count = 0;
    this.#saidAtMs = nowMs;
  }
}

const logger = getLogger(["forsun", "redis"]);
const quietMs = 60_000;
