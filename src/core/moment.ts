import type { RequestedSchedule } from "./plan_request.ts";
import type { UnixSeconds } from "./time.ts";

/**
 * A schedule that comes once, at `second`: a cron expression with its year. It
 * comes at that very second, however long the request takes, unlike a delay.
 */
export function momentSchedule(second: UnixSeconds): RequestedSchedule {
  const date = new Date(second * 1000);
  const fields = [
    date.getUTCSeconds(),
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth() + 1,
    "*",
    date.getUTCFullYear(),
  ];
  return { kind: "cron", expression: fields.join(" "), timeZone: "UTC" };
}
