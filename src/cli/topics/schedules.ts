import { commandHelp } from "../../command/help.ts";

/** What `forsun help schedules` prints. */
export function explainSchedules(): string {
  return `When a plan runs: SECOND MINUTE HOUR DAY MONTH WEEK, a cron expression, or flags.

A delay: fields of */N run once, after the sum of all; */N/COUNT COUNT times, one
delay apart; 0 is without end. Other fields count as 0.
  */30/1 * * * * *        once, in 30 s
  */5/3 * * * * *         every 5 s, three times
  * */10/0 * * * *        every 10 minutes, without end
  --in 30m                the same as */N, in units of w, d, h, m and s
  --every 5s --count 3

The calendar: numbers are moments, * is any; what is finer than the finest number
counts as 0. WEEK is 0 to 7, both of them Sunday.
  0 32 16 * * *           daily at 16:32:00
  0 0 9 * * 1             on Mondays at 9
  0 0 0 29 2 *            at the next 29 February, once
  --daily 06:30:00
  --at "2026-11-23 16:32:00"

Cron: 5, 6 or 7 fields with ranges, lists, steps, names, L, W, #, or @hourly.
  cron "0 9 * * MON-FRI"
  --cron "0 9 * * MON-FRI"

The time zone is the plan's (TZ=Europe/Berlin before the fields, --tz, the param
time_zone), else the daemon's (timezone), else the system's. An hour that daylight
saving skips fires at the end of the jump; one that it doubles fires once.

What fell due while no daemon ran: a delay runs once, late, and goes on in its
rhythm; the calendar and cron follow the param misfire: once (the default), skip
or all.

${
    commandHelp.set.examples.map((example) =>
      `  forsun "${example.replace(/["$`\\]/g, "\\$&")}"`
    ).join("\n")
  }`;
}
