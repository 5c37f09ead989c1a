import { invalidArgument } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import { maxUnixSeconds, type UnixSeconds } from "../core/time.ts";
import {
  isLocalTime,
  type LocalTime,
  resolveOffsetTime,
} from "./local_time.ts";

const dateAndTime = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(.*)$/;
const offset = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/;

/**
 * Reads what `time` is given: epoch seconds, `YYYY-MM-DD HH:MM:SS` in a zone that
 * is not said here, or the same with the offset that plans are printed with
 * (`+08:00`, or `Z`). A `T` may stand for the space.
 *
 * @throws {ForsunError} 1007 at anything else, and at times that a plan can't have
 */
export function parseTimeArgument(text: string): UnixSeconds | LocalTime {
  if (/^\d+$/.test(text)) {
    const at = Number(text);
    if (at <= maxUnixSeconds) return at;
    throw invalidArgument(
      `the epoch must be 0 to ${maxUnixSeconds}, got ${quote(text)}`,
    );
  }
  const match = dateAndTime.exec(text);
  if (match === null) throw malformed(text);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(
    Number,
  );
  const time = { year, month, day, hour, minute, second };
  if (!isLocalTime(time)) throw malformed(text);
  if (match[7] === "") return time;
  const seconds = parseOffset(match[7]);
  if (seconds === undefined) throw malformed(text);
  return resolveOffsetTime(time, seconds);
}

/** Seconds ahead of UTC. */
function parseOffset(text: string): number | undefined {
  if (text === "Z") return 0;
  const match = offset.exec(text);
  if (match === null) return undefined;
  const [hours, minutes, seconds] = match.slice(2).map((part) =>
    Number(part ?? 0)
  );
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const size = hours * 3600 + minutes * 60 + seconds;
  return match[1] === "-" ? -size : size;
}

function malformed(text: string) {
  return invalidArgument(
    `the time must be an epoch or "YYYY-MM-DD HH:MM:SS", got ${quote(text)}`,
  );
}
