import assert from "node:assert/strict";
import type { Outcome } from "../../src/core/outcome.ts";
import type {
  Claim,
  DuePageRequest,
  DuePlace,
  Store,
} from "../../src/store/store.ts";
import { calendarPlan, timeoutPlan } from "../support/plans.ts";

/** A store under test. Closing it also removes what it stored. */
export interface StoreHarness extends AsyncDisposable {
  readonly store: Store;
  /** Closes the store and opens it again, as a new daemon finds it. */
  reopen(): Promise<Store>;
}

/** Seconds that lie behind every clock, so that a store may hold its own clock against them. */
const start = 1_000_000;

const succeeded: Outcome = {
  status: "succeeded",
  attempt: 1,
  endedAt: start,
  durationMs: 12,
  detail: "done",
};
const failed: Outcome = { ...succeeded, status: "failed", detail: "refused" };

/**
 * What every store promises; `name` tells whose tests these are. One that is
 * not durable need not find again what was there when it was closed.
 */
export function testStoreContract(
  name: string,
  open: (options: { keepSeconds: number }) => Promise<StoreHarness>,
  { isDurable = true } = {},
): void {
  function test(
    promise: string,
    run: (store: Store, harness: StoreHarness) => Promise<void>,
    { keepSeconds = 0 } = {},
  ): void {
    Deno.test(`${name}: ${promise}`, async () => {
      await using harness = await open({ keepSeconds });
      await run(harness.store, harness);
    });
  }

  test("get() gives the plan that was put, with a fresh state", async (store) => {
    const plan = timeoutPlan("order:1", 30, {
      createdAt: start,
      params: { cmd: "echo 'ü'", env: "", "header_X-Any": "\u{1f600}" },
    });
    await store.put(plan, start + 30);
    assert.deepEqual(await store.get("order:1"), {
      plan,
      state: {
        nextAt: start + 30,
        runs: 0,
        lastAt: undefined,
        lastOutcome: undefined,
      },
    });
  });

  test("get() gives undefined for a key that was never put", async (store) => {
    await store.put(timeoutPlan("a", 1), start);
    assert.equal(await store.get("b"), undefined);
    assert.equal(await store.get(""), undefined);
    assert.equal(await store.get("aa"), undefined);
  });

  test("put() keeps calendar and cron schedules", async (store) => {
    const calendar = calendarPlan("c", { hour: 16, minute: 32 }, {
      misfire: "all",
    });
    const cron = {
      ...calendar,
      key: "d",
      misfire: "skip",
      schedule: {
        kind: "cron",
        expression: "0 0 9 * * MON-FRI",
        timeZone: undefined,
      },
    } as const;
    await store.put(calendar, start);
    await store.put(cron, start);
    assert.deepEqual((await store.get("c"))?.plan, calendar);
    assert.deepEqual((await store.get("d"))?.plan, cron);
  });

  test("put() replaces the plan of a key and its progress", async (store) => {
    await store.put(timeoutPlan("a", 5, { count: 0 }), start + 5);
    const [claim] = await claim1(store, start + 5);
    await settle(store, claim, succeeded);
    const later = timeoutPlan("a", 60, { params: { cmd: "new" } });
    await store.put(later, start + 60);
    assert.deepEqual((await store.get("a"))?.plan, later);
    assert.equal((await store.get("a"))?.state.runs, 0);
    assert.deepEqual(await claimAll(store, start + 59), []);
    assert.equal((await claim1(store, start + 60))[0].plan.params.cmd, "new");
    assert.equal((await store.stats()).planCount, 1);
  });

  test("put() keeps bytes that are not UTF-8 as they are", async (store) => {
    const body = "\udcff\udc80 ok \u{1f600}";
    await store.put(timeoutPlan("a", 5, { params: { body } }), start);
    assert.equal((await store.get("a"))?.plan.params.body, body);
  });

  test(
    "put() takes the progress that a plan had elsewhere",
    async (store, harness) => {
      const plan = timeoutPlan("a", 30, { count: 5 });
      const progress = { runs: 2, lastAt: start - 30, lastOutcome: failed };
      await store.put(timeoutPlan("a", 7), start);
      await store.put(plan, start, progress);
      const stored = { plan, state: { ...progress, nextAt: start } };
      assert.deepEqual(await store.get("a"), stored);
      const reopened = isDurable ? await harness.reopen() : store;
      assert.deepEqual(await reopened.get("a"), stored);
      const [claim] = await claimAll(reopened, start);
      assert.deepEqual([claim.second, claim.attempt], [start, 1]);
      await settle(reopened, claim, succeeded);
      assert.deepEqual((await reopened.get("a"))?.state, {
        nextAt: start + 30,
        runs: 3,
        lastAt: start,
        lastOutcome: succeeded,
      });
      await claimAll(reopened, start + 30);
      await claimAll(reopened, start + 60);
      assert.equal((await reopened.get("a"))?.state.nextAt, undefined);
    },
  );

  test("remove() gives the removed plan, then undefined", async (store) => {
    const plan = timeoutPlan("a", 5);
    await store.put(plan, start + 5);
    assert.deepEqual((await store.remove("a"))?.plan, plan);
    assert.equal(await store.remove("a"), undefined);
    assert.equal(await store.get("a"), undefined);
    assert.equal((await store.stats()).planCount, 0);
    assert.deepEqual(await claimAll(store, start + 5), []);
  });

  test("remove() finds a plan whose put is still under way", async (store) => {
    const put = store.put(timeoutPlan("a", 5), start + 5);
    const removed = store.remove("a");
    await put;
    assert.equal((await removed)?.plan.key, "a");
    assert.equal(await store.get("a"), undefined);
  });

  test("page() goes through keys in UTF-8 order, prefix by prefix", async (store) => {
    const keys = [
      "b",
      "a:2",
      "a:10",
      "a",
      "a:",
      "ä",
      "\u{1f600}",
      "\uffff",
      "a:1",
    ];
    for (const key of keys) await store.put(timeoutPlan(key, 9), start);
    const sorted = [
      "a",
      "a:",
      "a:1",
      "a:10",
      "a:2",
      "b",
      "ä",
      "\uffff",
      "\u{1f600}",
    ];
    const all = { prefix: "", after: undefined, limit: 100 };
    assert.deepEqual(await store.pageKeys(all), sorted);
    assert.deepEqual(
      (await store.page(all)).map((one) => one.plan.key),
      sorted,
    );
    const prefixed = { ...all, prefix: "a:" };
    assert.deepEqual(await store.pageKeys(prefixed), [
      "a:",
      "a:1",
      "a:10",
      "a:2",
    ]);
    assert.deepEqual(await store.pageKeys({ ...prefixed, limit: 2 }), [
      "a:",
      "a:1",
    ]);
    assert.deepEqual(await store.pageKeys({ ...prefixed, after: "a:1" }), [
      "a:10",
      "a:2",
    ]);
    assert.deepEqual(await store.pageKeys({ ...prefixed, after: "a:11" }), [
      "a:2",
    ]);
    assert.deepEqual(await store.pageKeys({ ...prefixed, after: "A" }), [
      "a:",
      "a:1",
      "a:10",
      "a:2",
    ]);
    assert.deepEqual(await store.pageKeys({ ...prefixed, after: "b" }), []);
    assert.deepEqual(await store.pageKeys({ ...all, prefix: "nothing" }), []);
  });

  test("pageDue() goes through plans by next occurrence, then by key", async (store) => {
    await claimAll(store, start);
    const far = start + 40 * 86_400;
    const seconds = { b: 5, "a:2": 5, a: far - start, "ä": 5, c: 4000, d: 1 };
    for (const [key, offset] of Object.entries(seconds)) {
      await store.put(timeoutPlan(key, 9), start + offset);
    }
    const all = await pageOf(store, {});
    assert.deepEqual(all.keys, ["d", "a:2", "b", "ä", "c", "a"]);
    assert.equal(all.next, undefined);
    const two = await pageOf(store, { limit: 2 });
    assert.deepEqual(two.keys, ["d", "a:2"]);
    assert.deepEqual(two.next, { second: start + 5, key: "a:2" });
    const rest = await pageOf(store, { after: two.next });
    assert.deepEqual(rest.keys, ["b", "ä", "c", "a"]);
    const exact = await pageOf(store, { after: two.next, limit: 4 });
    assert.deepEqual(exact, { keys: rest.keys, next: undefined });
    const from = { second: start + 6, key: "" };
    assert.deepEqual((await pageOf(store, { after: from })).keys, ["c", "a"]);
  });

  test("pageDue() names only keys that begin with the prefix", async (store) => {
    await claimAll(store, start);
    for (const key of ["a", "a:1", "a:2", "b:1", "ab"]) {
      await store.put(timeoutPlan(key, 9), start + 100 - key.length);
    }
    const prefix = "a:";
    const { keys, next } = await pageOf(store, { prefix, limit: 1 });
    assert.deepEqual(keys, ["a:1"]);
    assert.deepEqual((await pageOf(store, { prefix, after: next })).keys, [
      "a:2",
    ]);
    assert.deepEqual(await pageOf(store, { prefix: "z" }), {
      keys: [],
      next: undefined,
    });
  });

  test("pageDue() leaves out plans without a next occurrence", async (store) => {
    await store.put(timeoutPlan("over", 5), start);
    await store.put(timeoutPlan("repeating", 5, { count: 0 }), start);
    await claimAll(store, start);
    await store.put(timeoutPlan("due", 5), start);
    assert.deepEqual((await pageOf(store, {})).keys, ["due", "repeating"]);
  });

  test(
    "pageDue() leaves out plans that are kept to be looked at",
    async (store) => {
      await store.put(timeoutPlan("kept", 5), start);
      const [claim] = await claim1(store, start);
      await settle(store, claim, succeeded);
      assert.notEqual(await store.get("kept"), undefined);
      assert.deepEqual((await pageOf(store, {})).keys, []);
    },
    { keepSeconds: 60 },
  );

  test("pageDue() names each of many plans of one second once", async (store) => {
    await claimAll(store, start);
    const names = Array.from({ length: 250 }, (_, at) => `k${1000 + at}`);
    await Promise.all(
      names.map((key) => store.put(timeoutPlan(key, 9), start + 500)),
    );
    const found: string[] = [];
    let after: DuePlace | undefined;
    do {
      const page = await pageOf(store, { after, limit: 100 });
      found.push(...page.keys);
      after = page.next;
    } while (after !== undefined);
    assert.deepEqual(found, names);
  });

  test("dueAt() gives the plans of one second, near and far", async (store) => {
    await claimAll(store, start);
    const far = start + 40 * 86_400;
    await store.put(timeoutPlan("near", 7), start + 7);
    await store.put(timeoutPlan("other", 8), start + 8);
    await store.put(timeoutPlan("far", 9), far);
    await store.put(timeoutPlan("far too", 9), far);
    const at = async (second: number, limit = 10) =>
      (await store.dueAt({ second, limit, claimed: false }))
        .map((one) => one.plan.key).sort();
    assert.deepEqual(await at(start + 7), ["near"]);
    assert.deepEqual(await at(far), ["far", "far too"]);
    assert.equal((await at(far, 1)).length, 1);
    assert.deepEqual(await at(far + 1), []);
    assert.deepEqual(await at(start + 6), []);
  });

  test("dueAt() names plans that are being executed when asked to", async (store) => {
    await store.put(timeoutPlan("a", 7), start + 7);
    const [claim] = await claim1(store, start + 7);
    const request = { second: start + 7, limit: 10, claimed: true };
    assert.equal((await store.dueAt(request)).length, 1);
    assert.equal((await store.dueAt({ ...request, claimed: false })).length, 0);
    await settle(store, claim, succeeded);
    assert.equal((await store.dueAt(request)).length, 0);
  });

  test("claimDue() claims nothing before its second, and each occurrence once", async (store) => {
    const plan = timeoutPlan("a", 30, { createdAt: start });
    await store.put(plan, start + 30);
    assert.deepEqual(await claimAll(store, start + 29), []);
    const [claim, ...others] = await claimAll(store, start + 30);
    assert.equal(others.length, 0);
    assert.deepEqual(claim.plan, plan);
    assert.equal(claim.second, start + 30);
    assert.equal(claim.attempt, 1);
    assert.deepEqual(await claimAll(store, start + 31), []);
  });

  test("claimDue() claims the oldest first, a limited number at a time", async (store) => {
    for (const offset of [300, 2, 100_000, 1, 299]) {
      await store.put(timeoutPlan(`at ${offset}`, 1), start + offset);
    }
    const request = { now: start + 200_000, missedBefore: 0, limit: 2 };
    const first = await store.claimDue(request);
    assert.deepEqual(first.claims.map((one) => one.second - start), [1, 2]);
    assert.equal(first.hasMore, true);
    const rest = await claimAll(store, start + 200_000);
    assert.deepEqual(rest.map((one) => one.second - start), [
      299,
      300,
      100_000,
    ]);
  });

  test("claimDue() never hands out an occurrence twice at the same time", async (store) => {
    for (let index = 0; index < 200; index++) {
      await store.put(timeoutPlan(`k${index}`, 1), start);
    }
    const request = { now: start, missedBefore: 0, limit: 70 };
    const batches = await Promise.all(
      Array.from({ length: 5 }, () => store.claimDue(request)),
    );
    const keys = batches.flatMap((batch) =>
      batch.claims.map((one) => one.plan.key)
    );
    assert.equal(keys.length, 200);
    assert.equal(new Set(keys).size, 200);
  });

  test("claimDue() schedules the next run from the scheduled second", async (store) => {
    await store.put(timeoutPlan("a", 5, { count: 3 }), start + 5);
    const seconds: number[] = [];
    for (const late of [0, 3, 1]) {
      const now = start + 5 * (seconds.length + 1) + late;
      const [claim] = await claim1(store, now);
      seconds.push(claim.second - start);
      await settle(store, claim, succeeded);
    }
    assert.deepEqual(seconds, [5, 10, 15]);
    assert.equal(await store.get("a"), undefined);
  });

  test("claimDue() lets occurrences of one plan overlap", async (store) => {
    await store.put(timeoutPlan("a", 5, { count: 2 }), start + 5);
    const [one] = await claim1(store, start + 5);
    const [two] = await claim1(store, start + 10);
    await settle(store, two, succeeded);
    assert.equal((await store.get("a"))?.state.runs, 2);
    await settle(store, one, succeeded);
    assert.equal(await store.get("a"), undefined);
  });

  test("claimDue() runs a missed timeout once and goes on in its rhythm", async (store) => {
    await store.put(timeoutPlan("a", 10, { count: 0 }), start + 10);
    const now = start + 1234;
    const { claims } = await store.claimDue({
      now,
      missedBefore: now,
      limit: 9,
    });
    assert.deepEqual(claims.map((one) => one.second), [start + 10]);
    assert.equal((await store.get("a"))?.state.nextAt, start + 1240);
    assert.equal((await store.get("a"))?.state.runs, 1);
  });

  test("claimDue() follows each misfire rule of calendars", async (store) => {
    const minute = start - (start % 60) + 60;
    for (const misfire of ["once", "skip", "all"] as const) {
      const plan = calendarPlan(misfire, { second: 0 }, { misfire });
      await store.put(plan, minute);
    }
    const now = minute + 150;
    const seconds: Record<string, number[]> = { once: [], skip: [], all: [] };
    for (;;) {
      const batch = await store.claimDue({ now, missedBefore: now, limit: 1 });
      for (const claim of batch.claims) {
        seconds[claim.plan.key].push(claim.second - minute);
      }
      if (!batch.hasMore) break;
    }
    assert.deepEqual(seconds, { once: [0], skip: [], all: [0, 60, 120] });
    for (const key of ["once", "skip", "all"]) {
      assert.equal((await store.get(key))?.state.nextAt, minute + 180);
    }
  });

  test("claimDue() drops a missed one-shot calendar that is to be skipped", async (store) => {
    const fields = { month: 1, day: 12, hour: 13, minute: 47, second: 0 };
    const plan = calendarPlan("a", fields, { misfire: "skip" });
    await store.put(plan, start);
    const now = start + 10;
    const { claims } = await store.claimDue({
      now,
      missedBefore: now,
      limit: 9,
    });
    assert.deepEqual(claims, []);
    assert.equal(await store.get("a"), undefined);
  });

  test("settle() ends a plan that has nothing left to do", async (store) => {
    await store.put(timeoutPlan("a", 5), start + 5);
    const [claim] = await claim1(store, start + 5);
    const { state } = (await store.get("a")) ?? {};
    assert.equal(state?.nextAt, undefined);
    assert.equal(state?.runs, 1);
    assert.equal(state?.lastAt, start + 5);
    assert.deepEqual(await store.stats(), {
      planCount: 1,
      claimedCount: 1,
      retryCount: 0,
    });
    await settle(store, claim, failed);
    assert.equal(await store.get("a"), undefined);
    assert.deepEqual(await store.stats(), {
      planCount: 0,
      claimedCount: 0,
      retryCount: 0,
    });
  });

  test("settle() keeps the outcome with a plan that goes on", async (store) => {
    await store.put(timeoutPlan("a", 5, { count: 0 }), start + 5);
    const [claim] = await claim1(store, start + 5);
    await settle(store, claim, failed);
    assert.deepEqual((await store.get("a"))?.state, {
      nextAt: start + 10,
      runs: 1,
      lastAt: start + 5,
      lastOutcome: failed,
    });
  });

  test(
    "settle() keeps a plan that is over for as long as configured",
    async (store) => {
      await store.put(timeoutPlan("a", 5), start);
      const [claim] = await claim1(store, start);
      await settle(store, claim, failed);
      assert.deepEqual((await store.get("a"))?.state.lastOutcome, failed);
      assert.equal((await store.get("a"))?.state.nextAt, undefined);
      assert.deepEqual(await claimAll(store, start + 59), []);
      assert.notEqual(await store.get("a"), undefined);
      assert.deepEqual(await claimAll(store, start + 60), []);
      assert.equal(await store.get("a"), undefined);
    },
    { keepSeconds: 60 },
  );

  test("settle() has an occurrence tried again at its second", async (store) => {
    await store.put(timeoutPlan("a", 5), start);
    const [first] = await claim1(store, start);
    const retryAt = start + 6;
    await store.settle([{
      kind: "retry",
      claim: first,
      outcome: failed,
      retryAt,
    }]);
    assert.equal((await store.stats()).retryCount, 1);
    assert.deepEqual((await store.get("a"))?.state.lastOutcome, failed);
    assert.deepEqual(await claimAll(store, start + 5), []);
    const [second] = await claim1(store, start + 6);
    assert.equal(second.second, start);
    assert.equal(second.attempt, 2);
    assert.equal((await store.get("a"))?.state.runs, 1);
    await settle(store, second, succeeded);
    assert.equal(await store.get("a"), undefined);
  });

  test(
    "settle() gives a released claim out again as if it had never been",
    async (store, harness) => {
      await store.put(timeoutPlan("a", 5), start);
      await store.put(timeoutPlan("b", 5), start);
      for (const claim of await claimAll(store, start)) {
        await store.settle([{ kind: "released", claim }]);
      }
      assert.equal((await store.stats()).claimedCount, 0);
      const again = await claimAll(store, start);
      assert.deepEqual(again.map((one) => one.attempt), [1, 1]);
      for (const claim of again) {
        await store.settle([{ kind: "released", claim }]);
      }
      const reopened = await harness.reopen();
      const last = await claimAll(reopened, start);
      assert.deepEqual(last.map((one) => one.attempt), [1, 1]);
    },
  );

  test("settle() keeps a released claim until the second it names", async (store) => {
    await store.put(timeoutPlan("a", 5), start);
    const [claim] = await claim1(store, start);
    const notBefore = start + 7;
    await store.settle([{ kind: "released", claim, notBefore }]);
    assert.equal(store.holds(claim), false);
    assert.deepEqual(await claimAll(store, start + 6), []);
    const [again] = await claim1(store, start + 7);
    assert.equal(again.second, start);
    assert.equal(again.attempt, 1);
    await settle(store, again, succeeded);
    assert.equal(await store.get("a"), undefined);
  });

  test("holds() holds from claim to settlement", async (store) => {
    await store.put(timeoutPlan("a", 5, { count: 0 }), start);
    await store.put(timeoutPlan("b", 5, { count: 0 }), start);
    const claims = await claimAll(store, start);
    assert.deepEqual(claims.map((one) => store.holds(one)), [true, true]);
    await settle(store, claims[0], succeeded);
    await store.remove("b");
    await settle(store, claims[1], succeeded);
    assert.deepEqual(claims.map((one) => store.holds(one)), [false, false]);
  });

  test("settle() ignores a claim whose plan was replaced", async (store) => {
    await store.put(timeoutPlan("a", 5), start);
    const [claim] = await claim1(store, start);
    await store.put(timeoutPlan("a", 9), start + 9);
    await settle(store, claim, failed);
    assert.equal((await store.get("a"))?.state.nextAt, start + 9);
    assert.equal((await store.get("a"))?.state.lastOutcome, undefined);
  });

  test("settle() ignores a claim that was settled before", async (store) => {
    await store.put(timeoutPlan("a", 1), start);
    const [first] = await claim1(store, start);
    const retryAt = start + 10;
    const outcome = failed;
    const retry = { kind: "retry", claim: first, outcome, retryAt } as const;
    await store.settle([retry]);
    await store.settle([retry]);
    const counts = { planCount: 1, claimedCount: 0, retryCount: 1 };
    assert.deepEqual(await store.stats(), counts);
    const [second] = await claim1(store, retryAt);
    const released = { kind: "released", claim: second } as const;
    await store.settle([retry]);
    assert.ok(store.holds(second));
    await store.settle([released]);
    await store.settle([released]);
    assert.deepEqual(await store.stats(), counts);
    const [third] = await claim1(store, retryAt);
    assert.equal(third.attempt, 2);
    await store.settle([released]);
    await settle(store, second, succeeded);
    assert.deepEqual(await claimAll(store, retryAt), []);
    await settle(store, third, succeeded);
    assert.equal(await store.get("a"), undefined);
  });

  test("claimDue() keeps retries of a plan whose last occurrence is to be skipped", async (store) => {
    const schedule = {
      kind: "cron",
      expression: "40,50 46 13 12 1 * 1970",
      timeZone: "UTC",
    } as const;
    const misfire = "skip";
    const plan = { ...timeoutPlan("a", 1, { misfire }), schedule };
    await store.put(plan, start);
    const [claim] = await claim1(store, start);
    const retryAt = start + 60;
    await store.settle([{ kind: "retry", claim, outcome: failed, retryAt }]);
    const missed = { now: start + 30, missedBefore: start + 30, limit: 10 };
    assert.deepEqual((await store.claimDue(missed)).claims, []);
    const [again] = await claim1(store, retryAt);
    assert.equal(again.attempt, 2);
    await settle(store, again, succeeded);
    assert.equal(await store.get("a"), undefined);
  });

  test("remove() takes pending retries along", async (store) => {
    await store.put(timeoutPlan("a", 5), start);
    const [claim] = await claim1(store, start);
    const retryAt = start + 6;
    await store.settle([{ kind: "retry", claim, outcome: failed, retryAt }]);
    await store.remove("a");
    assert.deepEqual(await claimAll(store, start + 60), []);
    assert.equal((await store.stats()).retryCount, 0);
  });

  test("onOverdue() hears of a plan that is due when it comes in", async (store) => {
    let calls = 0;
    store.onOverdue(() => calls++);
    await claimAll(store, start);
    await store.put(timeoutPlan("later", 1), start + 1);
    assert.equal(calls, 0);
    await store.put(timeoutPlan("late", 1), start);
    assert.equal(calls, 1);
    assert.equal((await claim1(store, start))[0].plan.key, "late");
  });

  test("mayBeDue() never denies what is due, where the store can tell", async (store) => {
    await claimAll(store, start);
    await store.put(timeoutPlan("soon", 2), start + 2);
    await store.put(timeoutPlan("far", 5000), start + 5000);
    assert.notEqual(store.mayBeDue?.(start + 2), false);
    assert.notEqual(store.mayBeDue?.(start + 5000), false);
    const [claim] = await claim1(store, start + 2);
    const retryAt = start + 7;
    await store.settle([{ kind: "retry", claim, outcome: failed, retryAt }]);
    assert.notEqual(store.mayBeDue?.(start + 7), false);
  });

  test("claimDue() survives a clock that steps back", async (store) => {
    await store.put(timeoutPlan("before", 1, { count: 0 }), start + 7200);
    await claim1(store, start + 7200);
    await claimAll(store, start + 3600);
    await store.put(timeoutPlan("after", 30), start + 3630);
    assert.deepEqual(await claimAll(store, start + 3629), []);
    const claims = await claimAll(store, start + 3630);
    assert.deepEqual(claims.map((one) => one.plan.key), ["after"]);
    const next = await claimAll(store, start + 7201);
    assert.deepEqual(next.map((one) => one.plan.key), ["before"]);
  });

  if (!isDurable) return;

  test(
    "reopening finds plans, progress, retries, and runs again what was running",
    async (store, harness) => {
      await store.put(timeoutPlan("fresh", 5), start + 50);
      await store.put(timeoutPlan("running", 5), start);
      await store.put(timeoutPlan("waiting", 6), start);
      await store.put(timeoutPlan("over", 6), start);
      await store.put(timeoutPlan("repeating", 10, { count: 0 }), start);
      await store.put(timeoutPlan("removed", 10), start);
      await store.remove("removed");
      const claims = await claimAll(store, start);
      const byKey = (key: string) =>
        claims.find((one) => one.plan.key === key) as Claim;
      await settle(store, byKey("over"), succeeded);
      await settle(store, byKey("repeating"), failed);
      await store.settle([{
        kind: "retry",
        claim: byKey("waiting"),
        outcome: failed,
        retryAt: start + 3,
      }]);
      const again = await harness.reopen();
      const keys = await again.pageKeys({
        prefix: "",
        after: undefined,
        limit: 9,
      });
      assert.deepEqual(keys, ["fresh", "repeating", "running", "waiting"]);
      assert.deepEqual((await again.get("repeating"))?.state, {
        nextAt: start + 10,
        runs: 1,
        lastAt: start,
        lastOutcome: failed,
      });
      const attempts = (await claimAll(again, start + 5)).map((one) =>
        `${one.plan.key} ${one.second - start} ${one.attempt}`
      );
      assert.deepEqual(attempts.sort(), ["running 0 2", "waiting 0 2"]);
    },
  );
}

/** Reads until the page is full, since a store may give short ones. */
async function pageOf(
  store: Store,
  { prefix = "", after, limit = 100 }: Partial<DuePageRequest>,
): Promise<{ keys: string[]; next: DuePlace | undefined }> {
  const keys: string[] = [];
  let next = after;
  do {
    const left = limit - keys.length;
    const page = await store.pageDue({ prefix, after: next, limit: left });
    keys.push(...page.plans.map((one) => one.plan.key));
    next = page.next;
  } while (next !== undefined && keys.length < limit);
  return { keys, next };
}

async function claimAll(store: Store, now: number): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (;;) {
    const batch = await store.claimDue({ now, missedBefore: 0, limit: 100 });
    claims.push(...batch.claims);
    if (!batch.hasMore) return claims;
  }
}

/** Claims what is due, which must be one occurrence. */
async function claim1(store: Store, now: number): Promise<[Claim]> {
  const claims = await claimAll(store, now);
  assert.equal(claims.length, 1);
  return [claims[0]];
}

function settle(store: Store, claim: Claim, outcome: Outcome): Promise<void> {
  return store.settle([{ kind: "ended", claim, outcome }]);
}
