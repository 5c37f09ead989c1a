import { getLogger } from "@logtape/logtape";
import { Buffer } from "node:buffer";
import { ErrorCode, ForsunError } from "../../core/errors.ts";
import type { Plan, PlanProgress, StoredPlan } from "../../core/plan.ts";
import type { Clock, UnixSeconds } from "../../core/time.ts";
import type {
  Claim,
  ClaimBatch,
  ClaimRequest,
  DuePage,
  DuePageRequest,
  DueRequest,
  NodeReport,
  PageRequest,
  Settlement,
  Store,
  StoreStats,
} from "../store.ts";
import { DueClaims } from "./due_claims.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { Hints } from "./hints.ts";
import type { RedisKeys } from "./keys.ts";
import { Leases } from "./leases.ts";
import { Pages } from "./pages.ts";
import type { Peers } from "./peers.ts";
import type { Argument } from "./link.ts";
import {
  decodePlan,
  encodeOutcome,
  encodePlan,
  encodeSecond,
} from "./plan_value.ts";
import type { StepName } from "./step.ts";
import type { Steps } from "./steps.ts";

/** What a {@link RedisStore} is made of; openRedisStore() puts it together. */
export interface RedisStoreParts {
  readonly steps: Steps;
  readonly hints: Hints;
  readonly peers: Peers;
  readonly heartbeat: Heartbeat;
  readonly keys: RedisKeys;
  readonly clock: Clock;
  /** The daemon's time zone, for plans without one. */
  readonly timeZone: string;
  /** How long a plan that is over is kept to be looked at; 0 drops it at once. */
  readonly keepSeconds: number;
  /** How long a claim is held without being extended. */
  readonly leaseMs: number;
  /** Ends the connection and what else goes on behind the store. */
  readonly connection: AsyncDisposable;
}

/** Plans in a Redis that any number of nodes share. */
export class RedisStore implements Store {
  readonly #parts: RedisStoreParts;
  readonly #leases: Leases;
  readonly #due: DueClaims;
  readonly #pages: Pages;
  #onOverdue: () => void = () => {};
  /** Up to which second this node has claimed. */
  #claimedUpTo: UnixSeconds = 0;
  #lagMs = 0;

