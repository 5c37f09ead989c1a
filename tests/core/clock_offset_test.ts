import assert from "node:assert/strict";
import { zoneClockOffset } from "../../src/core/clock_offset.ts";

/** In winter and in summer; one half of the year shows what the other does. */
const moments = ["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"];

Deno.test("zoneClockOffset() is what mktime(gmtime()) is off by, at any time of the year", () => {
  const zones = {
    "UTC": 0,
    "Asia/Shanghai": 8 * 3600,
    "America/New_York": -5 * 3600,
    "Europe/London": 0,
    "Australia/Lord_Howe": 10.5 * 3600,
    // Their winter, and Ramadan, is daylight saving to mktime().
    "Europe/Dublin": 3600,
    "Africa/Casablanca": 3600,
  };
  for (const moment of moments) {
    const now = Date.parse(moment) / 1000;
    for (const [zone, seconds] of Object.entries(zones)) {
      assert.equal(zoneClockOffset(zone, now).seconds, seconds, zone);
    }
  }
});
