import type { UnixSeconds } from "./time.ts";

/** A stretch of time, `end` not included, in which a zone keeps its offset from UTC. */
export interface OffsetSegment {
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
  /** Wall clock minus UTC, in seconds. */
  readonly offset: number;
}

/**
 * What separates two looks at the offset: about three days. The shortest time
 * that a zone has ever kept an offset since 1970, or will by its present rules,
 * is seven days less an hour (Recife in 2000, Gaza in 2040), so that no change is
 * overlooked.
 */
const samplingStep = 2 ** 18;

/** The segments of `from` to `to`, in order and without holes; `to` is not included. */
export function findOffsetSegments(
  offsetAt: (second: UnixSeconds) => number,
  from: UnixSeconds,
  to: UnixSeconds,
): readonly OffsetSegment[] {
  const segments: OffsetSegment[] = [];
  let start = from;
  let offset = offsetAt(from);
  for (let at = from; at < to - 1;) {
    const next = Math.min(at + samplingStep, to - 1);
    const nextOffset = offsetAt(next);
    if (nextOffset !== offset) {
      const end = findChange(offsetAt, at, next);
      segments.push({ start, end, offset });
      start = end;
      offset = nextOffset;
    }
    at = next;
  }
  return [...segments, { start, end: to, offset }];
}

/** The first second whose offset isn't that of `before`, known to be at `after` at the latest. */
function findChange(
  offsetAt: (second: UnixSeconds) => number,
  before: UnixSeconds,
  after: UnixSeconds,
): UnixSeconds {
  const offset = offsetAt(before);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}
