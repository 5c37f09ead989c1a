import assert from "node:assert/strict";
import type { LogRecord } from "@logtape/logtape";
import { logFormatters } from "../../src/telemetry/log_format.ts";

function record(properties: Record<string, unknown>): LogRecord {
  const names = Object.keys(properties);
  const message = names.flatMap((name) => [` ${name} `, properties[name]]);
  return {
    category: ["forsun", "scheduler"],
    level: "warning",
    timestamp: Date.parse("2026-11-23T16:32:00.123Z"),
    message: [...message, "."],
    rawMessage: "",
    properties,
  };
}

Deno.test("logFormatters.text writes one line with time, level and logger", () => {
  const error = new Error("broke", { cause: new Error("refused") });
  assert.equal(
    logFormatters.text(record({ key: "a\nb\x1b[2J", n: 3, error })),
    "2026-11-23 16:32:00.123 +00:00 WARNING scheduler:  key a b [2J n 3 error broke (refused).",
  );
});

Deno.test("logFormatters.json writes one object with the values by their names", () => {
  const error = new Error("broke");
  const line = logFormatters.json(
    record({ key: "a\nb", n: 3, error, level: "forged", time: 1 }),
  );
  assert.doesNotMatch(line, /\n/);
  assert.deepEqual(JSON.parse(line), {
    time: "2026-11-23T16:32:00.123Z",
    level: "warning",
    logger: "scheduler",
    message: " key a b n 3 error broke level forged time 1.",
    key: "a\nb",
    n: 3,
    error: "broke",
  });
});
