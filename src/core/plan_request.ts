import type { Params, PlanProgress } from "./plan.ts";
import type { TimeFields } from "./time_fields.ts";
import type { UnixSeconds } from "./time.ts";

/**
 * A schedule as it was asked for. Numbers are whole and not negative; whether
 * they make sense is checked when the plan is made.
 */
export type RequestedSchedule =
  | {
    readonly kind: "timeout";
    readonly fields: TimeFields;
    /** Runs in all; 0 is no end. */
    readonly count: number;
  }
  | {
    readonly kind: "calendar";
    readonly fields: TimeFields;
    /** An IANA name; undefined is the daemon's zone. */
    readonly timeZone: string | undefined;
  }
  | {
    readonly kind: "cron";
    readonly expression: string;
    /** An IANA name; undefined is the daemon's zone. */
    readonly timeZone: string | undefined;
  };

/** The plan that a `set` command or a crontab line asks for. */
export interface PlanRequest {
  /** Empty when the daemon is to make one up. */
  readonly key: string;
  readonly schedule: RequestedSchedule;
  /** As it was written, but `shell` for its aliases. */
  readonly action: string;
  readonly params: Params;
}

/** A plan that was elsewhere before, and is to go on from where it was. */
export interface RestoreRequest {
  readonly request: PlanRequest;
  /** When it was to run next; 0 when it was over. */
  readonly nextAt: UnixSeconds;
  readonly progress: PlanProgress;
  /** Undefined when that is not known. */
  readonly createdAt: UnixSeconds | undefined;
}
