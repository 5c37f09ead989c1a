import assert from "node:assert/strict";
import { systemClock } from "../../src/core/system_clock.ts";

Deno.test("systemClock.sleep() sleeps on where a timer can't count so far", async () => {
  const abort = new AbortController();
  let isAwake = false;
  const sleeping = systemClock.sleep(2 ** 31, abort.signal)
    .then(() => isAwake = true);
  await systemClock.sleep(20);
  assert.equal(isAwake, false);
  abort.abort();
  await sleeping;
});
