import {
  type CivilPattern,
  type LocalSeconds,
  nextMatch,
} from "./civil_pattern.ts";
import { maxUnixSeconds, type UnixSeconds } from "./time.ts";
import type { TimeZone } from "./time_zone.ts";

/** More than a zone can be set back or forward at once: offsets lie between -12 and +14 hours. */
const maxShiftSeconds = 26 * 3600;

/** More than any zone's offset from UTC. */
const maxOffsetSeconds = 15 * 3600;

/**
 * The first second after `after` at which a pattern fires in a zone, undefined
 * when there is none up to maxUnixSeconds.
 *
 * Where the clock is set forward, the readings that it skips fire together at
 * the moment after the jump. Where it is set back, a pattern that names hours
 * fires at the first showing of a reading only: "daily at 2:30" means one run a
 * day. A pattern for every hour fires at both showings: the hour that is doubled
 * is another hour each time, and "every second" would fall silent during it.
 */
export function nextZonedMatch(
  pattern: CivilPattern,
  after: UnixSeconds,
  zone: TimeZone,
): UnixSeconds | undefined {
  const next = pattern.hours.length === 24
    ? nextShowing(pattern, after, zone)
    : nextFirstShowing(pattern, after, zone);
  return next === undefined || next > maxUnixSeconds ? undefined : next;
}

/**
 * What the clock has shown or skipped doesn't count again: the search goes on
 * from the latest reading so far, and what it finds is due once the clock gets
 * there. Which is the whole rule, for skipped and for doubled readings.
 */
function nextFirstShowing(
  pattern: CivilPattern,
  after: UnixSeconds,
  zone: TimeZone,
): UnixSeconds | undefined {
  const local = nextMatch(pattern, latestReading(after, zone) + 1);
  return local === undefined ? undefined : firstTimeAt(local, zone);
}

/** The latest that the clock has shown up to `at`, which is more than it shows after a setback. */
function latestReading(at: UnixSeconds, zone: TimeZone): LocalSeconds {
  let segment = zone.segmentAt(at - maxShiftSeconds);
  let latest = -Infinity;
  while (segment.end <= at) {
    latest = Math.max(latest, segment.end - 1 + segment.offset);
    segment = zone.segmentAt(segment.end);
  }
  return Math.max(latest, at + segment.offset);
}

/** The first second at which the clock shows `local` or, where that is skipped, more. */
function firstTimeAt(local: LocalSeconds, zone: TimeZone): UnixSeconds {
  let segment = zone.segmentAt(local - maxOffsetSeconds);
  while (segment.end + segment.offset <= local) {
    segment = zone.segmentAt(segment.end);
  }
  return Math.max(segment.start, local - segment.offset);
}

/**
 * Goes through the segments until none can begin with a setback to readings
 * before the one where the search started; from there on, the next match is also
 * the next to be shown.
 */
function nextShowing(
  pattern: CivilPattern,
  after: UnixSeconds,
  zone: TimeZone,
): UnixSeconds | undefined {
  let segment = zone.segmentAt(after);
  let from = after + 1 + segment.offset;
  for (;;) {
    const local = nextMatch(pattern, from) ?? Infinity;
    const end = segment.end + segment.offset;
    if (local < end) return Math.max(segment.start, local - segment.offset);
    if (segment.end > after + maxShiftSeconds) {
      return local === Infinity ? undefined : firstTimeAt(local, zone);
    }
    segment = zone.segmentAt(segment.end);
    from = Math.min(end, segment.start + segment.offset);
  }
}
