import type { Action } from "../action/action.ts";
import { createCalendarSchedule } from "../core/calendar.ts";
import { cannotCreate } from "../core/cannot_create.ts";
import { checkRestored } from "../core/check_restored.ts";
import { createCronSchedule } from "../core/cron.ts";
import {
  ErrorCode,
  ForsunError,
  invalidArgument,
  neverComes,
} from "../core/errors.ts";
import type { Misfire, Params, Plan, StoredPlan } from "../core/plan.ts";
import type { PlanRequest, RestoreRequest } from "../core/plan_request.ts";
import { quote } from "../core/quote.ts";
import { overReason, resume } from "../core/resume.ts";
import { planRetryPolicy, type RetryPolicy } from "../core/retry_policy.ts";
import { firstOccurrence, type Schedule } from "../core/schedule.ts";
import { findMask } from "../core/secret_params.ts";
import { type Clock, currentSecond, type UnixSeconds } from "../core/time.ts";
import { createTimeoutSchedule } from "../core/timeout.ts";
import type {
  DuePage,
  DuePageRequest,
  PageRequest,
  Store,
} from "../store/store.ts";
import type { Counters } from "../telemetry/counters.ts";
import { checkKey } from "./check_key.ts";
import type { PlanLimits } from "./plan_limits.ts";
import type { StoreGate } from "./store_gate.ts";

export interface PlanServiceParts {
  readonly gate: StoreGate;
  readonly actions: ReadonlyMap<string, Action>;
  readonly clock: Clock;
  /** The daemon's IANA zone, for plans without one. */
  readonly timeZone: string;
  readonly retryPolicy: RetryPolicy;
  /** What is created and removed is counted there. */
  readonly counters: Counters;
  /** What plans must keep to, whatever they say. */
  readonly limits?: PlanLimits;
  /** The most keys that are listed in one go; a million when not given. */
  readonly maxKeys?: number;
}

export interface RestoreOptions {
  /** Whether it may take the place of a plan of its key. */
  readonly replace: boolean;
  /** Checks everything, and leaves the store as it is. */
  readonly isDryRun: boolean;
}

/**
 * What clients can do, whatever transport they come by. All methods reject
 * with a ForsunError, whose message is for the client to read.
 */
export class PlanService {
  readonly #parts: PlanServiceParts;

  constructor(parts: PlanServiceParts) {
    this.#parts = parts;
  }

  /**
   * Creates the plan, or replaces the one of its key.
   * @param notAfter the last second that the client can name
   */
  async put(
    request: PlanRequest,
    { notAfter }: { readonly notAfter: UnixSeconds },
  ): Promise<StoredPlan> {
    const plan = this.#check(request);
    const { createdAt, key } = plan;
    const { timeZone } = this.#parts;
    const options = { timeZone, notAfter, key };
    const nextAt = firstOccurrence(plan.schedule, createdAt, options);
    const store = this.#parts.gate.current ?? await this.#parts.gate.opened();
    const { limits } = this.#parts;
    if (limits === undefined) await store.put(plan, nextAt);
    else await limits.admit(key, store, () => store.put(plan, nextAt));
    this.#countCreated(plan);
    return { plan, state: { ...freshState, nextAt } };
  }

  /**
   * Puts a plan back that was elsewhere before, with its next occurrence (see
   * {@link resume}) and its progress. Rejects with code 1002 when it is over,
   * and with 1008 when its key exists, unless `replace` is set.
   */
  async restore(
    restored: RestoreRequest,
    { replace, isDryRun }: RestoreOptions,
  ): Promise<StoredPlan> {
    const { request, nextAt, progress, createdAt } = restored;
    const checked = this.#check(request);
    checkRestored(restored);
    const { key, schedule, misfire } = checked;
    const now = checked.createdAt;
    const { timeZone } = this.#parts;
    const { runs } = progress;
    const resumed = resume(schedule, { nextAt, now, misfire, runs, timeZone });
    if (resumed === undefined) {
      throw neverComes(cannotCreate(key, overReason));
    }
    const store = this.#parts.gate.current ?? await this.#parts.gate.opened();
    if (!replace && await store.get(key) !== undefined) {
      const message = cannotCreate(key, "its key exists");
      throw new ForsunError(ErrorCode.keyExists, message);
    }
    const plan = { ...checked, createdAt: createdAt ?? now };
    const put = () => store.put(plan, resumed, progress);
    if (!isDryRun) {
      const { limits } = this.#parts;
      await (limits === undefined ? put() : limits.admit(key, store, put));
      this.#countCreated(plan);
    }
    return { plan, state: { ...progress, nextAt: resumed } };
  }

