import { invalidArgument } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import { formatUtc, type UnixSeconds } from "../core/time.ts";
import { resolveLocalTime } from "./local_time.ts";
import { parseTimeArgument } from "./time_argument.ts";

/**
 * The second that a text names, as {@link parseTimeArgument} reads it.
 * @param name what it is called in messages
 * @param timeZone of a time without an offset; undefined is this process's own
 * @throws {ForsunError} 1007 at anything else
 */
export function readSecond(
  text: string,
  { name, timeZone }: {
    readonly name: string;
    readonly timeZone: string | undefined;
  },
): UnixSeconds {
  const time = parseTimeArgument(name, text);
  return typeof time === "number"
    ? time
    : resolveLocalTime(time, { name, timeZone });
}

/**
 * The same of a plan that is to run then, behind `now` and up to `last`.
 * @throws {ForsunError} 1007 at anything else
 */
export function readMoment(
  text: string,
  { now, last, ...place }: {
    readonly name: string;
    readonly timeZone: string | undefined;
    readonly now: UnixSeconds;
    readonly last: UnixSeconds;
  },
): UnixSeconds {
  const second = readSecond(text, place);
  if (second > now && second <= last) return second;
  throw invalidArgument(
    `${place.name} must be in the future, up to ${formatUtc(last)}, got ${
      quote(text)
    }`,
  );
}
