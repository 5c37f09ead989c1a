import type { UnixSeconds } from "./time.ts";
import { timeZoneNamed } from "./time_zone.ts";

/**
 * What has to be added to the first daemon's seconds. Its clock was
 * `mktime(gmtime())`, which reads UTC as if it were the local standard time: on a
 * machine east of Greenwich, all its seconds are too small.
 */
export interface ClockOffset {
  readonly seconds: number;
  /** Where it is from, for messages. */
  readonly origin: string;
  /** Nobody has said it: it is right where the first daemon ran in that zone. */
  readonly isGuess?: true;
}

/** The offset of a machine in that zone: its standard time, without daylight saving. */
export function zoneClockOffset(
  timeZone: string,
  now: UnixSeconds,
): ClockOffset {
  const zone = timeZoneNamed(timeZone);
  const halfYear = 182 * 86_400;
  const offsets = [now, now - halfYear].map((at) => zone.segmentAt(at).offset);
  const seconds = winterSavers.has(timeZone)
    ? Math.max(...offsets)
    : Math.min(...offsets);
  return { seconds, origin: `standard time of ${timeZone}`, isGuess: true };
}

/**
 * Where the tz database, and so mktime(), has daylight saved in winter or in
 * Ramadan: the time of summer is the standard there.
 */
const winterSavers: ReadonlySet<string> = new Set([
  ...["Europe/Dublin", "Eire", "Africa/Casablanca", "Africa/El_Aaiun"],
]);

/** Reads `28800`, `-3600`, `+08:00` or `-3:30`; undefined when it is something else. */
export function readClockOffset(text: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d{1,2}):(\d\d)$/.exec(text) ?? [];
  const seconds = sign !== undefined
    ? Number(`${sign}1`) * (Number(hours) * 3600 + Number(minutes) * 60)
    : /^[+-]?\d{1,6}$/.test(text)
    ? Number(text)
    : undefined;
  return seconds !== undefined && Math.abs(seconds) <= maxSeconds
    ? seconds
    : undefined;
}

/** Zones go from UTC-12 to UTC+14. */
const maxSeconds = 15 * 3600;
