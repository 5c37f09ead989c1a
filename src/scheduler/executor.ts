import { getLogger } from "@logtape/logtape";
import type { Action, ActionResult } from "../action/action.ts";
import type { Outcome } from "../core/outcome.ts";
import {
  maxDelaySeconds,
  planRetryPolicy,
  retryDelaySeconds,
  type RetryPolicy,
} from "../core/retry_policy.ts";
import type { Clock } from "../core/time.ts";
import type { Claim, Settlement } from "../store/store.ts";
import type { Counters } from "../telemetry/counters.ts";
import type { Timings } from "../telemetry/timings.ts";
import { Lanes } from "./lanes.ts";
import { LoadShedder } from "./load_shedder.ts";
import type { Settler } from "./settler.ts";

export interface ExecutorParts {
  readonly actions: ReadonlyMap<string, Action>;
  readonly settler: Settler;
  /** Whether a claim that has waited for its turn may still be begun. */
  readonly holds: (claim: Claim) => boolean | Promise<boolean>;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly timings: Timings;
  readonly retryPolicy: RetryPolicy;
  /** From 0 to 1; spreads the retries that are to have jitter. */
  readonly random: () => number;
  /** How many actions may run at a time, whatever their destinations. */
  readonly maxRunning: number;
  /** How many claims may wait for their turn. */
  readonly maxQueued: number;
}

