import { createCronSchedule } from "../../../src/core/cron.ts";
import { ForsunError } from "../../../src/core/errors.ts";
import { firstOccurrence } from "../../../src/core/schedule.ts";
import { maxUnixSeconds } from "../../../src/core/time.ts";
import { textTarget } from "../text_target.ts";

const zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"];

/** A cron expression, and the search for when it comes. */
export const cron = textTarget({
  name: "cron",
  seeds: [
    ...["* * * * *", "*/5 0-23/2 1,15 JAN-DEC MON#1", "0 0 L * *", "@daily"],
    ...["0 0 29 2 *", "59 59 23 31 12 *", "0 0 0 29 2 MON 2028-2104/4"],
    ...["0 9 * * MON-FRI", "0 0 15W * *", "0 0 * * 5L", "*/7 */7 */7 */7 */7"],
    ...["0 0 0 1 1 * 2099", "0 30 2 * * SUN", "0 0 31 4,6,9,11 *"],
  ],
  dictionary: [
    ...["JAN", "FEB", "SUN", "MON", "L", "W", "#5", "#L", "?", "*/", "-", ","],
    ...["@yearly", "@hourly", "29 2", "31", "2106", "1970", "60", "366"],
  ],
  parse(expression) {
    const timeZone = zones[expression.length % zones.length];
    const schedule = createCronSchedule(expression, { key: "k", timeZone });
    const next = firstOccurrence(schedule, 1_700_000_000 + expression.length, {
      timeZone,
      notAfter: maxUnixSeconds,
      key: "k",
    });
    return `due ${new Date(next * 1000).getUTCFullYear()}`;
  },
  isRefusal: (error) =>
    error instanceof ForsunError &&
    (error.code === 1007 || error.code === 1002),
  usualRuns: 12_000,
});
