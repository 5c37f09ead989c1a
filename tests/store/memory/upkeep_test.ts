import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { DueIndex } from "../../../src/store/memory/due_index.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { Store } from "../../../src/store/store.ts";
import {
  journalFiles,
  openForTest,
} from "../../support/memory_store_harness.ts";
import { calendarPlan, timeoutPlan } from "../../support/plans.ts";
import { tempFolder } from "../../support/temp_folder.ts";
import { eventually } from "../../support/eventually.ts";

Deno.test("MemoryStore keeps its journal small while plans come, fire and go", async () => {
  await using folder = await tempFolder();
  let now = 1_000_000;
  const segmentBytes = 4096;
  const sizes = { segmentBytes, smallLogBytes: 4 * segmentBytes };
  const options = { ...sizes, now: () => now };
  await using store = await openForTest(folder.path, options);
  for (let round = 0; round < 60; round++) {
    const puts = Array.from(
      { length: 20 },
      (_, index) => store.put(timeoutPlan(`${round}.${index}`, 2), now + 2),
    );
    await Promise.all(puts);
    now++;
    await fireAll(store, now);
    await setImmediate();
  }
  // What is under way goes on by itself.
  await eventually(async () => (await journalFiles(folder.path)).length <= 8);
});

Deno.test("MemoryStore does not clean a journal of outcomes that retries still need", async () => {
  await using folder = await tempFolder();
  const now = 1_000_000;
  const sizes = { segmentBytes: 16_384, smallLogBytes: 16_384 };
  await using store = await openForTest(folder.path, {
    ...sizes,
    now: () => now,
  });
  for (let index = 0; index < 50; index++) {
    await store.put(timeoutPlan(`${index}`, 1), now);
  }
  const request = { now, missedBefore: now, limit: 100 };
  const { claims } = await store.claimDue(request);
  assert.equal(claims.length, 50);
  const detail = "x".repeat(4000);
  const outcome = { status: "failed", attempt: 1, durationMs: 1 } as const;
  await store.settle(claims.map((claim) => ({
    kind: "retry",
    claim,
    outcome: { ...outcome, endedAt: now, detail },
    retryAt: now + 3600,
  })));
  const written = async () => (await journalFiles(folder.path)).length > 10;
  await eventually(written);
  const before = await journalFiles(folder.path);
  // Each write of a new segment asks anew whether cleaning pays.
  for (let index = 0; index < 200; index++) {
    await store.put(timeoutPlan(`more ${index}`, 3600), now + 3600);
    await setImmediate();
  }
  assert.equal((await journalFiles(folder.path))[0], before[0]);
});

Deno.test("MemoryStore gets the next seconds ready behind every claim", async () => {
  await using folder = await tempFolder();
  await using store = await openForTest(folder.path);
  const { prepare } = DueIndex.prototype;
  let count = 0;
  DueIndex.prototype.prepare = function (limit) {
    count++;
    return prepare.call(this, limit);
  };
  try {
    for (let claims = 1; claims <= 3; claims++) {
      await fireAll(store, 1_000_000 + claims);
      await setImmediate();
      assert.equal(count, claims);
    }
  } finally {
    DueIndex.prototype.prepare = prepare;
  }
});

Deno.test("MemoryStore fires the others when a plan's time zone is not known any more", async () => {
  await using folder = await tempFolder();
  await using store = await openForTest(folder.path);
  const now = 1_000_001;
  const daily = calendarPlan("b", { hour: 3 });
  const schedule = { ...daily.schedule, timeZone: "Atlantis/Capital" };
  await store.put(timeoutPlan("a", 1), now);
  await store.put({ ...daily, schedule } as Plan, now);
  await store.put(timeoutPlan("c", 1), now);
  const request = { now, missedBefore: 0, limit: 100 };
  const { claims } = await store.claimDue(request);
  assert.deepEqual(claims.map(({ plan }) => plan.key), ["a", "c"]);
  assert.deepEqual(await store.claimDue(request), {
    claims: [],
    hasMore: false,
  });
});

Deno.test("MemoryStore keeps the next occurrence of a plan that it has put aside", async () => {
  await using folder = await tempFolder();
  const sizes = { segmentBytes: 1024, smallLogBytes: 2048 };
  const now = 1_000_001;
  const request = { now, missedBefore: 0, limit: 100 };
  const nextAt = async (store: Store) => (await store.get("b"))?.state.nextAt;
  {
    await using store = await openForTest(folder.path, sizes);
    const daily = calendarPlan("b", { hour: 3 });
    const schedule = { ...daily.schedule, timeZone: "Atlantis/Capital" };
    await store.put({ ...daily, schedule } as Plan, now);
    await store.claimDue(request);
    assert.equal(await nextAt(store), now);
    await eventually(async () => {
      await store.put(timeoutPlan("other", 60), now + 60);
      const [oldest] = await journalFiles(folder.path);
      return !oldest.endsWith("/0000000001.journal");
    });
  }
  await using store = await openForTest(folder.path, sizes);
  assert.equal(await nextAt(store), now);
  // A version that knows the zone would fire it.
  assert.ok(store.mayBeDue(now));
});

/** Has all that is due at `now` succeed. */
async function fireAll(store: Store, now: number): Promise<void> {
  for (let hasMore = true; hasMore;) {
    const batch = await store.claimDue({ now, missedBefore: 0, limit: 100 });
    hasMore = batch.hasMore;
    const outcome = {
      status: "succeeded",
      attempt: 1,
      endedAt: now,
      durationMs: 1,
      detail: "",
    } as const;
    await store.settle(
      batch.claims.map((claim) => ({ kind: "ended", claim, outcome })),
    );
  }
}
