import * as v from "valibot";
import { homedir } from "node:os";
import { isTimeZone } from "../core/time_zone.ts";

/** A whole number of `min` to `max`, as text. */
export function wholeNumber(
  min: number,
  max: number,
): v.GenericSchema<string, number> {
  return v.pipe(
    v.string(),
    v.check(
      (text) =>
        /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max,
      `must be a whole number from ${min} to ${max}`,
    ),
    v.transform(Number),
  );
}

/** A number of `min` to `max`, fractions allowed, as text. */
export function anyNumber(
  min: number,
  max: number,
): v.GenericSchema<string, number> {
  return v.pipe(
    v.string(),
    v.check(
      (text) =>
        /^\d+(\.\d+)?$/.test(text) && Number(text) >= min &&
        Number(text) <= max,
      `must be a number from ${min} to ${max}`,
    ),
    v.transform(Number),
  );
}

/** One of a few words, upper or lower case; the result is as the word is written here. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
): v.GenericSchema<string, Word> {
  const find = (text: string) =>
    words.find((word) => word.toLowerCase() === text.toLowerCase());
  return v.pipe(
    v.string(),
    v.check(
      (text) => find(text) !== undefined,
      `must be ${listWords(words)}`,
    ),
    v.transform((text) => find(text) as Word),
  );
}

/** true or false, also as yes or no, on or off, 1 or 0. */
export const flag: v.GenericSchema<string, boolean> = v.pipe(
  v.string(),
  v.check(
    (text) => /^(true|false|yes|no|on|off|1|0)$/i.test(text),
    "must be true or false",
  ),
  v.transform((text) => /^(true|yes|on|1)$/i.test(text)),
);

/** Text that is not empty. */
export const someText: v.GenericSchema<string, string> = v.pipe(
  v.string(),
  v.check((value) => value !== "", "must not be empty"),
);

/** Text or, when empty, undefined. */
export const optionalText: v.GenericSchema<string, string | undefined> = v.pipe(
  v.string(),
  v.transform((value) => value || undefined),
);

/** A path; `~` at its start is the home folder. */
export const path: v.GenericSchema<string, string> = v.pipe(
  someText,
  v.transform(expandHome),
);

/** A path or, when empty, undefined. */
export const optionalPath: v.GenericSchema<string, string | undefined> = v.pipe(
  v.string(),
  v.transform((value) => expandHome(value) || undefined),
);

/** `HOST:PORT`, or empty for none. */
export const address: v.GenericSchema<
  string,
  { readonly hostname: string; readonly port: number } | undefined
> = v.pipe(
  v.string(),
  v.check(
    (value) => value === "" || parseAddress(value) !== undefined,
    "must be HOST:PORT with a port from 0 to 65535",
  ),
  v.transform((value) => value === "" ? undefined : parseAddress(value)),
);

/** An IANA time zone, or empty for the system's. */
export const timeZone: v.GenericSchema<string, string> = v.pipe(
  v.string(),
  v.transform((value) =>
    value || Intl.DateTimeFormat().resolvedOptions().timeZone
  ),
  v.check(isTimeZone, "must be a time zone such as Europe/Berlin"),
);

/** `mem`, `mem or redis`, `always, everysec or no`. */
function listWords(words: readonly string[]): string {
  const others = words.slice(0, -1).join(", ");
  const last = words[words.length - 1];
  return others === "" ? last : `${others} or ${last}`;
}

function expandHome(value: string): string {
  return /^~(\/|$)/.test(value) ? homedir() + value.slice(1) : value;
}

function parseAddress(
  value: string,
): { hostname: string; port: number } | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value);
  if (match === null || Number(match[3]) > 65_535) return undefined;
  return { hostname: match[1] ?? match[2], port: Number(match[3]) };
}
