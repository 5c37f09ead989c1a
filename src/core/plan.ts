import type { Outcome } from "./outcome.ts";
import type { Schedule } from "./schedule.ts";
import type { UnixSeconds } from "./time.ts";

/** What an action needs to know; all values are strings, as on every wire. */
export type Params = Readonly<Record<string, string>>;

/** What to do with calendar and cron occurrences that passed while no daemon ran. */
export type Misfire = "once" | "skip" | "all";

/** What a client stores: when to call back, and how. Never changes; a new plan replaces it. */
export interface Plan {
  /** Any UTF-8 text of 1 to {@link maxKeyBytes} bytes. */
  readonly key: string;
  readonly schedule: Schedule;
  readonly misfire: Misfire;
  /** The canonical name of a registered action. */
  readonly action: string;
  readonly params: Params;
  readonly createdAt: UnixSeconds;
}

/** How far a plan has come. */
export interface PlanState {
  /** The next occurrence; undefined once none follows. */
  readonly nextAt: UnixSeconds | undefined;
  /** Occurrences claimed so far. Skipped ones are not counted. */
  readonly runs: number;
  /** The last occurrence that was claimed. */
  readonly lastAt: UnixSeconds | undefined;
  /** How the last settled occurrence ended. */
  readonly lastOutcome: Outcome | undefined;
}

/** How far a plan has come that was elsewhere before. */
export type PlanProgress = Omit<PlanState, "nextAt">;

/** A plan together with its state, as stores return it. */
export interface StoredPlan {
  readonly plan: Plan;
  readonly state: PlanState;
}

/** The longest key, in UTF-8 bytes. */
export const maxKeyBytes = 4095;
