import assert from "node:assert/strict";
import { parseDuration } from "../../src/command/duration.ts";
import { ErrorCode } from "../../src/core/errors.ts";
import { delayOf } from "../../src/core/timeout.ts";

Deno.test("parseDuration() reads whole numbers with units", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["0", 0],
    ["90", 90],
    ["90s", 90],
    ["30m", 1800],
    ["1h30m", 5400],
    ["1h90", 3690],
    ["2d", 172_800],
    ["1w2d3h4m5s", 788_645],
    ["007m", 420],
  ];
  for (const [text, seconds] of cases) {
    assert.equal(delayOf(parseDuration("--in", text)), seconds, text);
  }
});

Deno.test("parseDuration() keeps the units apart", () => {
  assert.deepEqual(parseDuration("--in", "90m5"), {
    second: 5,
    minute: 90,
    hour: undefined,
    day: undefined,
    month: undefined,
    week: undefined,
  });
});

Deno.test("parseDuration() refuses anything else", () => {
  const texts = [
    "",
    "s",
    "5x",
    "-5",
    "1.5h",
    "5m1h",
    "1h 30m",
    "5 m",
    "5M",
    "soon",
  ];
  for (const text of [...texts, "9".repeat(17), "9".repeat(400)]) {
    assert.throws(
      () => parseDuration("--in", text),
      ({ code, message }) =>
        code === ErrorCode.invalidArgument &&
        message.startsWith(
          "--in must be a duration such as 90s, 30m or 1h30m, got ",
        ),
      text,
    );
  }
});
