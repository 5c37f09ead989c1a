/*
 * What the schedules' rules say, worked out the slow and obvious way: look at a
 * wall clock every second (or minute) and fire when the rule says so. Shares no
 * code with src/: the clock is Intl's, calendar sums are Date's.
 */

/** What a wall clock shows; weekday 0 is Sunday. */
export interface Reading {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** The reading as if it were UTC, in epoch seconds: orders readings. */
  readonly serial: number;
}

/** What a clock shows at `start`, `start + step`, … */
export interface WallClock {
  readonly start: number;
  readonly step: number;
  readonly readings: readonly Reading[];
  /** For each reading, whether the clock has shown it before. */
  readonly repeated: readonly boolean[];
  /** For some readings, those that the clock skipped just before. */
  readonly skipped: ReadonlyMap<number, readonly Reading[]>;
}

/** Which readings fire, and whether they name every hour of the day. */
export interface Rule {
  matches(reading: Reading): boolean;
  readonly everyHour: boolean;
}

export function readingOfSerial(serial: number): Reading {
  const date = new Date(serial * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    serial,
  };
}

/** A function from epoch seconds to what a clock in `zone` shows then. */
export function wallClockOf(zone: string): (second: number) => Reading {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  return (second) => {
    // "2026-11-23 16:32:00"
    const text = format.format(second * 1000);
    return readingOfSerial(Date.parse(text.replace(" ", "T") + "Z") / 1000);
  };
}

/** Looks at the zone's clock from `start` to `end`, once every `step` seconds. */
export function watch(
  zone: string,
  { start, end, step }: { start: number; end: number; step: number },
): WallClock {
  const read = wallClockOf(zone);
  const readings: Reading[] = [];
  const repeated: boolean[] = [];
  const skipped = new Map<number, Reading[]>();
  const shown = new Set<number>();
  for (let second = start; second < end; second += step) {
    const reading = read(second);
    const expected = (readings.at(-1) ?? reading).serial + step;
    for (let lost = expected; lost < reading.serial; lost += step) {
      const before = skipped.get(readings.length) ?? [];
      before.push(readingOfSerial(lost));
      skipped.set(readings.length, before);
    }
    readings.push(reading);
    repeated.push(shown.has(reading.serial));
    shown.add(reading.serial);
  }
  return { start, step, readings, repeated, skipped };
}

/**
 * The seconds at which `rule` fires under `clock`, but for those of its first
 * three hours, which are there to know what the clock has shown already.
 */
export function firings(rule: Rule, clock: WallClock): readonly number[] {
  const { start, step, readings, repeated, skipped } = clock;
  const fired: number[] = [];
  for (const [index, reading] of readings.entries()) {
    const fits = rule.matches(reading) && (rule.everyHour || !repeated[index]);
    const lost = skipped.get(index) ?? [];
    if (fits || lost.some((reading) => rule.matches(reading))) {
      fired.push(start + index * step);
    }
  }
  return fired.filter((second) => second >= start + 3 * 3600);
}

/** The first change of the zone's offset after `from` and before `to`. */
export function findShift(
  zone: string,
  from: number,
  to: number,
): number | undefined {
  const read = wallClockOf(zone);
  const offset = (second: number) => read(second).serial - second;
  let at = from;
  for (const step of [86_400, 3600, 60, 1]) {
    while (offset(at + step) === offset(at)) {
      at += step;
      if (at >= to) return undefined;
    }
  }
  return at + 1;
}
