import * as v from "valibot";
import type { Outcome } from "../core/outcome.ts";
import type { StoredPlan } from "../core/plan.ts";

const number = v.number();

/** How the last occurrence that is over ended. */
const outcomeJson = v.object({
  status: v.pipe(number, v.description("1 succeeded, -1 failed")),
  attempt: v.pipe(number, v.description("the attempt that ended it")),
  ended_at: number,
  duration_ms: number,
  detail: v.pipe(
    v.string(),
    v.description("the error, or the tail of the output"),
  ),
});

/** A plan as replies show it; the names down to params are those of the first daemon. */
export const planJson = v.object({
  key: v.string(),
  second: v.pipe(number, v.description("-1: any, or unused")),
  minute: number,
  hour: number,
  day: number,
  month: number,
  week: number,
  status: v.pipe(
    number,
    v.description(
      "of the last occurrence: 0 pending or unknown, 1 succeeded, -1 failed",
    ),
  ),
  count: v.pipe(number, v.description("runs in all, 0 has no end")),
  is_time_out: v.pipe(
    v.boolean(),
    v.description("whether it runs after a delay"),
  ),
  next_time: v.pipe(
    number,
    v.description("the next occurrence, 0 when there is none"),
  ),
  current_count: v.pipe(number, v.description("runs so far")),
  last_timeout: v.pipe(
    number,
    v.description("the last occurrence, 0 when there was none"),
  ),
  created_time: number,
  action: v.string(),
  params: v.record(v.string(), v.string()),
  cron: v.optional(v.string()),
  time_zone: v.optional(v.string()),
  outcome: v.optional(outcomeJson),
});

export type PlanJson = v.InferOutput<typeof planJson>;

export function toPlanJson({ plan, state }: StoredPlan): PlanJson {
  const { schedule } = plan;
  const fields = schedule.kind === "cron" ? undefined : schedule.fields;
  const { lastOutcome } = state;
  return {
    key: plan.key,
    second: fields?.second ?? -1,
    minute: fields?.minute ?? -1,
    hour: fields?.hour ?? -1,
    day: fields?.day ?? -1,
    month: fields?.month ?? -1,
    week: fields?.week ?? -1,
    status: lastOutcome === undefined ? 0 : statusOf(lastOutcome),
    count: schedule.kind === "timeout" ? schedule.count : 0,
    is_time_out: schedule.kind === "timeout",
    next_time: state.nextAt ?? 0,
    current_count: state.runs,
    last_timeout: state.lastAt ?? 0,
    created_time: plan.createdAt,
    action: plan.action,
    params: plan.params,
    cron: schedule.kind === "cron" ? schedule.expression : undefined,
    time_zone: schedule.kind === "timeout" ? undefined : schedule.timeZone,
    outcome: lastOutcome && {
      status: statusOf(lastOutcome),
      attempt: lastOutcome.attempt,
      ended_at: lastOutcome.endedAt,
      duration_ms: Math.round(lastOutcome.durationMs),
      detail: lastOutcome.detail,
    },
  };
}

function statusOf({ status }: Outcome): 1 | -1 {
  return status === "succeeded" ? 1 : -1;
}