/** Executes claims, a limited number at a time to each destination, and settles them. */
export class Executor {
  readonly #parts: ExecutorParts;
  readonly #lanes: Lanes<Claim>;
  readonly #shedder: LoadShedder;
  readonly #abort = new AbortController();
  #onIdle: () => void = () => {};
  #onRoom: () => void = () => {};
  /** Whether it had no room when it was asked last. */
  #isFull = false;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
    this.#lanes = new Lanes((claim) => this.#execute(claim), {
      get maxRunning() {
        return parts.maxRunning;
      },
      onEnd: () => this.#onEnd(),
      nowMs: () => parts.clock.monotonicMs(),
    });
    const { settler, clock } = parts;
    const lanes = this.#lanes;
    this.#shedder = new LoadShedder({ lanes, settler, clock, limits: parts });
  }

  /** How many more claims it takes; who hears that it is full is told when there is room. */
  askRoom(): number {
    this.#isFull = this.#shedder.isFull;
    return this.#shedder.room;
  }

  /**
   * Puts off claims that wait for slow destinations, since they keep out those
   * for others; false when it is not full, or there are none.
   */
  makeRoom(): boolean {
    return this.#isFull && this.#shedder.shed();
  }

  /** Has `listener` called when there is room again after there was none. */
  onRoom(listener: () => void): void {
    this.#onRoom = listener;
  }

  submit(claim: Claim): void {
    const { action: name, params } = claim.plan;
    const action = this.#parts.actions.get(name);
    const destination = action?.destination(params) ?? "";
    this.#lanes.add(claim, {
      name: `${name} ${destination}`,
      limit: action?.concurrencyOf?.(params) ?? action?.concurrency ?? 1,
    });
  }

  /**
   * Ends all work: claims that have not started are released, those that run
   * get until `graceMs` have passed and are then aborted and left unsettled,
   * so that they are run again.
   */
  async stop(graceMs: number): Promise<void> {
    for (const claim of this.#lanes.clear()) {
      this.#parts.settler.settle({ kind: "released", claim });
    }
    if (this.#lanes.runningCount > 0) {
      const idle = new Promise<void>((resolve) => this.#onIdle = resolve);
      const over = new AbortController();
      await Promise.race([
        idle,
        this.#parts.clock.sleep(graceMs, over.signal),
      ]);
      over.abort();
    }
    const left = this.#lanes.runningCount;
    if (left === 0) return;
    logger.warn("Gave up waiting for {left} actions, they will run again", {
      left,
    });
    this.#abort.abort();
  }

  async #execute(claim: Claim): Promise<void> {
    const { counters, timings, clock, settler, holds } = this.#parts;
    // Its plan went meanwhile, or it is another node's now; if it is nobody's,
    // it must not stay with this one.
    if (!await holds(claim)) {
      settler.settle({ kind: "released", claim });
      return;
    }
    counters.action_executing_count++;
    const startMs = clock.monotonicMs();
    if (claim.attempt === 1) {
      timings.lateness.observe(clock.wallMs() / 1000 - claim.second);
    }
    const result = await this.#call(claim);
    const durationMs = clock.monotonicMs() - startMs;
    timings.took(claim.plan.action, durationMs / 1000);
    counters.action_executing_count--;
    counters.action_executed_count++;
    if (this.#abort.signal.aborted) return;
    const settlement = this.#judge(claim, result, durationMs);
    if (result.kind === "failed") this.#tell(settlement, durationMs);
    settler.settle(settlement);
  }

  #onEnd(): void {
    if (this.#lanes.runningCount === 0) this.#onIdle();
    if (this.#isFull && this.askRoom() > 0) this.#onRoom();
  }

  async #call(claim: Claim): Promise<ActionResult> {
    const { plan, second, attempt } = claim;
    const action = this.#parts.actions.get(plan.action);
    if (action === undefined) {
      const detail = `No action is called "${plan.action}"`;
      return { kind: "failed", detail, retryable: false };
    }
    try {
      const { key, params } = plan;
      const call = { key, second, attempt, params };
      return await action.execute(call, this.#abort.signal);
    } catch (error) {
      const { key } = plan;
      logger.error("Action {action} of {key} broke: {error}", {
        action: plan.action,
        key,
        error,
      });
      const detail = error instanceof Error ? error.message : String(error);
      return { kind: "failed", detail, retryable: false };
    }
  }

  #judge(
    claim: Claim,
    result: ActionResult,
    durationMs: number,
  ): Settlement {
    const nowMs = this.#parts.clock.wallMs();
    const outcome: Outcome = {
      status: result.kind,
      attempt: claim.attempt,
      endedAt: Math.floor(nowMs / 1000),
      durationMs,
      detail: result.detail,
    };
    if (result.kind === "succeeded") return { kind: "ended", claim, outcome };
    const policy = this.#policyOf(claim);
    if (!result.retryable || claim.attempt > policy.maxCount) {
      return { kind: "ended", claim, outcome };
    }
    const delaySeconds = retryDelaySeconds(
      policy,
      claim.attempt,
      this.#parts.random(),
    );
    const retryAt = Math.max(
      outcome.endedAt + Math.max(1, Math.ceil(delaySeconds)),
      // What the receiver has asked for counts to the millisecond.
      Math.ceil(
        nowMs / 1000 +
          Math.min(result.retryAfterSeconds ?? 0, maxDelaySeconds),
      ),
    );
    return { kind: "retry", claim, outcome, retryAt };
  }

  /** What a plan says that an earlier version has let in, and this one would not, is passed over. */
  #policyOf({ plan: { key, params } }: Claim): RetryPolicy {
    const { retryPolicy } = this.#parts;
    try {
      return planRetryPolicy(params, retryPolicy);
    } catch (error) {
      logger.warn("Retries of {key} are as usual: {error}", { key, error });
      return retryPolicy;
    }
  }

  #tell(settlement: Settlement, durationMs: number): void {
    const { counters } = this.#parts;
    counters.action_executed_error_count++;
    if (settlement.kind === "released") return;
    const { claim, outcome } = settlement;
    if (settlement.kind === "retry") counters.action_retried_count++;
    const then = settlement.kind === "retry"
      ? `next attempt at ${settlement.retryAt}`
      : "given up";
    logger.warn(
      "{action} of {key} failed at attempt {attempt} after {durationMs} ms, {then}: {detail}",
      {
        action: claim.plan.action,
        key: claim.plan.key,
        attempt: claim.attempt,
        durationMs: Math.round(durationMs),
        then,
        detail: outcome.detail,
      },
    );
  }
}

const logger = getLogger(["forsun", "scheduler"]);
