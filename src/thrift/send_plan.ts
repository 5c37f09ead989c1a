import { createCalendarSchedule } from "../core/calendar.ts";
import { cannotCreate } from "../core/cannot_create.ts";
import { invalidArgument } from "../core/errors.ts";
import type { PlanRequest } from "../core/plan_request.ts";
import { timeFieldNames, type TimeFields } from "../core/time_fields.ts";
import { delayOf } from "../core/timeout.ts";
import type { ThriftClient } from "./generated.ts";
import type { WirePlan } from "./wire_plan.ts";

/**
 * Has the daemon create the plan. Numbers that the interface's 16 bits can't
 * hold are refused here, but for delays: those are put in larger units.
 */
export async function sendPlan(
  request: PlanRequest,
  client: ThriftClient,
): Promise<WirePlan> {
  const { key, schedule, action } = request;
  const params = schedule.kind === "timeout" || schedule.timeZone === undefined
    ? request.params
    : { ...request.params, time_zone: schedule.timeZone };
  switch (schedule.kind) {
    case "timeout": {
      const { count } = schedule;
      if (count > maxI16) {
        const reason = `count must be 0 to ${maxI16}, got ${count}`;
        throw invalidArgument(cannotCreate(key, reason));
      }
      const fields = toWireFields(schedule, key);
      return await client.createTimeout(key, ...fields, count, action, params);
    }
    case "calendar": {
      const { fields, timeZone } = schedule;
      createCalendarSchedule(fields, { key, timeZone });
      return await client.create(
        key,
        ...toWireFields(schedule, key),
        action,
        params,
      );
    }
    case "cron":
      return await client.createCron(key, schedule.expression, action, params);
    default:
      return schedule satisfies never;
  }
}

/** The largest number of the interface's 16 bits. */
export const maxI16 = 0x7fff;

/** The six time fields of the interface. */
export type WireFields = [number, number, number, number, number, number];

/** The time fields as the interface has them; those of a delay may be other ones of the same length. */
export function toWireFields(
  schedule: PlanRequest["schedule"],
  key: string,
): WireFields {
  switch (schedule.kind) {
    case "timeout":
      return delayFields(schedule.fields, key);
    case "calendar":
      return wireFields(schedule.fields, -1);
    case "cron":
      return [-1, -1, -1, -1, -1, -1];
    default:
      return schedule satisfies never;
  }
}

/** The fields of a delay, unused ones as 0 and the week as -1, as the first client sends them. */
function delayFields(fields: TimeFields, key: string): WireFields {
  const [second, minute, hour, day, month, week] = wireFields(fields, 0);
  const given = [second, minute, hour, day, month, week || -1] as WireFields;
  if (given.every((value) => value <= maxI16)) return given;
  const seconds = delayOf(fields);
  const days = Math.floor(seconds / 86_400);
  if (days > maxI16) {
    const reason = `the delay must be at most ${maxI16} days, got ${days}`;
    throw invalidArgument(cannotCreate(key, reason));
  }
  return [
    seconds % 60,
    Math.floor(seconds / 60) % 60,
    Math.floor(seconds / 3600) % 24,
    days,
    0,
    -1,
  ];
}

/** The fields as the interface has them, those without a value as `unused`. */
function wireFields(fields: TimeFields, unused: number): WireFields {
  return timeFieldNames.map((name) => fields[name] ?? unused) as WireFields;
}
