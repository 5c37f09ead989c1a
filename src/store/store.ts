import type { Outcome } from "../core/outcome.ts";
import type { Plan, PlanProgress, StoredPlan } from "../core/plan.ts";
import type { UnixSeconds } from "../core/time.ts";

/**
 * One occurrence that this node may execute. Every claim is settled exactly
 * once; a claim that a crash leaves unsettled is claimed again with the next
 * attempt number.
 */
export interface Claim {
  readonly plan: Plan;
  /** The scheduled second; with the key it identifies the occurrence. */
  readonly second: UnixSeconds;
  /** 1 for the first execution, the rest are retries. */
  readonly attempt: number;
  /** Fences this claim off from older and newer ones of the same occurrence. */
  readonly token: number;
}

/** What became of a claim. */
export type Settlement =
  /** It was never executed: it may be claimed again, at once or at `notBefore`, with the same attempt number. */
  | {
    readonly kind: "released";
    readonly claim: Claim;
    readonly notBefore?: UnixSeconds;
  }
  /** The occurrence is over. */
  | { readonly kind: "ended"; readonly claim: Claim; readonly outcome: Outcome }
  /** The attempt failed, the next is due at `retryAt`. */
  | {
    readonly kind: "retry";
    readonly claim: Claim;
    readonly outcome: Outcome;
    readonly retryAt: UnixSeconds;
  };

export interface ClaimRequest {
  /** Occurrences up to and including this second are due. */
  readonly now: UnixSeconds;
  /** Occurrences before this second were missed: the misfire rules apply to them. */
  readonly missedBefore: UnixSeconds;
  /** How many claims at the most, 1 or more. */
  readonly limit: number;
}

export interface ClaimBatch {
  readonly claims: readonly Claim[];
  /** Whether more is due; there may be even when no claim came. */
  readonly hasMore: boolean;
}

export interface DueRequest {
  readonly second: UnixSeconds;
  /** Whether to name plans, too, of which an occurrence of that second is being executed. */
  readonly claimed: boolean;
  /** How many plans at the most, 1 or more. */
  readonly limit: number;
}

export interface PageRequest {
  /** Only keys that begin with this text; "" is all. */
  readonly prefix: string;
  /** Only keys behind this one in UTF-8 byte order; undefined starts at the first. */
  readonly after: string | undefined;
  /** How many plans at the most, 1 or more. */
  readonly limit: number;
}

/** A plan's place in the order of next occurrences. */
export interface DuePlace {
  readonly second: UnixSeconds;
  readonly key: string;
}

export interface DuePageRequest {
  /** Only keys that begin with this text; "" is all. */
  readonly prefix: string;
  /** Only plans behind this place, which need not be that of a plan; undefined starts at the first. */
  readonly after: DuePlace | undefined;
  /** How many plans at the most, 1 or more. */
  readonly limit: number;
}

export interface DuePage {
  readonly plans: readonly StoredPlan[];
  /**
   * What the next page is to be `after`, even when this one is short or empty;
   * undefined when nothing follows.
   */
  readonly next: DuePlace | undefined;
}

/**
 * Where plans live. What every method promises is pinned by
 * tests/contract/store_contract.ts, which each implementation passes.
 *
 * A method that could not do its work rejects with a ForsunError of code 1004
 * (1005 for remove) within a bounded time and leaves the plans as they were.
 */
export interface Store extends AsyncDisposable {
  /**
   * Creates or replaces; durable when it resolves. `nextAt` is the first
   * occurrence, or with `progress` the next one of a plan that was elsewhere before.
   */
  put(plan: Plan, nextAt: UnixSeconds, progress?: PlanProgress): Promise<void>;
  /** Removes the plan and its pending retries; undefined when there is none. */
  remove(key: string): Promise<StoredPlan | undefined>;
  get(key: string): Promise<StoredPlan | undefined>;
  /** Plans in UTF-8 byte order of their keys. */
  page(request: PageRequest): Promise<readonly StoredPlan[]>;
  /** Keys in UTF-8 byte order, without reading the plans. */
  pageKeys(request: PageRequest): Promise<readonly string[]>;
  /**
   * Plans that have a next occurrence, by its second, then in UTF-8 byte order
   * of their keys. Pages that are read one after the other name each plan that
   * stays as it is exactly once; one that moves on may come again.
   */
  pageDue(request: DuePageRequest): Promise<DuePage>;
  /** Plans whose next occurrence is the given second, in no particular order. */
  dueAt(request: DueRequest): Promise<readonly StoredPlan[]>;
  /** Claims occurrences that are due, oldest first, and schedules what follows each of them. */
  claimDue(request: ClaimRequest): Promise<ClaimBatch>;
  /**
   * Ends claims. One that was settled before, or whose plan was removed or
   * replaced meanwhile, is passed over; so what was rejected may be tried again.
   */
  settle(settlements: readonly Settlement[]): Promise<void>;
  /**
   * Whether the claim is still this node's, as far as it knows. Other nodes may
   * have taken over one that is not, so that it must not be begun. Asks where
   * that was found out more than a second ago. Never rejects.
   */
  holds(claim: Claim): boolean | Promise<boolean>;
  /**
   * Whether something may be due by `second`, as far as the store knows without
   * asking anyone; undefined where it can't know. Only punctuality hangs on it.
   */
  mayBeDue?(second: UnixSeconds): boolean;
  /** Has `listener` called whenever a plan comes in that is due already. */
  onOverdue(listener: () => void): void;
  stats(): Promise<StoreStats>;
  /** The nodes that share the store and live; undefined where there is this one alone. */
  nodes?(): Promise<readonly NodeReport[]>;
}

/** What does not change about a node while it runs. */
export interface NodeIdentity {
  readonly name: string;
  readonly version: string;
  readonly mode: string;
  /** For plans without one. */
  readonly timeZone: string;
  /** The names of those that it runs; none where it does not fire. */
  readonly actions: readonly string[];
  readonly startedAt: UnixSeconds;
}

/** What a node told of itself last. */
export interface NodeReport extends NodeIdentity {
  readonly seenAt: UnixSeconds;
  /** How late it claimed what it has claimed of late; 0 when that was nothing. */
  readonly lagMs: number;
  /** Claims that it holds. */
  readonly leases: number;
}

export interface StoreStats {
  readonly planCount: number;
  /** Claims that are neither settled nor waiting for a retry. */
  readonly claimedCount: number;
  /** Occurrences that wait for their next attempt. */
  readonly retryCount: number;
}
