import type { RestoreRequest } from "./plan_request.ts";
import { maxUnixSeconds } from "./time.ts";
import { checkNumber, type NumberRange } from "./time_fields.ts";
import { maxCount } from "./timeout.ts";

/**
 * Throws error 1007, naming the field as the wires do, when a plan that was
 * elsewhere brings a number that no store can hold.
 */
export function checkRestored(
  { request: { key }, nextAt, progress, createdAt = 0 }: RestoreRequest,
): void {
  const { runs, lastAt = 0, lastOutcome } = progress;
  const check = (name: string, value: number, range: NumberRange) =>
    checkNumber(name, value, { key, range });
  check("next_time", nextAt, seconds);
  check("current_count", runs, counts);
  check("last_timeout", lastAt, seconds);
  check("created_time", createdAt, seconds);
  if (lastOutcome === undefined) return;
  check("outcome.attempt", lastOutcome.attempt, counts);
  check("outcome.ended_at", lastOutcome.endedAt, seconds);
}

const seconds = { min: 0, max: maxUnixSeconds };
const counts = { min: 0, max: maxCount };
