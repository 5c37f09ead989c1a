import { cannotCreate } from "../core/cannot_create.ts";
import { invalidArgument } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";
import type {
  RequestedSchedule,
  RestoreRequest,
} from "../core/plan_request.ts";
import { fromI16, type WirePlan } from "./wire_plan.ts";

/**
 * The plan that the method restore is to put back, of which a client may have
 * left anything out.
 * @throws {ForsunError} 1007 when what it needs isn't there, or a number is negative
 */
export function toRestoreRequest(plan: WirePlan | null): RestoreRequest {
  if (plan === null) throw invalidArgument("plan is missing");
  const key = plan.key ?? "";
  const count = (name: "next_time" | "current_count" | "last_timeout") => {
    const value = plan[name] ?? 0;
    if (value >= 0) return value;
    const reason = `${name} must be 0 or more, got ${value}`;
    throw invalidArgument(cannotCreate(key, reason));
  };
  const lastAt = count("last_timeout") || undefined;
  return {
    request: {
      key,
      schedule: scheduleOf(plan),
      action: plan.action,
      params: plan.params,
    },
    nextAt: count("next_time"),
    progress: {
      runs: count("current_count"),
      lastAt,
      lastOutcome: outcomeOf(plan),
    },
    createdAt: plan.created_time || undefined,
  };
}

function scheduleOf(plan: WirePlan): RequestedSchedule {
  if (plan.cron) {
    return { kind: "cron", expression: plan.cron, timeZone: undefined };
  }
  const fields = {
    second: fromI16(plan.second ?? -1),
    minute: fromI16(plan.minute),
    hour: fromI16(plan.hour),
    day: fromI16(plan.day),
    month: fromI16(plan.month),
    week: fromI16(plan.week),
  };
  return plan.is_time_out
    ? { kind: "timeout", fields, count: plan.count }
    : { kind: "calendar", fields, timeZone: undefined };
}

/** What is told of the last occurrence, which may be no more than how it ended. */
function outcomeOf(
  { outcome, status, last_timeout }: WirePlan,
): Outcome | undefined {
  if (outcome) {
    return {
      status: outcome.status === 1 ? "succeeded" : "failed",
      attempt: Math.max(outcome.attempt ?? 1, 1),
      endedAt: Math.max(outcome.ended_at ?? 0, 0),
      durationMs: Math.max(outcome.duration_ms ?? 0, 0),
      detail: outcome.detail ?? "",
    };
  }
  if (!status || !last_timeout) return undefined;
  return {
    status: status === 1 ? "succeeded" : "failed",
    attempt: 1,
    endedAt: last_timeout,
    durationMs: 0,
    detail: "",
  };
}