  constructor(parts: RedisStoreParts) {
    const { steps, hints, peers, clock, timeZone, leaseMs } = parts;
    this.#parts = parts;
    this.#leases = new Leases(steps, clock, leaseMs);
    const leases = this.#leases;
    this.#due = new DueClaims({
      ...{ steps, hints, peers, leases, clock, timeZone, leaseMs },
    });
    this.#pages = new Pages(parts, (key) => this.get(key));
    parts.heartbeat.start(() => {
      const lagMs = this.#lagMs;
      this.#lagMs = 0;
      return { lagMs, leases: leases.count };
    });
  }

  async put(
    plan: Plan,
    nextAt: UnixSeconds,
    progress?: PlanProgress,
  ): Promise<void> {
    const value = encodePlan(plan, nextAt, progress);
    await this.#replace("put", plan.key, [plan.key, value]);
    if (nextAt <= this.#claimedUpTo) this.#onOverdue();
  }

  async remove(key: string): Promise<StoredPlan | undefined> {
    try {
      return readPlan(key, await this.#replace("remove", key, [key]));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ForsunError(ErrorCode.removeFailed, reason, { cause: error });
    }
  }

  async get(key: string): Promise<StoredPlan | undefined> {
    return readPlan(key, await this.#run("get", key, [key]));
  }

  page(request: PageRequest): Promise<readonly StoredPlan[]> {
    return this.#pages.page(request);
  }

  pageKeys(request: PageRequest): Promise<readonly string[]> {
    return this.#pages.pageKeys(request);
  }

  pageDue(request: DuePageRequest): Promise<DuePage> {
    return this.#pages.pageDue(request);
  }

  async dueAt(request: DueRequest): Promise<readonly StoredPlan[]> {
    const { second, claimed, limit } = request;
    const found: StoredPlan[] = [];
    const args = [encodeSecond(second), claimed ? 1 : 0, limit];
    for (const reply of await this.#runEverywhere("at", args)) {
      const flat = reply as Buffer[];
      for (let at = 0; at < flat.length; at += 2) {
        const value = decodePlan(flat[at].toString(), flat[at + 1]);
        if (found.length < limit && !value.isKept) found.push(value.stored);
      }
    }
    return found;
  }

  async claimDue(request: ClaimRequest): Promise<ClaimBatch> {
    const batch = await this.#due.claimDue(request);
    this.#claimedUpTo = request.now;
    for (const { second, attempt } of batch.claims) {
      const lateMs = this.#parts.clock.wallMs() - second * 1000;
      if (attempt === 1) {
        this.#lagMs = Math.max(this.#lagMs, Math.round(lateMs));
      }
    }
    return batch;
  }

  async settle(settlements: readonly Settlement[]): Promise<void> {
    await Promise.all(settlements.map((one) => this.#settle(one)));
  }

  holds({ token }: Claim): boolean | Promise<boolean> {
    return this.#leases.holds(token);
  }

  mayBeDue(second: UnixSeconds): boolean {
    return this.#parts.hints.mayBeDue(second);
  }

  onOverdue(listener: () => void): void {
    this.#onOverdue = listener;
  }

  async stats(): Promise<StoreStats> {
    let [planCount, claimedCount, retryCount] = [0, 0, 0];
    for (const reply of await this.#runEverywhere("count", [])) {
      const [plans, claimed, waiting] = reply as number[];
      planCount += plans;
      claimedCount += claimed;
      retryCount += waiting;
    }
    return { planCount, claimedCount, retryCount };
  }

  nodes(): Promise<readonly NodeReport[]> {
    return this.#parts.heartbeat.list();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#parts.heartbeat[Symbol.asyncDispose]();
      // What can't be given up ends with its lease.
      await this.#leases.abandon().catch((error) =>
        logger.warn("Cannot give up what this node has claimed: {error}", {
          error,
        })
      );
    } finally {
      await this.#parts.connection[Symbol.asyncDispose]();
    }
  }

  async #settle(settlement: Settlement): Promise<void> {
    const { claim } = settlement;
    const lease = this.#leases.get(claim.token);
    // Another node has it now, or nobody.
    if (lease === undefined) return;
    const { partition, occurrence, entry } = lease;
    const args: Argument[] = [occurrence, entry];
    const { steps } = this.#parts;
    switch (settlement.kind) {
      case "released":
        args.push(settlement.notBefore ?? claim.second);
        await steps.run("release", partition, args);
        break;
      case "retry": {
        const { outcome, retryAt } = settlement;
        args.push(encodeOutcome(outcome), retryAt);
        await steps.run("retry", partition, args);
        break;
      }
      case "ended": {
        const { outcome } = settlement;
        const { keepSeconds } = this.#parts;
        const keptUntil = keepSeconds === 0
          ? undefined
          : outcome.endedAt + keepSeconds;
        args.push(encodeOutcome(outcome), encodeSecond(keptUntil));
        await steps.run("finish", partition, args);
        break;
      }
      default:
        settlement satisfies never;
    }
    this.#leases.drop(claim.token);
  }

  /** What this node has claimed of the plan is not to begin any more. */
  async #replace(
    name: "put" | "remove",
    key: string,
    args: readonly Argument[],
  ): Promise<unknown> {
    // What is claimed from now on may be of the new plan.
    const old = this.#leases.of(key);
    const reply = await this.#run(name, key, args);
    for (const token of old) this.#leases.drop(token);
    return reply;
  }

  #run(
    name: StepName,
    key: string,
    args: readonly Argument[],
  ): Promise<unknown> {
    const { steps, keys } = this.#parts;
    return steps.run(name, keys.partitionOf(key), args);
  }

  #runEverywhere(
    name: StepName,
    args: readonly Argument[],
  ): Promise<readonly unknown[]> {
    const { steps, keys } = this.#parts;
    const replies: Promise<unknown>[] = [];
    for (let partition = 0; partition < keys.partitions; partition++) {
      replies.push(steps.run(name, partition, args));
    }
    return Promise.all(replies);
  }
}

function readPlan(key: string, value: unknown): StoredPlan | undefined {
  return Buffer.isBuffer(value) ? decodePlan(key, value).stored : undefined;
}

const logger = getLogger(["forsun", "redis"]);
