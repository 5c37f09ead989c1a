import assert from "node:assert/strict";
import { isTimeZone, timeZoneNamed } from "../../src/core/time_zone.ts";
import { at, show } from "./schedule_support.ts";

/** The zone's segments of a time, neighbours with the same offset put together. */
function segments(name: string, from: string, to: string): readonly string[] {
  const zone = timeZoneNamed(name);
  const shown: string[] = [];
  let offset = NaN;
  for (let second = at(from); second < at(to);) {
    const segment = zone.segmentAt(second);
    assert.ok(segment.start <= second && second < segment.end);
    if (segment.offset !== offset) {
      shown.push(`${show(second)} ${segment.offset}`);
    }
    offset = segment.offset;
    second = segment.end;
  }
  return shown;
}

Deno.test("isTimeZone() knows IANA names in any case", () => {
  for (
    const name of [
      "UTC",
      "utc",
      "Etc/UTC",
      "GMT",
      "Europe/Berlin",
      "europe/berlin",
      "America/Argentina/Buenos_Aires",
      "Etc/GMT+5",
    ]
  ) {
    assert.equal(isTimeZone(name), true, name);
  }
});

Deno.test("isTimeZone() refuses everything else", () => {
  for (
    const name of [
      "",
      "Berlin",
      "+08:00",
      "-0800",
      "UTC+8",
      "Z",
      "a".repeat(1e5),
    ]
  ) {
    assert.equal(isTimeZone(name), false, name);
  }
});

Deno.test("timeZoneNamed() throws a RangeError for a name that is none", () => {
  assert.throws(() => timeZoneNamed("Mars/Olympus_Mons"), RangeError);
});

Deno.test("segmentAt() of UTC is all of time", () => {
  assert.deepEqual(timeZoneNamed("UTC").segmentAt(0), {
    start: -Infinity,
    end: Infinity,
    offset: 0,
  });
});

Deno.test("segmentAt() knows daylight saving to the second", () => {
  assert.deepEqual(
    segments("Europe/Berlin", "2020-01-01T00:00:00Z", "2022-01-01T00:00:00Z"),
    [
      "2020-01-01T00:00:00Z 3600",
      "2020-03-29T01:00:00Z 7200",
      "2020-10-25T01:00:00Z 3600",
      "2021-03-28T01:00:00Z 7200",
      "2021-10-31T01:00:00Z 3600",
    ],
  );
});

Deno.test("segmentAt() knows an offset that was kept for a week only", () => {
  assert.deepEqual(
    segments("America/Recife", "2000-10-01T00:00:00Z", "2000-11-01T00:00:00Z"),
    [
      "2000-10-01T00:00:00Z -10800",
      "2000-10-08T03:00:00Z -7200",
      "2000-10-15T02:00:00Z -10800",
    ],
  );
});

Deno.test("segmentAt() knows offsets with seconds", () => {
  assert.deepEqual(
    segments("Africa/Monrovia", "1971-01-01T00:00:00Z", "1973-01-01T00:00:00Z"),
    ["1971-01-01T00:00:00Z -2670", "1972-01-07T00:44:30Z 0"],
  );
});

Deno.test("segmentAt() reaches a day beyond the first and the last second", () => {
  const zone = timeZoneNamed("Asia/Kolkata");
  for (const second of [-86_400, 0, 0xffff_ffff, 0xffff_ffff + 86_400]) {
    const { start, end, offset } = zone.segmentAt(second);
    assert.ok(start <= second && second < end);
    assert.equal(offset, 19_800);
  }
});
