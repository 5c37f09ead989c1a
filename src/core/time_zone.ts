import { cannotCreate } from "./cannot_create.ts";
import { invalidArgument } from "./errors.ts";
import { memoize } from "./memoize.ts";
import { findOffsetSegments, type OffsetSegment } from "./offset_segments.ts";
import { quote } from "./quote.ts";
import type { UnixSeconds } from "./time.ts";

/** A time zone as its offsets from UTC. */
export interface TimeZone {
  /**
   * A segment that holds `second`. Its edges are changes of the offset, or
   * arbitrary: neighbours may have the same offset.
   */
  segmentAt(second: UnixSeconds): OffsetSegment;
}

/**
 * Offsets are looked up in chunks of about a year (388 days), 128 of which are
 * all UnixSeconds. One chunk costs about half a millisecond, once.
 */
const chunkSeconds = 2 ** 25;

/** All chunks and those beside the first and the last, where local times may reach. */
const maxChunks = 130;

/** More than there are zones; bounded because names may be written in any case. */
const maxZones = 1000;

/**
 * Module state, but of facts that don't change while a process runs, so that it
 * shows in nothing but speed: `Intl` takes microseconds for an offset and much
 * more to find where it changes.
 */
const zones = memoize(createTimeZone, maxZones);

/** The zone with this IANA name; throws a RangeError when there is none. */
export function timeZoneNamed(name: string): TimeZone {
  return zones(name);
}

/** Whether `name` is the IANA name of a time zone, in any case. */
export function isTimeZone(name: string): boolean {
  try {
    timeZoneNamed(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Throws error 1007 unless `timeZone` is undefined or the IANA name of a zone. */
export function checkTimeZone(timeZone: string | undefined, key: string): void {
  if (timeZone === undefined || isTimeZone(timeZone)) return;
  const wanted = 'an IANA name such as "Europe/Berlin"';
  const reason = `time_zone must be ${wanted}, got ${quote(timeZone)}`;
  throw invalidArgument(cannotCreate(key, reason));
}

function createTimeZone(name: string): TimeZone {
  if (/^(Etc\/)?(UTC|GMT)$/i.test(name)) return utc;
  const offsetAt = createOffsetReader(name);
  const segmentsOf = memoize((chunk: number) => {
    const start = chunk * chunkSeconds;
    return findOffsetSegments(offsetAt, start, start + chunkSeconds);
  }, maxChunks);
  return {
    segmentAt(second) {
      const segments = segmentsOf(Math.floor(second / chunkSeconds));
      const segment = segments.find(({ end }) => second < end);
      return segment ?? segments[segments.length - 1];
    },
  };
}

const always: OffsetSegment = { start: -Infinity, end: Infinity, offset: 0 };
const utc: TimeZone = { segmentAt: () => always };

/** `Temporal` would say it directly, but isn't in every runtime that this is compiled for. */
function createOffsetReader(name: string): (second: UnixSeconds) => number {
  // Intl also takes "+08:00", which isn't a zone's name and which not every version knows.
  if (!/^[A-Za-z]/.test(name)) {
    throw new RangeError(`Invalid time zone: ${quote(name)}`);
  }
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (second) => {
    // "11/23/2026, 16:32:00"
    const text = format.format(second * 1000);
    const [month, day, year, ...time] = text.split(/\D+/).map(Number);
    const local = Date.UTC(year, month - 1, day, time[0], time[1], time[2]);
    return local / 1000 - second;
  };
}
