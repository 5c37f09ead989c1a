import * as v from "valibot";
import { homedir } from "node:os";
import { readClockOffset } from "../core/clock_offset.ts";
import { systemTimeZone } from "../core/system_time_zone.ts";
import { isTimeZone } from "../core/time_zone.ts";
import { parsed } from "./parsed.ts";
import { withChoices } from "./word_schemas.ts";

/** A whole number of `min` to `max`, as text. */
export function wholeNumber(
  min: number,
  max: number,
): v.GenericSchema<string, number> {
  return parsed(
    `a whole number from ${min} to ${max}`,
    (text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max,
    Number,
  );
}

/** A number of `min` to `max`, fractions allowed, as text. */
export function anyNumber(
  min: number,
  max: number,
): v.GenericSchema<string, number> {
  return parsed(
    `a number from ${min} to ${max}`,
    (text) =>
      /^\d+(\.\d+)?$/.test(text) && Number(text) >= min && Number(text) <= max,
    Number,
  );
}

/** true or false, also as yes or no, on or off, 1 or 0. */
export const flag: v.GenericSchema<string, boolean> = parsed(
  "true or false",
  (text) => /^(true|false|yes|no|on|off|1|0)$/i.test(text),
  (text) => /^(true|yes|on|1)$/i.test(text),
);

/** `PREFIX=N` with `;` between them; a prefix may have a `=` itself. */
export const quotas: v.GenericSchema<
  string,
  readonly { readonly prefix: string; readonly max: number }[]
> = parsed(
  "PREFIX=N with semicolons between them",
  (text) => text.split(";").every((part) => /^\s*(|.+=\d{1,9})\s*$/.test(part)),
  (text) =>
    text.split(";").map((part) => part.trim()).filter(Boolean).map((part) => {
      const at = part.lastIndexOf("=");
      return { prefix: part.slice(0, at), max: Number(part.slice(at + 1)) };
    }),
);

/** A file mode in octal digits. */
export const fileMode: v.GenericSchema<string, string> = parsed(
  "a file mode such as 0660",
  (text) => /^0?[0-7]{3}$/.test(text),
  String,
);

/** Text that is not empty. */
export const someText: v.GenericSchema<string, string> = v.pipe(
  v.string(),
  v.check((value) => value !== "", "must not be empty"),
);

/** A store's name; those of the built-in ones may be in capitals. */
export const storeName: v.GenericSchema<string, string> = withChoices(
  v.pipe(
    someText,
    v.transform((name) =>
      name.replace(/^(mem|redis)$/i, (it) => it.toLowerCase())
    ),
  ),
  ["mem", "redis"],
);

/** Any text, or none. */
export const plainText: v.GenericSchema<string, string> = v.string();

/** Seconds or `+HH:MM`, up to 15 hours; undefined when empty. */
export const clockOffset: v.GenericSchema<string, number | undefined> = v.pipe(
  v.string(),
  v.check(
    (text) => text === "" || readClockOffset(text) !== undefined,
    "must be seconds or +HH:MM, up to 15 hours",
  ),
  v.transform((text) => text === "" ? undefined : readClockOffset(text)),
  v.description("seconds or +HH:MM, up to 15 hours"),
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

/** A path where a folder can be made; a device is none, but a disk in memory is. */
export const storePath: v.GenericSchema<string, string> = v.pipe(
  path,
  v.check(
    (value) => !/^\/dev\/(?!shm\/)/.test(value),
    "must not be a device: plans are kept in the folder FILE.d",
  ),
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
> = parsed(
  "HOST:PORT with a port from 0 to 65535",
  (value) => value === "" || parseAddress(value) !== undefined,
  (value) => value === "" ? undefined : parseAddress(value),
);

/** `HOST:PORT` any number of times, with commas or semicolons between them. */
export const hostPorts: v.GenericSchema<
  string,
  readonly { readonly hostname: string; readonly port: number }[]
> = parsed(
  "HOST:PORT, or several with commas between them",
  (text) => splitList(text).every((one) => parseAddress(one) !== undefined),
  (text) => splitList(text).flatMap((one) => parseAddress(one) ?? []),
);

/** Where a Redis is, or empty. */
export const redisUrl: v.GenericSchema<string, string | undefined> = parsed(
  "redis://, rediss:// or unix:// and where it is, with the number of a database at the end if any",
  (text) =>
    text === "" || /^unix:\/\/([^/@]*@)?\/[^?]+(\?db=\d+)?$/.test(text) ||
    (/^rediss?:\/\/[^/?#]*(\/\d*)?$/.test(text) && URL.canParse(text)),
  (text) => text || undefined,
);

/** What begins the names of keys in Redis. */
export const redisPrefix: v.GenericSchema<string, string> = parsed(
  "1 to 100 characters, none of them a brace",
  (text) => /^[^{}]{1,100}$/.test(text),
  (text) => text,
);

/** An IANA time zone, or empty for the system's. */
export const timeZone: v.GenericSchema<string, string> = v.pipe(
  v.string(),
  v.transform((value) => value || systemTimeZone()),
  v.check(isTimeZone, "must be a time zone such as Europe/Berlin"),
  v.description("a time zone such as Europe/Berlin"),
);

/** When a log file is put aside. */
export const rotation: v.GenericSchema<
  string,
  | { readonly kind: "never" }
  | { readonly kind: "day" }
  | { readonly kind: "size"; readonly bytes: number }
> = parsed(
  "DAY, NEVER or a size of 1K or more, such as 100M",
  (text) => parseRotation(text) !== undefined,
  (text) => parseRotation(text) ?? { kind: "never" },
);

/** text or json; a format string of the first daemon's stands for text. */
export const logFormat: v.GenericSchema<string, "text" | "json"> = withChoices(
  parsed(
    "text or json",
    (text) => /^(text|json)$/i.test(text) || isPythonFormat(text),
    (text) => /^json$/i.test(text) ? "json" : "text",
  ),
  ["text", "json"],
);

/** Whether it is one of Python's log formats, such as `%(asctime)s %(message)s`. */
export function isPythonFormat(text: string): boolean {
  return /%[(%\w]/.test(text);
}

function parseRotation(
  text: string,
): v.InferOutput<typeof rotation> | undefined {
  if (/^never$/i.test(text)) return { kind: "never" };
  if (/^day$/i.test(text)) return { kind: "day" };
  const [, digits, unit = ""] = /^(\d{1,9})([KMG]?)B?$/i.exec(text) ?? [];
  const bytes = Number(digits) * unitBytes[unit.toUpperCase()];
  return bytes >= 1024 ? { kind: "size", bytes } : undefined;
}

const unitBytes: Readonly<Record<string, number>> = {
  "": 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
};

/** Texts with `;` between them; there may be none. */
export const lineList: v.GenericSchema<string, readonly string[]> = v.pipe(
  v.string(),
  v.transform((value) =>
    value.split(";").map((text) => text.trim()).filter((text) => text !== "")
  ),
);

/** Names with `;` or `,` between them; there may be none. */
export const nameList: v.GenericSchema<string, readonly string[]> = v.pipe(
  v.string(),
  v.transform((value) =>
    value.split(/[;,]/).map((name) => name.trim()).filter((name) => name !== "")
  ),
);

/** Names of hosts with `;` or `,` between them, in small letters; there may be none. */
export const hostNames: v.GenericSchema<string, readonly string[]> = parsed(
  "names of hosts with semicolons between them, without ports",
  (text) =>
    splitList(text).every((name) => /^[\w-]+(\.[\w-]+)*\.?$/.test(name)),
  (text) =>
    splitList(text).map((name) => name.toLowerCase().replace(/\.$/, "")),
);

function splitList(text: string): string[] {
  return text.split(/[,;\s]+/).filter((one) => one !== "");
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
