import type { Params } from "../core/plan.ts";
import type { UnixSeconds } from "../core/time.ts";

/** A plan as it is printed: what the wires tell of it. */
export interface PlanView {
  readonly key: string;
  /** Whether the fields are those of a timeout; else of a calendar, unless `cron` is given. */
  readonly isTimeOut: boolean;
  /** This and the others: -1 is any, or unused in a timeout, where 0 is unused as well. */
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly week: number;
  /** How often a timeout runs in all; 0 is no end. */
  readonly count: number;
  /** The next occurrence; undefined, or 0 as on the wires, when there is none. */
  readonly nextAt: UnixSeconds | undefined;
  readonly action: string;
  readonly params: Params;
  /** A cron expression, which takes the place of the fields. */
  readonly cron?: string;
  /** The plan's own IANA zone, for a calendar or cron schedule. */
  readonly timeZone?: string;
}
