import type { CronSchedule } from "./cron.ts";
import type { UnixSeconds } from "./time.ts";

/**
 * A schedule that comes once, at `second`: a cron expression with its year. It
 * comes at that very second, however long the request takes, unlike a delay.
 */
export function momentSchedule(second: UnixSeconds): CronSchedule {
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

/** The second of such a schedule, in messages; undefined of any other. */
export function momentOf(
  { expression, timeZone }: CronSchedule,
): UnixSeconds | undefined {
  const [, ...fields] =
    /^(\d+) (\d+) (\d+) (\d+) (\d+) \* (\d{4})$/.exec(expression) ?? [];
  if (timeZone !== "UTC" || fields.length === 0) return undefined;
  const [second, minute, hour, day, month, year] = fields.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}
