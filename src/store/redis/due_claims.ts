import { getLogger } from "@logtape/logtape";
import type { Buffer } from "node:buffer";
import { type Advance, advance } from "../../core/advance.ts";
import type { Plan } from "../../core/plan.ts";
import type { Clock, UnixSeconds } from "../../core/time.ts";
import type { Claim, ClaimBatch, ClaimRequest } from "../store.ts";
import {
  choose,
  type Due,
  earliest,
  readValue,
  type View,
} from "./due_view.ts";
import type { Hints, Reservation } from "./hints.ts";
import type { Leases } from "./leases.ts";
import { LeftOut } from "./left_out.ts";
import type { Argument } from "./link.ts";
import {
  decodeOccurrence,
  encodeSecond,
  type PlanValue,
} from "./plan_value.ts";
import type { Peers } from "./peers.ts";
import type { StepName } from "./step.ts";
import type { Steps } from "./steps.ts";

export interface DueClaimsParts {
  readonly steps: Steps;
  readonly hints: Hints;
  readonly peers: Peers;
  readonly leases: Leases;
  readonly clock: Clock;
  /** The daemon's time zone, for plans without one. */
  readonly timeZone: string;
  readonly leaseMs: number;
}

/**
 * Claims what is due. It is looked at first, what follows is worked out here,
 * and then each claim is made in one step that fails when anything has changed
 * meanwhile: so another node may have been faster, but nothing gets lost
 * between two steps.
 */
