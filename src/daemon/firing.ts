import type { Action } from "../action/action.ts";
import type { Config } from "../config/load_config.ts";
import type { RetryPolicy } from "../core/retry_policy.ts";
import type { RightOfWay } from "../core/right_of_way.ts";
import type { Clock, UnixSeconds } from "../core/time.ts";
import { Executor } from "../scheduler/executor.ts";
import { Scheduler } from "../scheduler/scheduler.ts";
import { Settler } from "../scheduler/settler.ts";
import type { Store } from "../store/store.ts";
import type { Counters } from "../telemetry/counters.ts";
import type { Timings } from "../telemetry/timings.ts";

export interface FiringParts {
  readonly store: Store;
  readonly actions: ReadonlyMap<string, Action>;
  readonly retryPolicy: RetryPolicy;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly timings: Timings;
  readonly rightOfWay: RightOfWay;
}

/** The daemon's own work: what is due is claimed, executed and settled. */
export class Firing {
  readonly #scheduler: Scheduler;
  readonly #executor: Executor;
  readonly #settler: Settler;

  constructor(config: Config, parts: FiringParts) {
    const { store, clock } = parts;
    this.#settler = new Settler(store, clock);
    this.#executor = new Executor({
      ...parts,
      settler: this.#settler,
      holds: (claim) => store.holds(claim),
      random: Math.random,
      get maxRunning() {
        return config.maxRunning;
      },
      get maxQueued() {
        // What one node has claimed, no other can execute.
        return config.driver === "mem"
          ? config.maxQueued
          : Math.min(config.maxQueued, maxQueuedOfMany);
      },
    });
    this.#scheduler = new Scheduler({ ...parts, executor: this.#executor });
  }

  /** The second that was last looked at; undefined before the first. */
  get lastTickAt(): UnixSeconds | undefined {
    return this.#scheduler.lastTickAt;
  }

  /** The second in which the store could last be asked for claims; undefined before the first. */
  get lastClaimedAt(): UnixSeconds | undefined {
    return this.#scheduler.lastClaimedAt;
  }

  /** Fires plans until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#scheduler.run(signal);
  }

  /** Lets actions that run end, and then outcomes be written, within `graceMs` milliseconds each. */
  async stop(graceMs: number): Promise<void> {
    await this.#executor.stop(graceMs);
    await this.#settler.drain(AbortSignal.timeout(graceMs));
  }
}

/** As many claims as one node of several executes in some tenths of a second. */
const maxQueuedOfMany = 4096;
