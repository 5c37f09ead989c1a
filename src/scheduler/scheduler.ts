import { getLogger } from "@logtape/logtape";
import { setImmediate } from "node:timers/promises";
import type { RightOfWay } from "../core/right_of_way.ts";
import { type Clock, currentSecond, type UnixSeconds } from "../core/time.ts";
import type { Store } from "../store/store.ts";
import type { Counters } from "../telemetry/counters.ts";
import type { Executor } from "./executor.ts";
import { type Tick, ticks } from "./ticker.ts";

export interface SchedulerParts {
  readonly store: Store;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly counters: Counters;
  /** Is taken while there are claims to make. */
  readonly rightOfWay: RightOfWay;
}

/** Claims what is due, second by second, and has it executed. */
export class Scheduler {
  readonly #parts: SchedulerParts;
  /** Occurrences before this second were missed. */
  #missedBefore: UnixSeconds = 0;
  #lastTickAt: UnixSeconds | undefined;
  #claiming: Promise<void> | undefined;
  #isAsked = false;
  #isFailing = false;
  #lastClaimedAt: UnixSeconds | undefined;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
  }

  /** The second that was last looked at; undefined before the first. */
  get lastTickAt(): UnixSeconds | undefined {
    return this.#lastTickAt;
  }

  /** The second in which the store could last be asked for claims; undefined before the first. */
  get lastClaimedAt(): UnixSeconds | undefined {
    return this.#lastClaimedAt;
  }

  /** Works until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { store, executor, clock, counters } = this.#parts;
    store.onOverdue(() => this.#claimSoon(signal));
    executor.onRoom(() => this.#claimSoon(signal));
    const isAwaited = (second: UnixSeconds) =>
      store.mayBeDue?.(second) ?? false;
    for await (const tick of ticks(clock, signal, isAwaited)) {
      counters.timer_loop_count++;
      this.#lastTickAt = tick.second;
      this.#noticeGaps(tick);
      this.#claimSoon(signal);
    }
    await this.#claiming;
  }

  /** The last second of which it is known whether what is due in it was missed. */
  get #lastJudged(): UnixSeconds {
    return (this.#lastTickAt ?? 0) + maxLagSeconds;
  }

  /** Tells what was missed from what is merely late. */
  #noticeGaps({ second, previous }: Tick): void {
    if (previous !== undefined && second < previous) {
      logger.warn("The clock stepped back by {seconds} s", {
        seconds: previous - second,
      });
      this.#missedBefore = Math.min(this.#missedBefore, second);
    } else if (previous === undefined || this.#isBackAt(second)) {
      this.#missedBefore = second;
    } else if (second - previous > maxLagSeconds) {
      logger.warn("The clock is {seconds} s ahead of where it should be", {
        seconds: second - previous - 1,
      });
      this.#missedBefore = second;
    }
  }

  /** Whether the store was away for so long that this is as a start. */
  #isBackAt(second: UnixSeconds): boolean {
    const claimed = this.#lastClaimedAt;
    return this.#isFailing && claimed !== undefined &&
      second - claimed > maxLagSeconds;
  }

  #claimSoon(signal: AbortSignal): void {
    this.#isAsked = true;
    this.#claiming ??= this.#claim(signal);
  }

  async #claim(signal: AbortSignal): Promise<void> {
    const { counters, rightOfWay } = this.#parts;
    counters.timeout_handling_count = 1;
    rightOfWay.take();
    while (this.#isAsked && !signal.aborted) {
      this.#isAsked = false;
      try {
        await this.#claimAll(signal);
        counters.timeout_handled_count++;
        if (this.#isFailing) logger.info("Claiming works again");
        this.#isFailing = false;
        this.#lastClaimedAt = this.#lastTickAt;
      } catch (error) {
        counters.timer_loop_ready_error_count++;
        if (!this.#isFailing) {
          logger.error("Cannot claim what is due: {error}", { error });
        }
        this.#isFailing = true;
      }
    }
    rightOfWay.release();
    counters.timeout_handling_count = 0;
    this.#claiming = undefined;
  }

  async #claimAll(signal: AbortSignal): Promise<void> {
    const { store, executor, clock } = this.#parts;
    let batch = firstBatch;
    while (!signal.aborted) {
      const limit = Math.min(executor.askRoom(), batch);
      // The executor says when there is room again.
      if (limit === 0 && !executor.makeRoom()) return;
      if (limit === 0) continue;
      const { claims, hasMore } = await store.claimDue({
        // What lies further ahead is for the next tick to judge.
        now: Math.min(currentSecond(clock), this.#lastJudged),
        missedBefore: this.#missedBefore,
        limit,
      });
      this.#lastClaimedAt = this.#lastTickAt;
      for (const claim of claims) executor.submit(claim);
      if (!hasMore) return;
      batch = Math.min(2 * batch, maxBatch);
      await setImmediate();
    }
  }
}

const logger = getLogger(["forsun", "scheduler"]);
/** Small, so that the first calls are on their way while the next are prepared. */
const firstBatch = 32;
const maxBatch = 256;

/** A tick that comes more than so many seconds behind the last one follows a suspend or a step. */
const maxLagSeconds = 10;
