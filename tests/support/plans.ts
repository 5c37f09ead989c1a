import type { Plan } from "../../src/core/plan.ts";
import type { UnixSeconds } from "../../src/core/time.ts";
import type { TimeFields } from "../../src/core/time_fields.ts";

const noFields: TimeFields = {
  second: undefined,
  minute: undefined,
  hour: undefined,
  day: undefined,
  month: undefined,
  week: undefined,
};

interface PlanOptions {
  readonly createdAt?: UnixSeconds;
  readonly count?: number;
  readonly params?: Readonly<Record<string, string>>;
  readonly misfire?: Plan["misfire"];
}

/** A plan that runs every `delaySeconds`, once when no count is given. */
export function timeoutPlan(
  key: string,
  delaySeconds: number,
  { createdAt = 0, count = 1, params = {}, misfire = "once" }: PlanOptions = {},
): Plan {
  const fields = { ...noFields, second: delaySeconds };
  const schedule = { kind: "timeout", fields, delaySeconds, count } as const;
  return { key, schedule, misfire, action: "shell", params, createdAt };
}

/** A plan that runs when the UTC clock shows the fields. */
export function calendarPlan(
  key: string,
  fields: Partial<TimeFields>,
  { createdAt = 0, params = {}, misfire = "once" }: PlanOptions = {},
): Plan {
  const schedule = {
    kind: "calendar",
    fields: { ...noFields, ...fields },
    timeZone: "UTC",
  } as const;
  return { key, schedule, misfire, action: "shell", params, createdAt };
}
