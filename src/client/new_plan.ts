import { cannotCreate } from "../core/cannot_create.ts";
import { type ForsunError, invalidArgument } from "../core/errors.ts";
import type { PlanRequest } from "../core/plan_request.ts";
import type { TimeFields } from "../core/time_fields.ts";
import { createTimeoutSchedule } from "../core/timeout.ts";
import { kindOf } from "./check_arguments.ts";
import type {
  ClientFields,
  NewCalendarPlan,
  NewCronPlan,
  NewPlan,
  NewTimeoutPlan,
} from "./client_plan.ts";

/**
 * What asks for a plan that runs after a delay.
 * @throws {ForsunError} 1007 at a field that is no number, or a text that is none
 */
export function timeoutRequest(plan: NewTimeoutPlan): PlanRequest {
  const { count = 1 } = plan;
  const parts = readParts(plan);
  const fields = toFields(plan);
  // Numbers that are none would be cut to fit the interface.
  createTimeoutSchedule(fields, { key: parts.key, count });
  return { ...parts, schedule: { kind: "timeout", fields, count } };
}

/**
 * What asks for a plan that runs when the clock shows its fields.
 * @throws {ForsunError} 1007 at a text that is none
 */
export function calendarRequest(plan: NewCalendarPlan): PlanRequest {
  const parts = readParts(plan);
  const timeZone = readZone(plan, parts.key);
  const fields = toFields(plan);
  return { ...parts, schedule: { kind: "calendar", fields, timeZone } };
}

/**
 * What asks for a plan that runs when a cron expression says so.
 * @throws {ForsunError} 1007 at a text that is none
 */
export function cronRequest(plan: NewCronPlan): PlanRequest {
  const parts = readParts(plan);
  const { key } = parts;
  const expression = readText("cron", plan.cron, key);
  const timeZone = readZone(plan, key);
  return { ...parts, schedule: { kind: "cron", expression, timeZone } };
}

/** What all plans have. Programs without types pass anything for a text. */
function readParts(plan: NewPlan): Omit<PlanRequest, "schedule"> {
  const key = readText("key", plan.key ?? "", undefined);
  const action = readText("action", plan.action ?? "shell", key);
  const { params = {} } = plan;
  if (typeof params !== "object" || params === null) {
    throw mustBe("params", "an object of texts", { got: params, key });
  }
  for (const [name, value] of Object.entries(params)) {
    readText(`params.${name}`, value, key);
  }
  return { key, action, params };
}

function readZone(
  { timeZone }: { readonly timeZone?: string },
  key: string,
): string | undefined {
  return timeZone === undefined
    ? undefined
    : readText("timeZone", timeZone, key);
}

function readText(
  name: string,
  value: unknown,
  key: string | undefined,
): string {
  if (typeof value === "string") return value;
  throw mustBe(name, "a text", { got: value, key });
}

function mustBe(
  name: string,
  what: string,
  { got, key }: { readonly got: unknown; readonly key: string | undefined },
): ForsunError {
  const reason = `${name} must be ${what}, got ${kindOf(got)}`;
  return invalidArgument(cannotCreate(key, reason));
}

function toFields(
  { second, minute, hour, day, month, week }: ClientFields,
): TimeFields {
  return { second, minute, hour, day, month, week };
}
