import type { Outcome } from "../core/outcome.ts";
import type { PlanRequest, RestoreRequest } from "../core/plan_request.ts";
import { type BulkItem, bulkItem } from "./plan_body.ts";
import { type BodyPlace, toPlanRequest } from "./plan_request_body.ts";
import { checkObject, parseJson } from "./read_json.ts";

/** What a line of a bulk creation asks for. */
export type BulkRequest =
  | { readonly kind: "new"; readonly request: PlanRequest }
  /** A plan as GET shows it, which is to go on where it was. */
  | { readonly kind: "restored"; readonly request: RestoreRequest };

/**
 * Reads a line of JSON.
 * @throws {UnreadableText} when it is not what the schema says
 * @throws {ForsunError} 1007 when fields contradict each other
 */
export function readBulkLine(text: string, place: BodyPlace): BulkRequest {
  const body = checkObject(bulkItem, parseJson(text, "The line"), "The line");
  const { is_time_out: isTimeout, next_time: nextAt } = body;
  const isCalendar = (body.method ?? "") === ""
    ? isTimeout === false
    : body.method === "create";
  const kind = isCalendar ? "calendar" : "timeout";
  const request = toPlanRequest(body, kind, place);
  if (isTimeout == null || nextAt == null) return { kind: "new", request };
  return {
    kind: "restored",
    request: {
      request,
      nextAt: Math.max(nextAt, 0),
      progress: {
        runs: Math.max(body.current_count ?? 0, 0),
        lastAt: positive(body.last_timeout),
        lastOutcome: body.outcome == null ? undefined : toOutcome(body.outcome),
      },
      createdAt: positive(body.created_time),
    },
  };
}

function positive(value: number | null | undefined): number | undefined {
  return value == null || value <= 0 ? undefined : value;
}

function toOutcome(
  outcome: NonNullable<BulkItem["outcome"]>,
): Outcome {
  return {
    status: outcome.status === 1 ? "succeeded" : "failed",
    attempt: Math.max(outcome.attempt, 1),
    endedAt: outcome.ended_at,
    durationMs: outcome.duration_ms,
    detail: outcome.detail,
  };
}
