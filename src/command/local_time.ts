import { calendarPattern } from "../core/calendar.ts";
import { daysFromCivil, daysInMonth } from "../core/civil_date.ts";
import { invalidArgument } from "../core/errors.ts";
import { maxUnixSeconds, type UnixSeconds } from "../core/time.ts";
import { systemTimeZone } from "../core/system_time_zone.ts";
import { timeZoneNamed } from "../core/time_zone.ts";
import { nextZonedMatch } from "../core/zoned_match.ts";

/** What a calendar and a wall clock show, in a zone that is known otherwise. */
export interface LocalTime {
  readonly year: number;
  /** From 1, January, to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** More than any clock differs from UTC or is ever set back. */
const searchedSeconds = 2 * 86_400;

/** Whether there is such a day with such an hour; leap seconds don't count. */
export function isLocalTime(time: LocalTime): boolean {
  const { year, month, day, hour, minute, second } = time;
  return month >= 1 && month <= 12 && day >= 1 &&
    day <= daysInMonth(year, month) && hour <= 23 && minute <= 59 &&
    second <= 59;
}

/**
 * The second at which a clock that is `offset` seconds ahead of UTC shows `time`.
 * @throws {ForsunError} 1007 naming `name`, as {@link resolveLocalTime}
 */
export function resolveOffsetTime(
  time: LocalTime,
  { name, offset }: { readonly name: string; readonly offset: number },
): UnixSeconds {
  const { hour, minute, second } = time;
  const days = daysFromCivil(time);
  const seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset;
  return checkRange(seconds, name, time);
}

/**
 * The second at which the clocks of the IANA zone `timeZone`, or of this process
 * when it is undefined, show `time`: the first of two when they are set back, the
 * moment after the jump when they skip it. Which is when a calendar plan for that
 * time fires.
 *
 * @throws {ForsunError} 1007 naming `name`, when it is before 1970 or after the
 * last UnixSeconds
 * @throws {RangeError} when there is no such zone
 * @throws {Error} one line, when this process's own is none
 */
export function resolveLocalTime(
  time: LocalTime,
  { name, timeZone = systemTimeZone() }: {
    readonly name: string;
    readonly timeZone?: string | undefined;
  },
): UnixSeconds {
  const pattern = calendarPattern({
    kind: "calendar",
    fields: { ...time, week: undefined },
    timeZone,
  });
  const from = daysFromCivil(time) * 86_400 - searchedSeconds;
  const at = nextZonedMatch(
    { ...pattern, years: [time.year] },
    from,
    timeZoneNamed(timeZone),
  );
  return checkRange(at ?? Infinity, name, time);
}

/**
 * `at` as the clocks of the IANA zone `timeZone`, or of this process when it is
 * undefined, show it: `2026-11-23 16:32:00+08:00`.
 */
export function formatLocalTime(at: UnixSeconds, timeZone?: string): string {
  const offset = timeZone === undefined
    ? ownOffset(at)
    : timeZoneNamed(timeZone).segmentAt(at).offset;
  const shifted = new Date((at + offset) * 1000).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 19)}${
    formatOffset(offset)
  }`;
}

/** As `Date` knows it: asking `Intl` first takes a command 12 ms longer to start. */
function ownOffset(at: UnixSeconds): number {
  const date = new Date(at * 1000);
  const shown = Date.UTC(
    date.getFullYear(),
    date.getMonth(),
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  );
  return shown / 1000 - at;
}

/** Seconds only where there are some: Liberia kept -00:44:30 until 1972. */
function formatOffset(offset: number): string {
  const sign = offset < 0 ? "-" : "+";
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60];
  if (size % 60 !== 0) parts.push(size % 60);
  return sign + parts.map((part) => String(part).padStart(2, "0")).join(":");
}

function checkRange(
  at: number,
  name: string,
  { year }: LocalTime,
): UnixSeconds {
  if (at >= 0 && at <= maxUnixSeconds) return at;
  throw invalidArgument(`${name} must be in 1970 to 2106, got ${year}`);
}
