import assert from "node:assert/strict";
import fc from "fast-check";
import { ErrorCode } from "../../src/core/errors.ts";
import { maxUnixSeconds } from "../../src/core/time.ts";
import { formatLocalTime } from "../../src/command/local_time.ts";
import { readSecond } from "../../src/command/read_moment.ts";
import { parseTimeArgument } from "../../src/command/time_argument.ts";
import { fuzzing } from "./fuzzing.ts";

function secondsOf(text: string, timeZone: string): number {
  return readSecond(text, { name: "TIME", timeZone });
}

Deno.test("formatLocalTime() shows the time with its offset", () => {
  const cases: readonly (readonly [number, string, string])[] = [
    [1795422720, "Asia/Shanghai", "2026-11-23 16:32:00+08:00"],
    [1795422720, "UTC", "2026-11-23 08:32:00+00:00"],
    [1795422720, "America/St_Johns", "2026-11-23 05:02:00-03:30"],
    [0, "America/New_York", "1969-12-31 19:00:00-05:00"],
    [0, "Africa/Monrovia", "1969-12-31 23:15:30-00:44:30"],
    [maxUnixSeconds, "UTC", "2106-02-07 06:28:15+00:00"],
  ];
  for (const [at, timeZone, text] of cases) {
    assert.equal(formatLocalTime(at, timeZone), text);
  }
  assert.throws(() => formatLocalTime(0, "Mars/Base"), RangeError);
});

Deno.test("resolveLocalTime() reads a skipped time as the jump's end and a doubled one as the first", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["2026-11-23 16:32:00", "Asia/Shanghai", "2026-11-23T08:32:00Z"],
    ["2026-03-29 01:59:59", "Europe/Berlin", "2026-03-29T00:59:59Z"],
    ["2026-03-29 02:00:00", "Europe/Berlin", "2026-03-29T01:00:00Z"],
    ["2026-03-29 02:30:00", "Europe/Berlin", "2026-03-29T01:00:00Z"],
    ["2026-03-29 03:00:00", "Europe/Berlin", "2026-03-29T01:00:00Z"],
    ["2026-03-29 03:00:01", "Europe/Berlin", "2026-03-29T01:00:01Z"],
    ["2026-10-25 02:30:00", "Europe/Berlin", "2026-10-25T00:30:00Z"],
    ["2026-10-25 03:00:00", "Europe/Berlin", "2026-10-25T02:00:00Z"],
    ["2011-12-30 12:00:00", "Pacific/Apia", "2011-12-30T10:00:00Z"],
    ["2011-12-31 00:00:00", "Pacific/Apia", "2011-12-30T10:00:00Z"],
    ["2011-12-29 23:59:59", "Pacific/Apia", "2011-12-30T09:59:59Z"],
    ["2024-02-29 00:00:00", "UTC", "2024-02-29T00:00:00Z"],
    ["1970-01-01 00:00:00", "UTC", "1970-01-01T00:00:00Z"],
    ["1969-12-31 19:00:00", "America/New_York", "1970-01-01T00:00:00Z"],
  ];
  for (const [text, timeZone, expected] of cases) {
    const at = secondsOf(text, timeZone);
    assert.equal(at, Date.parse(expected) / 1000, `${text} ${timeZone}`);
  }
});

Deno.test("resolveLocalTime() refuses times that no plan can have", () => {
  for (
    const [text, year] of [
      ["1970-01-01 00:00:00", 1970],
      ["1500-01-01 00:00:00", 1500],
      ["0000-01-01 00:00:00", 0],
      ["2106-02-08 00:00:00", 2106],
      ["9999-12-31 23:59:59", 9999],
    ]
  ) {
    assert.throws(() => secondsOf(String(text), "Asia/Shanghai"), {
      code: ErrorCode.invalidArgument,
      message: `TIME must be in 1970 to 2106, got ${year}`,
    });
  }
});

Deno.test("parseTimeArgument() reads what formatLocalTime() prints", () => {
  const anyZone = fc.constantFrom(
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/St_Johns",
    "Africa/Monrovia",
    "Pacific/Apia",
    "Australia/Lord_Howe",
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: maxUnixSeconds }),
      anyZone,
      (at, timeZone) => {
        const text = formatLocalTime(at, timeZone);
        assert.equal(parseTimeArgument("TIME", text), at);
        const local = text.slice(0, 19);
        const first = secondsOf(local, timeZone);
        assert.equal(formatLocalTime(first, timeZone).slice(0, 19), local);
        assert(first <= at && at - first <= 3600);
      },
    ),
    { ...fuzzing, numRuns: Math.ceil(fuzzing.numRuns / 5) },
  );
});

Deno.test("parseTimeArgument() reads an epoch or a time, and nothing else", () => {
  assert.equal(parseTimeArgument("TIME", "0"), 0);
  assert.equal(parseTimeArgument("TIME", "007"), 7);
  assert.equal(parseTimeArgument("TIME", "4294967295"), 4294967295);
  assert.equal(parseTimeArgument("TIME", "1970-01-01T00:00:01Z"), 1);
  assert.equal(parseTimeArgument("TIME", "1970-01-02 00:00:00+23:59:59"), 1);
  const malformed = [
    "",
    "-1",
    "1.5",
    "now",
    "2026-11-23",
    "2026-11-23 16:32",
    "2026-11-23  16:32:00",
    "2026-13-01 00:00:00",
    "2026-00-01 00:00:00",
    "2026-02-29 00:00:00",
    "2026-01-00 00:00:00",
    "2026-01-01 24:00:00",
    "2026-01-01 00:60:00",
    "2026-01-01 00:00:60",
    "2026-01-01 00:00:00+8",
    "2026-01-01 00:00:00+24:00",
    "2026-01-01 00:00:00+08:60",
    "2026-01-01 00:00:00 UTC",
    "2026-01-01 00:00:00Z\n",
  ];
  for (const text of malformed) {
    assert.throws(() => parseTimeArgument("TIME", text), {
      code: ErrorCode.invalidArgument,
      message: `TIME must be an epoch or "YYYY-MM-DD HH:MM:SS", got ${
        JSON.stringify(text)
      }`,
    });
  }
  assert.throws(() => parseTimeArgument("TIME", "4294967296"), {
    message: 'TIME must be 0 to 4294967295, got "4294967296"',
  });
  assert.throws(() => parseTimeArgument("TIME", "1970-01-01 00:00:00+08:00"), {
    message: "TIME must be in 1970 to 2106, got 1970",
  });
});

Deno.test("formatLocalTime() shows the process's own zone when none is named", async () => {
  const module = new URL("../../src/command/local_time.ts", import.meta.url);
  const times = [0, 1774745999, 1774746000, 1795422720];
  const script = `import { formatLocalTime } from ${JSON.stringify(module)};
    console.log(${
    JSON.stringify(times)
  }.map((at) => formatLocalTime(at)).join());`;
  for (
    const timeZone of [
      "Europe/Berlin",
      "Africa/Monrovia",
      "Asia/Kolkata",
      "UTC",
    ]
  ) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-lock", script],
      env: { TZ: timeZone },
    }).output();
    assert.equal(
      new TextDecoder().decode(stdout),
      `${times.map((at) => formatLocalTime(at, timeZone)).join()}\n`,
    );
  }
});
