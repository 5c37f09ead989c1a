import { strictEqual } from "node:assert/strict";
import { retryAfterSeconds } from "../../src/action/retry_after.ts";

const nowMs = Date.UTC(1994, 10, 6, 8, 49, 30);

Deno.test("retryAfterSeconds() reads seconds", () => {
  strictEqual(retryAfterSeconds("120", nowMs), 120);
  strictEqual(retryAfterSeconds(" 0 ", nowMs), 0);
});

Deno.test("retryAfterSeconds() reads an HTTP date", () => {
  strictEqual(retryAfterSeconds("Sun, 06 Nov 1994 08:49:37 GMT", nowMs), 7);
  strictEqual(retryAfterSeconds("Sun, 06 Nov 1994 08:49:37 GMT", nowMs + 1), 7);
});

Deno.test("retryAfterSeconds() takes a date in the past as now", () => {
  strictEqual(retryAfterSeconds("Sat, 05 Nov 1994 08:49:37 GMT", nowMs), 0);
});

Deno.test("retryAfterSeconds() waits no longer than a day", () => {
  strictEqual(retryAfterSeconds("99999999999999999999", nowMs), 86_400);
  strictEqual(
    retryAfterSeconds("Sun, 06 Nov 2094 08:49:37 GMT", nowMs),
    86_400,
  );
});

Deno.test("retryAfterSeconds() ignores everything else", () => {
  const values = [null, "", "-1", "1.5", "soon", "1994-11-06T08:49:37Z"];
  for (const value of [...values, "Sun, 99 Nov 1994 08:49:37 GMT"]) {
    strictEqual(retryAfterSeconds(value, nowMs), undefined);
  }
});
