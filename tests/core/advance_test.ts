import assert from "node:assert/strict";
import { advance, type AdvanceRequest } from "../../src/core/advance.ts";
import type { Misfire } from "../../src/core/plan.ts";
import { at, calendar, cron, show, timeout } from "./schedule_support.ts";

const inTime: AdvanceRequest = {
  due: 10_000,
  missedBefore: 10_000,
  misfire: "once",
  runs: 0,
  timeZone: "UTC",
};

Deno.test("advance() of a timeout adds its delay to the scheduled second", () => {
  assert.deepEqual(advance(timeout({ second: 7 }), inTime), {
    fires: true,
    nextAt: 10_007,
  });
});

Deno.test("advance() of a timeout ends after `count` runs", () => {
  const thrice = timeout({ second: 7 }, 3);
  const nextAt = (runs: number) => advance(thrice, { ...inTime, runs }).nextAt;
  assert.deepEqual([0, 1, 2, 3].map(nextAt), [
    10_007,
    10_007,
    undefined,
    undefined,
  ]);
});

Deno.test("advance() of a timeout with count 0 never ends", () => {
  const request = { ...inTime, runs: 1e9 };
  assert.equal(advance(timeout({ second: 7 }), request).nextAt, 10_007);
});

Deno.test("advance() of a timeout without delay ends whatever its count", () => {
  for (const count of [0, 1, 5]) {
    assert.deepEqual(advance(timeout({}, count), inTime), {
      fires: true,
      nextAt: undefined,
    });
  }
});

for (const misfire of ["once", "skip", "all"] as const) {
  Deno.test(`advance() fires a missed timeout late and keeps its rhythm, misfire ${misfire}`, () => {
    const nextAt = (missedBefore: number) => {
      const request = { ...inTime, misfire, missedBefore };
      const { fires, nextAt } = advance(timeout({ second: 10 }, 9), request);
      assert.equal(fires, true);
      return nextAt;
    };
    assert.equal(nextAt(10_001), 10_010);
    assert.equal(nextAt(10_010), 10_010);
    assert.equal(nextAt(10_011), 10_020);
    assert.equal(nextAt(10_000 + 1e9), 10_000 + 1e9);
    assert.equal(nextAt(10_001 + 1e9), 10_010 + 1e9);
  });
}

Deno.test("advance() ends a missed timeout whose last run this is", () => {
  const request = { ...inTime, missedBefore: 20_000, runs: 1 };
  assert.deepEqual(advance(timeout({ second: 10 }, 2), request), {
    fires: true,
    nextAt: undefined,
  });
});

Deno.test("advance() ends a timeout that would go past the last second", () => {
  const request = { ...inTime, due: 0xffff_fff0, missedBefore: 0 };
  assert.equal(advance(timeout({ second: 15 }), request).nextAt, 0xffff_ffff);
  assert.equal(advance(timeout({ second: 16 }), request).nextAt, undefined);
});

const daily = { due: at("2026-11-20T16:00:00Z"), runs: 4, timeZone: "UTC" };

for (
  const [kind, schedule] of [
    ["calendar", calendar({ hour: 16 })],
    ["cron", cron("0 16 * * *")],
  ] as const
) {
  const claim = (misfire: Misfire, missedBefore: string) => {
    const request = { ...daily, misfire, missedBefore: at(missedBefore) };
    const { fires, nextAt } = advance(schedule, request);
    return `${fires ? "fires" : "skips"}, then ${show(nextAt)}`;
  };

  Deno.test(`advance() of a ${kind} in time fires whatever the misfire policy`, () => {
    for (const misfire of ["once", "skip", "all"] as const) {
      assert.equal(
        claim(misfire, "2026-11-20T16:00:00Z"),
        "fires, then 2026-11-21T16:00:00Z",
      );
    }
  });

  Deno.test(`advance() of a missed ${kind} fires once with misfire once`, () => {
    const missed = (before: string) => claim("once", before);
    assert.equal(
      missed("2026-11-20T16:00:01Z"),
      "fires, then 2026-11-21T16:00:00Z",
    );
    assert.equal(
      missed("2026-11-23T16:00:00Z"),
      "fires, then 2026-11-23T16:00:00Z",
    );
    assert.equal(
      missed("2026-11-23T16:00:01Z"),
      "fires, then 2026-11-24T16:00:00Z",
    );
  });

  Deno.test(`advance() of a missed ${kind} doesn't fire with misfire skip`, () => {
    assert.equal(
      claim("skip", "2026-11-23T16:00:00Z"),
      "skips, then 2026-11-23T16:00:00Z",
    );
  });

  Deno.test(`advance() of a missed ${kind} fires each with misfire all`, () => {
    assert.equal(
      claim("all", "2026-11-23T16:00:00Z"),
      "fires, then 2026-11-21T16:00:00Z",
    );
  });
}

Deno.test("advance() ends a one-shot calendar, fired or skipped", () => {
  const all = { second: 0, minute: 0, hour: 16, day: 20, month: 11 };
  for (
    const [misfire, missedBefore, fires] of [
      ["once", daily.due, true],
      ["once", daily.due + 1, true],
      ["all", daily.due + 1, true],
      ["skip", daily.due, true],
      ["skip", daily.due + 1, false],
    ] as const
  ) {
    const request = { ...daily, misfire, missedBefore };
    assert.deepEqual(advance(calendar(all), request), {
      fires,
      nextAt: undefined,
    });
  }
});

Deno.test("advance() repeats a calendar of month and day alone each year", () => {
  const request = { ...inTime, ...daily, due: at("2026-11-20T00:00:00Z") };
  const { nextAt } = advance(calendar({ month: 11, day: 20 }), request);
  assert.equal(show(nextAt), "2027-11-20T00:00:00Z");
});

Deno.test("advance() uses the daemon's zone for a schedule without", () => {
  const request = { ...inTime, ...daily, timeZone: "Asia/Shanghai" };
  const { nextAt } = advance(calendar({ hour: 16 }), request);
  assert.equal(show(nextAt), "2026-11-21T08:00:00Z");
});
