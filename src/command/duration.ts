import { invalidArgument } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import { formatUtc, type UnixSeconds } from "../core/time.ts";
import type { TimeFields } from "../core/time_fields.ts";
import { delayOf } from "../core/timeout.ts";

/**
 * Reads a duration such as `90`, `30s`, `5m`, `1h30m` or `2d`: whole numbers
 * with a unit each (w, d, h, m or s), the largest first; a last number alone is
 * seconds.
 * @throws {ForsunError} 1007 at anything else, naming `flag`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const { hour, minute, second } = parseDuration("--in", "1h30m");
 * assert.deepEqual([hour, minute, second], [1, 30, undefined]);
 * assert.throws(() => parseDuration("--in", "soon"), /--in must be a duration/);
 * ```
 */
export function parseDuration(flag: string, text: string): TimeFields {
  const match = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/
    .exec(text);
  const [week, day, hour, minute, second] = match?.slice(1).map(toNumber) ?? [];
  const fields = { second, minute, hour, day, month: undefined, week };
  const given = Object.values(fields).filter((value) => value !== undefined);
  if (given.length > 0 && given.every(Number.isSafeInteger)) return fields;
  throw invalidArgument(
    `${flag} must be a duration such as 90s, 30m or 1h30m, got ${quote(text)}`,
  );
}

/**
 * The duration of a delay that begins `now` and must be over by `last`.
 * @throws {ForsunError} 1007 naming `name`, at anything else
 */
export function readDelay(
  text: string,
  { name, now, last }: {
    readonly name: string;
    readonly now: UnixSeconds;
    readonly last: UnixSeconds;
  },
): TimeFields {
  const fields = parseDuration(name, text);
  if (now + delayOf(fields) <= last) return fields;
  throw invalidArgument(
    `${name} must end by ${formatUtc(last)}, got ${quote(text)}`,
  );
}

function toNumber(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
