import { invalidArgument } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import { maxUnixSeconds, type UnixSeconds } from "../core/time.ts";
import {
  isLocalTime,
  type LocalTime,
  resolveOffsetTime,
} from "./local_time.ts";

const dateAndTime = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(.*)$/;
const offsetForm = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/;

/**
 * Reads what `time` is given: epoch seconds, `YYYY-MM-DD HH:MM:SS` in a zone that
 * is not said here, or the same with the offset that plans are printed with
 * (`+08:00`, or `Z`). A `T` may stand for the space.
 *
 * @param name what it is called in messages
 * @throws {ForsunError} 1007 at anything else, and at times that a plan can't have
 */
export function parseTimeArgument(
  name: string,
  text: string,
): UnixSeconds | LocalTime {
  if (/^\d+$/.test(text)) {
    const at = Number(text);
    if (at <= maxUnixSeconds) return at;
    throw invalidArgument(
      `${name} must be 0 to ${maxUnixSeconds}, got ${quote(text)}`,
    );
  }
  const match = dateAndTime.exec(text);
  if (match === null) throw malformed(name, text);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(
    Number,
  );
  const time = { year, month, day, hour, minute, second };
  if (!isLocalTime(time)) throw malformed(name, text);
  if (match[7] === "") return time;
  const offset = parseOffset(match[7]);
  if (offset === undefined) throw malformed(name, text);
  return resolveOffsetTime(time, { name, offset });
}

/** Seconds ahead of UTC. */
function parseOffset(text: string): number | undefined {
  if (text === "Z") return 0;
  const match = offsetForm.exec(text);
  if (match === null) return undefined;
  const [hours, minutes, seconds] = match.slice(2).map((part) =>
    Number(part ?? 0)
  );
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const size = hours * 3600 + minutes * 60 + seconds;
  return match[1] === "-" ? -size : size;
}

function malformed(name: string, text: string) {
  return invalidArgument(
    `${name} must be an epoch or "YYYY-MM-DD HH:MM:SS", got ${quote(text)}`,
  );
}
