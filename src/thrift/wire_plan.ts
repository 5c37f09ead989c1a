import type { Outcome } from "../core/outcome.ts";
import type { StoredPlan } from "../core/plan.ts";
import { maxThriftSeconds, type UnixSeconds } from "../core/time.ts";
import type { TimeFields } from "../core/time_fields.ts";

/** The ForsunOutcome of forsun.thrift. */
export interface WireOutcome {
  readonly status: number;
  readonly attempt: number;
  readonly ended_at: number;
  readonly duration_ms: number;
  readonly detail: string;
}

/** The ForsunPlan of forsun.thrift. */
export interface WirePlan {
  readonly is_time_out: boolean;
  readonly key: string;
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly week: number;
  readonly next_time: number;
  readonly status: number;
  readonly count: number;
  readonly current_count: number;
  readonly last_timeout: number;
  readonly action: string;
  readonly params: Readonly<Record<string, string>>;
  readonly cron?: string | null;
  readonly created_time?: number | null;
  readonly outcome?: WireOutcome | null;
}

/** What old clients know of a plan. */
export function toWirePlan({ plan, state }: StoredPlan): WirePlan {
  const { schedule } = plan;
  const fields = schedule.kind === "cron" ? noFields : schedule.fields;
  return {
    is_time_out: schedule.kind === "timeout",
    key: plan.key,
    second: toI16(fields.second),
    minute: toI16(fields.minute),
    hour: toI16(fields.hour),
    day: toI16(fields.day),
    month: toI16(fields.month),
    week: toI16(fields.week),
    next_time: toI32Seconds(state.nextAt),
    status: statusOf(state.lastOutcome),
    count: schedule.kind === "timeout" ? toI16(schedule.count) : 0,
    current_count: toI16(state.runs),
    last_timeout: toI32Seconds(state.lastAt),
    action: plan.action,
    params: plan.params,
    cron: schedule.kind === "cron" ? schedule.expression : undefined,
  };
}

/** All that is known of a plan. */
export function toFullWirePlan(stored: StoredPlan): WirePlan {
  const { lastOutcome } = stored.state;
  return {
    ...toWirePlan(stored),
    created_time: toI32Seconds(stored.plan.createdAt),
    outcome: lastOutcome && {
      status: statusOf(lastOutcome),
      attempt: lastOutcome.attempt,
      ended_at: toI32Seconds(lastOutcome.endedAt),
      duration_ms: Math.min(Math.round(lastOutcome.durationMs), 0x7fff_ffff),
      detail: lastOutcome.detail,
    },
  };
}

/** The wire's -1, "any" or unused, as a field without a value. */
export function fromI16(value: number): number | undefined {
  return value === -1 ? undefined : value;
}

const noFields: TimeFields = {
  second: undefined,
  minute: undefined,
  hour: undefined,
  day: undefined,
  month: undefined,
  week: undefined,
};

function statusOf(outcome: Outcome | undefined): number {
  if (outcome === undefined) return 0;
  return outcome.status === "succeeded" ? 1 : -1;
}

/** What is too large for the wire stops at its largest number instead of turning negative. */
function toI16(value: number | undefined): number {
  return value === undefined ? -1 : Math.min(value, 0x7fff);
}

function toI32Seconds(second: UnixSeconds | undefined): number {
  return Math.min(second ?? 0, maxThriftSeconds);
}