  /** Rejects with code 1003 when there is no such plan. */
  async remove(key: string): Promise<StoredPlan> {
    const removed = await (await this.#store()).remove(key) ?? notFound(key);
    this.#parts.counters.removed_count++;
    return removed;
  }

  /** Rejects with code 1003 when there is no such plan. */
  async get(key: string): Promise<StoredPlan> {
    const found = await (await this.#store()).get(key);
    return found ?? notFound(key);
  }

  /** The plans that are due in the current second or being executed for it. */
  async current(): Promise<readonly StoredPlan[]> {
    const second = currentSecond(this.#parts.clock);
    return await this.#dueAt(second, true);
  }

  /** The plans whose next occurrence is `second`. */
  async dueAt(second: UnixSeconds): Promise<readonly StoredPlan[]> {
    return await this.#dueAt(second, false);
  }

  /** All keys that begin with `prefix`, in byte order; rejects when there are too many. */
  async keys(prefix: string): Promise<readonly string[]> {
    const { maxKeys = 1_000_000 } = this.#parts;
    const store = await this.#store();
    const keys: string[] = [];
    let after: string | undefined = undefined;
    for (;;) {
      const page: readonly string[] = await store.pageKeys({
        prefix,
        after,
        limit: keysPerPage,
      });
      for (const key of page) keys.push(key);
      if (keys.length > maxKeys) {
        throw invalidArgument(
          `Cannot list all keys that begin with ${
            quote(prefix)
          }: they are over ${maxKeys}; ask for pages`,
        );
      }
      if (page.length < keysPerPage) return keys;
      after = page.at(-1);
    }
  }

  /** A page of plans in the byte order of their keys. */
  async page(request: PageRequest): Promise<readonly StoredPlan[]> {
    checkLimit(request.limit);
    return await (await this.#store()).page(request);
  }

  /** A page of plans in the order of their next occurrences, full unless it is the last. */
  async pageDue({ prefix, after, limit }: DuePageRequest): Promise<DuePage> {
    checkLimit(limit);
    const store = await this.#store();
    const plans: StoredPlan[] = [];
    let next = after;
    do {
      const left = limit - plans.length;
      const page = await store.pageDue({ prefix, after: next, limit: left });
      for (const plan of page.plans) plans.push(plan);
      next = page.next;
    } while (next !== undefined && plans.length < limit);
    return { plans, next };
  }

  /** A page of keys in their byte order. */
  async pageKeys(request: PageRequest): Promise<readonly string[]> {
    checkLimit(request.limit);
    return await (await this.#store()).pageKeys(request);
  }

  async #dueAt(
    second: UnixSeconds,
    claimed: boolean,
  ): Promise<readonly StoredPlan[]> {
    const store = await this.#store();
    return await store.dueAt({ second, claimed, limit: maxPlans });
  }

  async #store(): Promise<Store> {
    return this.#parts.gate.current ?? await this.#parts.gate.opened();
  }

  #check(request: PlanRequest): Plan {
    const key = checkKey(request.key);
    const { action: name, params } = request;
    const action = this.#parts.actions.get(name);
    if (action === undefined) throw this.#unknownAction(key, name);
    const schedule = createSchedule(request, key);
    refuseMask(params, key);
    this.#parts.limits?.check(key, params);
    try {
      action.check(params);
      planRetryPolicy(params, this.#parts.retryPolicy);
    } catch (error) {
      if (!(error instanceof ForsunError)) throw error;
      const message = cannotCreate(key, error.message);
      throw new ForsunError(error.code, message, { cause: error });
    }
    const misfire = checkMisfire(params, key);
    const createdAt = currentSecond(this.#parts.clock);
    return { key, schedule, misfire, action: name, params, createdAt };
  }

  #countCreated({ schedule }: Plan): void {
    const { counters } = this.#parts;
    if (schedule.kind === "timeout") counters.create_timeouted_count++;
    else counters.created_count++;
  }

  #unknownAction(key: string, name: string): ForsunError {
    const names = [...this.#parts.actions.keys()].join(", ");
    return new ForsunError(
      ErrorCode.unknownAction,
      cannotCreate(key, `action must be one of ${names}, got ${quote(name)}`),
    );
  }
}

const freshState = { runs: 0, lastAt: undefined, lastOutcome: undefined };

const keysPerPage = 5000;
const maxPlans = 10_000;

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxPlans) return;
  throw invalidArgument(
    `Cannot list plans: limit must be 1 to ${maxPlans}, got ${limit}`,
  );
}

function createSchedule(request: PlanRequest, key: string): Schedule {
  const { schedule, params } = request;
  switch (schedule.kind) {
    case "timeout": {
      const { fields, count } = schedule;
      return createTimeoutSchedule(fields, { key, count });
    }
    case "calendar": {
      const timeZone = schedule.timeZone ?? params.time_zone;
      return createCalendarSchedule(schedule.fields, { key, timeZone });
    }
    case "cron": {
      const timeZone = schedule.timeZone ?? params.time_zone;
      return createCronSchedule(schedule.expression, { key, timeZone });
    }
    default:
      return schedule satisfies never;
  }
}

function checkMisfire({ misfire = "once" }: Params, key: string): Misfire {
  if (misfire === "once" || misfire === "skip" || misfire === "all") {
    return misfire;
  }
  const reason = `misfire must be once, skip or all, got ${quote(misfire)}`;
  throw invalidArgument(cannotCreate(key, reason));
}

/** Who sends back what was shown would lose the secret behind it. */
function refuseMask(params: Params, key: string): void {
  const name = findMask(params);
  if (name === undefined) return;
  const reason = `param ${quote(name)} must be the real value, got a mask`;
  throw invalidArgument(cannotCreate(key, reason));
}

function notFound(key: string): never {
  throw new ForsunError(
    ErrorCode.notFound,
    `No plan has the key ${quote(key)}`,
  );
}
