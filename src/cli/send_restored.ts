import { cannotCreate } from "../core/cannot_create.ts";
import { invalidArgument } from "../core/errors.ts";
import type { RestoreRequest } from "../core/plan_request.ts";
import { maxThriftSeconds } from "../core/time.ts";
import { timeFieldNames } from "../core/time_fields.ts";
import type { ThriftClient } from "../thrift/generated.ts";
import type { WirePlan } from "../thrift/wire_plan.ts";
import { maxI16, toWireFields } from "../thrift/send_plan.ts";

/** Has the daemon put back a plan that was elsewhere before. */
export async function sendRestored(
  restored: RestoreRequest,
  { client, replace, isDryRun }: {
    readonly client: ThriftClient;
    readonly replace: boolean;
    readonly isDryRun: boolean;
  },
): Promise<WirePlan> {
  return await client.restore(toWirePlan(restored), replace, isDryRun);
}

function toWirePlan(
  { request, nextAt, progress, createdAt }: RestoreRequest,
): WirePlan {
  const { key, schedule, action, params } = request;
  const isTimeOut = schedule.kind === "timeout";
  const count = isTimeOut ? schedule.count : 0;
  const fields = toWireFields(schedule, key);
  const [second, minute, hour, day, month, week] = fields;
  checkFits("count", count, { key, max: maxI16 });
  checkFits("next_time", nextAt, { key, max: maxThriftSeconds });
  for (const [index, name] of timeFieldNames.entries()) {
    checkFits(name, fields[index], { key, max: maxI16 });
  }
  const { runs, lastAt, lastOutcome } = progress;
  const status = lastOutcome === undefined
    ? 0
    : lastOutcome.status === "succeeded"
    ? 1
    : -1;
  return {
    is_time_out: isTimeOut,
    key,
    second,
    minute,
    hour,
    day,
    month,
    week,
    next_time: nextAt,
    status,
    count,
    // A plan without end has no use for more.
    current_count: Math.min(runs, maxI16),
    last_timeout: Math.min(lastAt ?? 0, maxThriftSeconds),
    action,
    params,
    created_time: createdAt && Math.min(createdAt, maxThriftSeconds),
    cron: schedule.kind === "cron" ? schedule.expression : undefined,
    outcome: lastOutcome && {
      status,
      attempt: lastOutcome.attempt,
      ended_at: Math.min(lastOutcome.endedAt, maxThriftSeconds),
      duration_ms: Math.min(Math.round(lastOutcome.durationMs), 0x7fff_ffff),
      detail: lastOutcome.detail,
    },
  };
}

function checkFits(
  name: string,
  value: number,
  { key, max }: { readonly key: string; readonly max: number },
): void {
  if (value >= -1 && value <= max) return;
  const reason = `${name} must be 0 to ${max}, got ${value}`;
  throw invalidArgument(cannotCreate(key, reason));
}
