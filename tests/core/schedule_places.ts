import fc from "fast-check";
import { findShift, type WallClock, watch } from "./schedule_oracle.ts";

/** Zones with a shift worth meeting, and a year that has one. */
const shifts: readonly (readonly [zone: string, year: number])[] = [
  ["Africa/Cairo", 2010],
  ["Africa/Casablanca", 2026],
  ["Africa/Casablanca", 2087],
  ["Africa/Monrovia", 1972],
  ["America/Caracas", 2007],
  ["America/Caracas", 2016],
  ["America/Danmarkshavn", 1996],
  ["America/Havana", 2026],
  ["America/Noronha", 2000],
  ["America/Sao_Paulo", 2018],
  ["America/St_Johns", 1988],
  ["America/St_Johns", 2006],
  ["Antarctica/Casey", 2010],
  ["Antarctica/Casey", 2019],
  ["Antarctica/Troll", 2026],
  ["Asia/Gaza", 2040],
  ["Asia/Kathmandu", 1985],
  ["Asia/Pyongyang", 2015],
  ["Asia/Pyongyang", 2018],
  ["Asia/Tehran", 2005],
  ["Australia/Lord_Howe", 2026],
  ["Europe/Dublin", 1971],
  ["Europe/Moscow", 2014],
  ["Pacific/Apia", 2011],
  ["Pacific/Chatham", 2099],
  ["Pacific/Kiritimati", 1994],
  ["Pacific/Kwajalein", 1993],
];

const zones = [
  ...new Set(shifts.map(([zone]) => zone)),
  "America/New_York",
  "Asia/Kolkata",
  "Europe/Berlin",
  "UTC",
];

/** A zone's name, mostly of one that sets its clock. */
export const zoneName: fc.Arbitrary<string> = fc.constantFrom(...zones);

/** A year in a zone, and which of its shifts to look at, if it has any. */
export interface Place {
  readonly zone: string;
  readonly year: number;
  readonly shift: "first" | "second";
  /** Where to look without a shift, in thousandths of the year. */
  readonly thousandth: number;
}

const anyPlace: fc.Arbitrary<Place> = fc.record({
  zone: zoneName,
  year: fc.integer({ min: 1971, max: 2105 }),
  shift: fc.constantFrom("first", "second"),
  thousandth: fc.nat(999),
});

const oddPlace: fc.Arbitrary<Place> = fc.record({
  of: fc.constantFrom(...shifts),
  shift: fc.constantFrom<Place["shift"]>("first", "second"),
}).map(({ of: [zone, year], shift }) => ({ zone, year, shift, thousandth: 0 }));

export const place: fc.Arbitrary<Place> = fc.oneof(oddPlace, anyPlace);

/** The clock of a place from `before` seconds before its shift to `after` seconds behind. */
export function clockAt(
  { zone, year, shift, thousandth }: Place,
  { before, after, step }: Readonly<
    Record<"before" | "after" | "step", number>
  >,
): WallClock {
  const begin = Date.UTC(year, 0, 1) / 1000;
  const end = Date.UTC(year + 1, 0, 1) / 1000;
  const first = findShift(zone, begin, end);
  const second = first && findShift(zone, first, end);
  const found = shift === "second" ? second ?? first : first;
  const middle = found ?? begin + thousandth * 31_536;
  // Shifts happen at full minutes, but for Monrovia's in 1972, which only seconds meet.
  const start = Math.floor(middle / 60) * 60 - before;
  return watch(zone, { start, end: middle + after, step });
}
