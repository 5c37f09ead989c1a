import { cannotCreate } from "./cannot_create.ts";
import { invalidArgument } from "./errors.ts";
import { maxDetailBytes } from "./outcome.ts";
import type { RestoreRequest } from "./plan_request.ts";
import { maxUnixSeconds } from "./time.ts";
import {
  checkNumber,
  type NumberRange,
  timeFieldNames,
} from "./time_fields.ts";
import { maxCount } from "./timeout.ts";

/**
 * Throws error 1007, naming the field as the wires do, when a plan that was
 * elsewhere brings what no store can hold.
 */
export function checkRestored(
  { request, nextAt, progress, createdAt = 0 }: RestoreRequest,
): void {
  const { key, schedule } = request;
  const { runs, lastAt = 0, lastOutcome } = progress;
  const check = (name: string, value: number, range: NumberRange) =>
    checkNumber(name, value, { key, range });
  if (schedule.kind === "timeout") {
    // A delay that never comes shows in the first run, which this one has behind it.
    for (const name of timeFieldNames) {
      check(name, schedule.fields[name] ?? 0, seconds);
    }
  }
  check("next_time", nextAt, seconds);
  check("current_count", runs, counts);
  check("last_timeout", lastAt, seconds);
  check("created_time", createdAt, seconds);
  if (lastOutcome === undefined) return;
  check("outcome.attempt", lastOutcome.attempt, counts);
  check("outcome.ended_at", lastOutcome.endedAt, seconds);
  const bytes = new TextEncoder().encode(lastOutcome.detail).length;
  if (bytes <= maxDetailBytes) return;
  const max = `at most ${maxDetailBytes} bytes`;
  const reason = `outcome.detail must have ${max}, got ${bytes}`;
  throw invalidArgument(cannotCreate(key, reason));
}

const seconds = { min: 0, max: maxUnixSeconds };
const counts = { min: 0, max: maxCount };
