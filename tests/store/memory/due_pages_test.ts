import assert from "node:assert/strict";
import type { DuePageRequest, DuePlace } from "../../../src/store/store.ts";
import type { MemoryStore } from "../../../src/store/memory/memory_store.ts";
import { openForTest } from "../../support/memory_store_harness.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { tempFolder } from "../../support/temp_folder.ts";

const start = 1_000_000;
/** Of one kind; more than are looked at one by one. */
const many = 40_000;

Deno.test("DuePages pages through a crowd in any place as a sorted list does", async (t) => {
  await using folder = await tempFolder();
  await using store = await openForTest(folder.path);
  const plans: DuePlace[] = [];
  const add = (kind: string, secondOf: (at: number) => number) => {
    for (let at = 0; at < many; at++) {
      // Not in the order of keys.
      const key = `${kind}:${(at * 7919) % many}`;
      plans.push({ second: secondOf(at), key });
    }
  };
  add("overdue", (at) => start - (at % 100));
  add("one second", () => start + 5000);
  add("one window", (at) => start + 100_000 + (at % 100));
  add("wide", (at) => start + 200_000 + at * 97);
  await Promise.all(
    plans.map(({ key, second }) => store.put(timeoutPlan(key, 9), second)),
  );
  plans.sort((a, b) => a.second - b.second || (a.key < b.key ? -1 : 1));

  for (const prefix of ["", "o", "one second", "wide:1", "wide:10"]) {
    const wanted = plans.filter(({ key }) => key.startsWith(prefix));
    for (const share of [0, 0.1, 0.3, 0.49, 0.51, 0.7, 0.9, 0.999]) {
      await t.step(`prefix "${prefix}", at ${share}`, async () => {
        const at = Math.floor(wanted.length * share);
        const after = at === 0 ? undefined : wanted[at - 1];
        const { places, next } = await pageOf(store, {
          prefix,
          after,
          limit: 50,
        });
        assert.deepEqual(places, wanted.slice(at, at + 50));
        const isEnd = at + 50 >= wanted.length;
        assert.deepEqual(next, isEnd ? undefined : wanted[at + 49]);
      });
    }
  }
});

Deno.test("DuePages finds each plan that stays while others come, go and fall due", async () => {
  await using folder = await tempFolder();
  await using store = await openForTest(folder.path);
  const staying = Array.from({ length: 2 * many }, (_, at) => `stay:${at}`);
  await Promise.all(staying.map((key, at) => {
    const second = start + 10_000 + (at * 7919) % 300;
    return store.put(timeoutPlan(key, 9), second);
  }));
  const found: string[] = [];
  let after: DuePlace | undefined;
  for (let round = 0;; round++) {
    const page = store.pageDue({ prefix: "", after, limit: 5000 });
    for (let at = 0; at < 20; at++) {
      const key = `other:${(round * 20 + at) % 50}`;
      await store.put(timeoutPlan(key, 9), start + round + at * 500);
      if (at % 3 === 0) await store.remove(`other:${at}`);
    }
    const request = { now: start + round * 200, missedBefore: 0, limit: 10 };
    await store.claimDue(request);
    const { plans, next } = await page;
    for (const { plan: { key } } of plans) {
      if (key.startsWith("stay")) found.push(key);
    }
    if (next === undefined) break;
    after = next;
  }
  assert.equal(found.length, staying.length);
  assert.deepEqual(new Set(found), new Set(staying));
});

async function pageOf(
  store: MemoryStore,
  request: DuePageRequest,
): Promise<{ places: DuePlace[]; next: DuePlace | undefined }> {
  const { plans, next } = await store.pageDue(request);
  const places = plans.map(({ plan, state }) => ({
    second: state.nextAt ?? 0,
    key: plan.key,
  }));
  return { places, next };
}
