import type { WirePlan } from "../thrift/wire_plan.ts";

/** The time fields of a plan; what isn't given is "any" in a calendar, and nothing in a delay. */
export interface ClientFields {
  readonly second?: number;
  readonly minute?: number;
  readonly hour?: number;
  readonly day?: number;
  readonly month?: number;
  readonly week?: number;
}

/** What every new plan may have. */
export interface NewPlan {
  /** The plan with this key is replaced; left out or empty, the daemon makes one up. */
  readonly key?: string;
  /** `shell` when not given. */
  readonly action?: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** A plan that runs after a delay, the sum of its fields. */
export interface NewTimeoutPlan extends NewPlan, ClientFields {
  /** How often in all; 1 when not given, 0 has no end. */
  readonly count?: number;
}

/** A plan that runs when the clock shows its fields. */
export interface NewCalendarPlan extends NewPlan, ClientFields {
  /** An IANA name; the daemon's zone when not given. */
  readonly timeZone?: string;
}

/** A plan that runs when a cron expression says so. */
export interface NewCronPlan extends NewPlan {
  readonly cron: string;
  /** An IANA name; the daemon's zone when not given. */
  readonly timeZone?: string;
}

/** A plan as the daemon has it. Times are UTC seconds since 1970. */
export interface ClientPlan {
  readonly key: string;
  readonly kind: "timeout" | "calendar" | "cron";
  readonly fields: ClientFields;
  /** Of a cron plan. */
  readonly cron: string | undefined;
  /** Runs in all; 0 has no end. */
  readonly count: number;
  /** Runs so far. */
  readonly runs: number;
  /** Undefined when nothing follows. */
  readonly nextAt: number | undefined;
  /** The last run; undefined when there was none. */
  readonly lastAt: number | undefined;
  /** How the last run ended; pending also when there was none. */
  readonly status: "pending" | "succeeded" | "failed";
  readonly action: string;
  readonly params: Readonly<Record<string, string>>;
  /** Only `inspect` and `plans` tell it. */
  readonly createdAt: number | undefined;
  /** Only `inspect` and `plans` tell it. */
  readonly outcome: ClientOutcome | undefined;
}

/** How the last run ended. */
export interface ClientOutcome {
  readonly status: "succeeded" | "failed";
  /** The attempt that ended it, 1 is the first. */
  readonly attempt: number;
  readonly endedAt: number;
  readonly durationMs: number;
  /** The error, or the tail of the output. */
  readonly detail: string;
}

/** A plan as it comes from the daemon. */
export function toClientPlan(plan: WirePlan): ClientPlan {
  const { cron, outcome } = plan;
  return {
    key: plan.key,
    kind: cron ? "cron" : plan.is_time_out ? "timeout" : "calendar",
    fields: cron ? {} : toFields(plan),
    cron: cron || undefined,
    count: plan.count,
    runs: plan.current_count,
    nextAt: plan.next_time || undefined,
    lastAt: plan.last_timeout || undefined,
    status: statusOf(plan.status),
    action: plan.action,
    params: { ...plan.params },
    createdAt: plan.created_time || undefined,
    outcome: outcome
      ? {
        status: outcome.status === 1 ? "succeeded" : "failed",
        attempt: outcome.attempt,
        endedAt: outcome.ended_at,
        durationMs: outcome.duration_ms,
        detail: outcome.detail,
      }
      : undefined,
  };
}

function toFields(plan: WirePlan): ClientFields {
  const names = ["second", "minute", "hour", "day", "month", "week"] as const;
  return Object.fromEntries(
    names.filter((name) => plan[name] !== -1).map((name) => [name, plan[name]]),
  );
}

function statusOf(status: number): ClientPlan["status"] {
  return status === 1 ? "succeeded" : status === -1 ? "failed" : "pending";
}