export class DueClaims {
  readonly #parts: DueClaimsParts;
  readonly #leftOut: LeftOut;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: DueClaimsParts) {
    this.#parts = parts;
    this.#leftOut = new LeftOut(parts.clock);
  }

  /** One call at a time: a second one would only find what the first has reserved. */
  claimDue(request: ClaimRequest): Promise<ClaimBatch> {
    const batch = this.#last.then(() => this.#claimDue(request));
    this.#last = batch.catch(() => {});
    return batch;
  }

  async #claimDue(request: ClaimRequest): Promise<ClaimBatch> {
    const claims: Claim[] = [];
    await this.#parts.leases.extendAll();
    try {
      const hasMore = await this.#claimInto(claims, request);
      return { claims, hasMore };
    } catch (error) {
      // What is claimed must be executed, whatever went wrong behind it.
      if (claims.length === 0) throw error;
      logger.debug("Cannot claim more: {error}", { error });
      return { claims, hasMore: false };
    }
  }

  /** Adds claims up to the limit; returns whether there may be more. */
  async #claimInto(claims: Claim[], request: ClaimRequest): Promise<boolean> {
    const { hints } = this.#parts;
    let emptyRounds = 0;
    while (claims.length < request.limit) {
      const tick = await hints.tick(partitionsAtATime);
      const { redisMs, reservations } = tick;
      if (reservations.length === 0) {
        if (await this.#isEarly(redisMs, request.now)) continue;
        return false;
      }
      const found = await this.#claimIn(reservations, {
        now: request.now,
        missedBefore: Math.min(request.missedBefore, tick.missedBefore),
        limit: request.limit - claims.length,
      });
      claims.push(...found);
      const isAhead = reservations.every(({ wake }) =>
        wake === undefined || wake > request.now
      );
      if (found.length > 0) emptyRounds = 0;
      else if (isAhead || ++emptyRounds > maxEmptyRounds) return false;
    }
    return true;
  }

  /** Whether this node's second had not begun for Redis, as it now has. */
  async #isEarly(redisMs: number, now: UnixSeconds): Promise<boolean> {
    const earlyMs = now * 1000 - redisMs;
    if (earlyMs <= 0 || earlyMs > maxEarlyMs) return false;
    await this.#parts.clock.sleep(earlyMs);
    return true;
  }

  async #claimIn(
    reservations: readonly Reservation[],
    request: ClaimRequest,
  ): Promise<Claim[]> {
    const wakes = new Map<Reservation, number | undefined>();
    try {
      const share = Math.ceil(request.limit / reservations.length) + 1;
      const views = await Promise.all(
        reservations.map((one) => this.#peek(one, request.now, share)),
      );
      const chosen = choose(views, request.limit);
      const claims = await this.#claimAll(chosen, request);
      const isChosen = new Set(chosen);
      for (const { reservation, wake, due, foreign } of views) {
        const left = due.filter((one) => !isChosen.has(one));
        const seconds = [...left, ...foreign].map(({ at }) => at);
        wakes.set(reservation, earliest([wake, ...seconds]));
      }
      return claims;
    } finally {
      // What went wrong elsewhere must not make it forget them.
      for (const one of reservations) {
        if (!wakes.has(one)) this.#parts.hints.doubt(one.partition);
      }
      // If it can't be told they are looked at again before long.
      await this.#parts.hints.release(wakes).catch((error) =>
        logger.debug("Cannot end reservations: {error}", { error })
      );
    }
  }

  async #peek(
    reservation: Reservation,
    now: UnixSeconds,
    limit: number,
  ): Promise<View> {
    const { partition } = reservation;
    const [wake, ...found] = await this.#parts.steps.run("peek", partition, [
      now,
      limit,
    ]) as [number, ...[number, Buffer, Buffer, Buffer][]];
    const all = found.map(([at, occurrence, open, value]) => ({
      ...{ partition, at, occurrence, value },
      open: open.toString("latin1"),
    }));
    const { due = [], foreign = [] } = Object.groupBy(
      all,
      (one) => this.#isForeign(one) ? "foreign" : "due",
    );
    if (foreign.length > 0) this.#parts.hints.leave(partition);
    const isWhole = wake < 0 || wake > now;
    const known = wake < 0 ? undefined : wake;
    return { reservation, wake: known, isWhole, due, foreign };
  }

  /** Whether it is left to a node that has its action. */
  #isForeign({ occurrence, value }: Due): boolean {
    const { peers } = this.#parts;
    if (!peers.areNeeded) return false;
    const { key } = decodeOccurrence(occurrence);
    const action = readValue(key, value)?.stored.plan.action;
    return action !== undefined && peers.areNeededFor(action);
  }

  async #claimAll(
    chosen: readonly Due[],
    request: ClaimRequest,
  ): Promise<Claim[]> {
    const nonce = crypto.randomUUID().slice(-nonceLength);
    const results = await Promise.allSettled(
      chosen.map((due) => this.#claim(due, request, nonce)),
    );
    const claims = results.flatMap((one) =>
      one.status === "fulfilled" ? one.value ?? [] : []
    );
    const failure = results.find((one) => one.status === "rejected");
    if (failure !== undefined) {
      for (const { partition } of chosen) this.#parts.hints.doubt(partition);
    }
    if (failure !== undefined && claims.length === 0) throw failure.reason;
    return claims;
  }

  async #claim(
    due: Due,
    { missedBefore }: ClaimRequest,
    nonce: string,
  ): Promise<Claim | undefined> {
    const { occurrence } = due;
    const { second, key } = decodeOccurrence(occurrence);
    const value = readValue(key, due.value);
    if (due.open !== "") {
      const { leaseMs } = this.#parts;
      const args = [occurrence, due.open, leaseMs, nonce];
      return await this.#begin(due, "resume", args, value?.stored.plan);
    }
    const valueNonce = due.value.subarray(2, 6);
    const ahead = value && this.#lookAhead(value, second, missedBefore);
    if (value === undefined || ahead === undefined) {
      // What can't be read or fired here is put off rather than lost.
      const isGone = due.value.length === 0;
      const nextAt = isGone ? undefined : second + unreadableSeconds;
      await this.#skip(due, valueNonce, nextAt);
      return undefined;
    }
    const { fires, nextAt } = ahead;
    if (!fires) {
      await this.#skip(due, valueNonce, nextAt);
      return undefined;
    }
    return await this.#begin(due, "claim", [
      ...[occurrence, valueNonce, encodeSecond(nextAt)],
      ...[this.#parts.leaseMs, nonce],
    ], value.stored.plan);
  }

  /** What follows; undefined for a plan whose time zone, say, is not known here. */
  #lookAhead(
    { stored: { plan, state }, isKept }: PlanValue,
    due: UnixSeconds,
    missedBefore: UnixSeconds,
  ): Advance | undefined {
    if (isKept) return { fires: false, nextAt: undefined };
    const { key, schedule, misfire } = plan;
    const { timeZone } = this.#parts;
    const moment = { due, missedBefore, misfire, runs: state.runs, timeZone };
    try {
      return advance(schedule, moment);
    } catch (error) {
      logger.error("Put {key} off, it can't be fired: {error}", { key, error });
      return undefined;
    }
  }

  async #skip(
    { partition, occurrence }: Due,
    nonce: Buffer,
    nextAt: UnixSeconds | undefined,
  ): Promise<void> {
    const args = [occurrence, nonce, encodeSecond(nextAt)];
    await this.#parts.steps.run("skip", partition, args);
  }

  async #begin(
    { partition, occurrence }: Due,
    step: StepName,
    args: readonly Argument[],
    plan: Plan | undefined,
  ): Promise<Claim | undefined> {
    const { steps, leases, clock } = this.#parts;
    const askedMs = clock.monotonicMs();
    const reply = await steps.run(step, partition, args);
    const { second, key } = decodeOccurrence(occurrence);
    if (reply === 0) this.#leftOut.add(key);
    if (!Array.isArray(reply)) return undefined;
    const [entry, attempt] = reply as [Buffer, number];
    if (plan === undefined) return undefined;
    const lease = { partition, key, occurrence, entry };
    const token = leases.hold(lease, askedMs);
    return { plan, second, attempt, token };
  }
}

const logger = getLogger(["forsun", "redis"]);
const partitionsAtATime = 8;

/** Hints may be older than what is there, but not for so long. */
const maxEmptyRounds = 1000;
const unreadableSeconds = 3600;

/** So long that nobody draws the same for two claims of an occurrence. */
const nonceLength = 12;

/** A node's clock that is off by more is not taken for the shared one. */
const maxEarlyMs = 500;
