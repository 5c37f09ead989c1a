import type { PlanRequest } from "../core/plan_request.ts";
import type { TimeFields } from "../core/time_fields.ts";
import { createTimeoutSchedule } from "../core/timeout.ts";
import type {
  ClientFields,
  NewCalendarPlan,
  NewCronPlan,
  NewPlan,
  NewTimeoutPlan,
} from "./client_plan.ts";

/**
 * What asks for a plan that runs after a delay.
 * @throws {ForsunError} 1007 at a field that is no number
 */
export function timeoutRequest(plan: NewTimeoutPlan): PlanRequest {
  const { key = "", count = 1 } = plan;
  const fields = toFields(plan);
  // Numbers that are none would be cut to fit the interface.
  createTimeoutSchedule(fields, { key, count });
  return { ...common(plan), schedule: { kind: "timeout", fields, count } };
}

/** What asks for a plan that runs when the clock shows its fields. */
export function calendarRequest(plan: NewCalendarPlan): PlanRequest {
  const { timeZone } = plan;
  const fields = toFields(plan);
  return {
    ...common(plan),
    schedule: { kind: "calendar", fields, timeZone },
  };
}

/** What asks for a plan that runs when a cron expression says so. */
export function cronRequest(plan: NewCronPlan): PlanRequest {
  const { cron: expression, timeZone } = plan;
  return { ...common(plan), schedule: { kind: "cron", expression, timeZone } };
}

function common({ key = "", action = "shell", params = {} }: NewPlan) {
  return { key, action, params };
}

function toFields(
  { second, minute, hour, day, month, week }: ClientFields,
): TimeFields {
  return { second, minute, hour, day, month, week };
}
