import assert from "node:assert/strict";
import type { Outcome } from "../../../src/core/outcome.ts";
import type { Claim, Store } from "../../../src/store/store.ts";
import { openForTest } from "../../support/memory_store_harness.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { tempFolder } from "../../support/temp_folder.ts";

const start = 1_000_000;
const hour = 3600;
const year = 365 * 86_400;

async function claimsAt(store: Store, now: number): Promise<readonly Claim[]> {
  const request = { now, missedBefore: 0, limit: 100 };
  return (await store.claimDue(request)).claims;
}

/** Has the plan of a claim tried again at `retryAt`. */
async function retry(
  store: Store,
  claim: Claim,
  retryAt: number,
): Promise<void> {
  const { attempt } = claim;
  const outcome: Outcome = {
    ...{ status: "failed", attempt, endedAt: start, durationMs: 1 },
    detail: "",
  };
  await store.settle([{ kind: "retry", claim, outcome, retryAt }]);
}

Deno.test("claimDue() gives retries after as long as they were to wait, though the clock steps back", async () => {
  await using folder = await tempFolder();
  await using store = await openForTest(folder.path);
  const ahead = start + hour;
  await store.put(timeoutPlan("retried", 1), ahead);
  await store.put(timeoutPlan("released", 1), ahead);
  const [retried, released] = await claimsAt(store, ahead);
  await retry(store, retried, ahead + 5);
  const notBefore = ahead + 7;
  await store.settle([{ kind: "released", claim: released, notBefore }]);
  assert.deepEqual(await claimsAt(store, start), []);
  assert.deepEqual(await claimsAt(store, start + 4), []);
  const seen: string[] = [];
  for (const now of [start + 5, start + 7]) {
    for (const { plan, attempt } of await claimsAt(store, now)) {
      seen.push(`${plan.key} ${attempt}`);
    }
  }
  assert.deepEqual(seen, ["retried 2", "released 1"]);
});

Deno.test("openMemoryStore() has no retry wait for longer than a day", async () => {
  await using folder = await tempFolder();
  {
    await using store = await openForTest(folder.path);
    await store.put(timeoutPlan("a", 1), start);
    const [claim] = await claimsAt(store, start);
    await retry(store, claim, start + 50 * year);
  }
  await using store = await openForTest(folder.path, { now: () => start });
  assert.deepEqual(await claimsAt(store, start + 86_399), []);
  const [claim] = await claimsAt(store, start + 86_400);
  assert.equal(claim.attempt, 2);
});
