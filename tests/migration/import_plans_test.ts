import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { encode } from "@msgpack/msgpack";
import { importPlans } from "../../src/migration/import_plans.ts";
import type { OldEntry } from "../../src/migration/old_source.ts";
import { readOldPlan } from "../../src/migration/old_plan.ts";
import { oldPlan } from "./old_daemon.ts";

Deno.test("importPlans() that is given up ends behind the plans that are under way", async () => {
  const stop = new AbortController();
  const reason = new Error("stop");
  const stored = Promise.withResolvers<void>();
  async function* entries(): AsyncGenerator<OldEntry> {
    for (const key of ["a", "b"]) {
      const plan = readOldPlan(encode(oldPlan(key, { next_time: 10 })));
      yield await Promise.resolve({ kind: "plan", plan, isPending: true });
      stop.abort(reason);
    }
  }
  let isOver = false;
  const importing = importPlans({
    name: "test",
    currentTime: undefined,
    planCount: 2,
    entries,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }, {
    restore: () => stored.promise,
    offsetSeconds: 0,
    concurrency: 10,
    onTrouble: () => {},
    signal: stop.signal,
  }).finally(() => isOver = true);
  const rejected = assert.rejects(importing, reason);
  await setImmediate();
  assert.equal(isOver, false);
  stored.resolve();
  await rejected;
});
