import { quote } from "./quote.ts";
import { isTimeZone } from "./time_zone.ts";

/**
 * The IANA name of this process's own zone: that of TZ, else the system's; UTC
 * where TZ is empty, as everywhere, or the system has none.
 * @throws {Error} one line, when TZ is something else, such as `JST-9`
 */
export function systemTimeZone(): string {
  const tz = Deno.env.get("TZ");
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  // For what it does not understand the runtime says undefined, or any zone.
  const isKnown = timeZone !== undefined && isTimeZone(timeZone);
  if (!tz) return tz === undefined && isKnown ? timeZone : "UTC";
  if (isKnown && isTimeZone(tz.replace(/^:/, ""))) return timeZone;
  throw new Error(
    `TZ (environment) must be a time zone such as Europe/Berlin, got ${
      quote(tz)
    }`,
  );
}
