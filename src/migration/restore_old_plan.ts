import type { Outcome } from "../core/outcome.ts";
import type { RestoreRequest } from "../core/plan_request.ts";
import type { UnixSeconds } from "../core/time.ts";
import type { OldPlan } from "./old_plan.ts";

/** What asks for a plan of the first daemon to go on here, `offsetSeconds` later by its clock. */
export function toRestoreRequest(
  plan: OldPlan,
  offsetSeconds: number,
): RestoreRequest {
  const { key, fields, count, action, params } = plan;
  const shifted = (second: number): UnixSeconds | undefined =>
    second > 0 ? second + offsetSeconds : undefined;
  const lastAt = shifted(plan.lastTimeout);
  return {
    request: {
      key,
      schedule: plan.isTimeOut
        ? { kind: "timeout", fields, count }
        : { kind: "calendar", fields, timeZone: undefined },
      action,
      params,
    },
    nextAt: shifted(plan.nextTime) ?? 0,
    progress: {
      runs: Math.max(plan.currentCount, 0),
      lastAt,
      lastOutcome: outcomeOf(plan.status, lastAt),
    },
    createdAt: shifted(plan.createdTime),
  };
}

/**
 * Whether the first daemon was through with a plan and only kept it to be looked
 * at. What lay ahead of it is not over, whatever its lists said.
 */
export function isOver(
  { nextTime }: OldPlan,
  { isPending, currentTime }: {
    readonly isPending: boolean | undefined;
    readonly currentTime: UnixSeconds | undefined;
  },
): boolean {
  if (nextTime <= 0) return true;
  return isPending === false && currentTime !== undefined &&
    nextTime <= currentTime;
}

function outcomeOf(
  status: number,
  endedAt: UnixSeconds | undefined,
): Outcome | undefined {
  if (status === 0 || endedAt === undefined) return undefined;
  return {
    status: status === 1 ? "succeeded" : "failed",
    attempt: 1,
    endedAt,
    durationMs: 0,
    detail: "",
  };
}
