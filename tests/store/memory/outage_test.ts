import fc from "fast-check";
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Outcome } from "../../../src/core/outcome.ts";
import { Segment } from "../../../src/store/memory/segment.ts";
import { SegmentFiles } from "../../../src/store/memory/segment_files.ts";
import type { Claim, Settlement, Store } from "../../../src/store/store.ts";
import { eventually } from "../../support/eventually.ts";
import {
  crashedCopy,
  journalFiles,
  openForTest,
} from "../../support/memory_store_harness.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { randomRuns } from "../../support/random.ts";
import { tempFolder } from "../../support/temp_folder.ts";

const start = 1_000_000;

/** Keeps the journal's next file but one from being written: a folder is in its place. */
async function startOutage(folder: string): Promise<AsyncDisposable> {
  const paths = await journalFiles(folder);
  const last = Number(/(\d+)\.journal$/.exec(paths.at(-1) ?? "")?.[1] ?? 0);
  const name = `${String(last + 2).padStart(10, "0")}.journal`;
  const path = join(folder, name);
  await Deno.mkdir(path);
  return { [Symbol.asyncDispose]: () => Deno.remove(path) };
}

Deno.test("MemoryStore keeps what it owes the disk in its place while that refuses it", async () => {
  await using folder = await tempFolder();
  const options = { segmentBytes: 4096 };
  const store = await openForTest(folder.path, options);
  for (let index = 0; index < 40; index++) {
    await store.put(timeoutPlan(`${index}`, 1, { count: 0 }), start);
  }
  const { seal } = Segment.prototype;
  const { append } = SegmentFiles.prototype;
  let records = 0;
  let attempts = 0;
  Segment.prototype.seal = function (payloadEnd) {
    records++;
    return seal.call(this, payloadEnd);
  };
  SegmentFiles.prototype.append = function (...args) {
    attempts++;
    return append.apply(this, args);
  };
  try {
    const outage = await startOutage(folder.path);
    await fireAll(store, start + 9, () => "ended");
    const before = attempts;
    await eventually(() => attempts >= before + 3);
    assert.equal(records, 40 * 10 * 2);
    await outage[Symbol.asyncDispose]();
  } finally {
    Segment.prototype.seal = seal;
    SegmentFiles.prototype.append = append;
  }
  await store.put(timeoutPlan("last", 1), start + 100);
  await using copy = await crashedCopy(folder.path);
  assert.deepEqual(await stateOf(copy.path), await livingStateOf(store));
  await store[Symbol.asyncDispose]();
});

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("put" as const),
      keys: fc.array(fc.nat(12), { minLength: 1, maxLength: 6 }),
      count: fc.nat(3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("remove" as const),
      keys: fc.array(fc.nat(12), { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("tick" as const),
      fates: fc.array(
        fc.constantFrom("ended", "retry", "released", "running"),
        { minLength: 1, maxLength: 5 },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "outage" } as const) },
);

Deno.test("MemoryStore has in its journal what it has in memory, whatever the disk refused meanwhile", async () => {
  let refusals = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 60 }),
      async (steps) => {
        await using folder = await tempFolder();
        const options = { segmentBytes: 700, smallLogBytes: 1000 };
        await using store = await openForTest(folder.path, options);
        let now = start;
        let outage: AsyncDisposable | undefined;
        const doing: Promise<unknown>[] = [];
        const begin = (work: Promise<unknown>) =>
          doing.push(work.catch(() => refusals++));
        for (const step of steps) {
          if (step.kind === "put") {
            const { keys, count } = step;
            for (const key of keys) {
              const plan = timeoutPlan(`key ${key}`, 2, { count });
              begin(store.put(plan, now + 2));
            }
          } else if (step.kind === "remove") {
            for (const key of step.keys) begin(store.remove(`key ${key}`));
          } else if (step.kind === "tick") {
            now++;
            const { fates } = step;
            await fireAll(store, now, (index) => fates[index % fates.length]);
          } else if (outage === undefined) {
            outage = await startOutage(folder.path);
          } else {
            await Promise.all(doing);
            await outage[Symbol.asyncDispose]();
            outage = undefined;
          }
        }
        await Promise.all(doing);
        await outage?.[Symbol.asyncDispose]();
        await eventually(() =>
          store.put(timeoutPlan("mark", 1), 3_000_000)
            .then(() => true, () => false)
        );
        await using copy = await crashedCopy(folder.path);
        assert.deepEqual(await stateOf(copy.path), await livingStateOf(store));
      },
    ),
    randomRuns(30),
  );
  assert.ok(refusals > 30, `refused ${refusals} times only`);
});

type Fate = Settlement["kind"] | "running";

/** Claims all that is due at `now`, and settles each claim as it is fated. */
async function fireAll(
  store: Store,
  now: number,
  fateOf: (index: number) => Fate,
): Promise<void> {
  const request = { now, missedBefore: 0, limit: 100 };
  for (let hasMore = true; hasMore;) {
    const batch = await store.claimDue(request);
    hasMore = batch.hasMore;
    const settlements = batch.claims.flatMap((claim, index) =>
      settlementOf(claim, now, fateOf(index))
    );
    await store.settle(settlements);
  }
}

function settlementOf(claim: Claim, now: number, fate: Fate): Settlement[] {
  const { attempt } = claim;
  const outcome: Outcome = {
    ...{ status: "failed", attempt, endedAt: now, durationMs: 1 },
    detail: `at ${now}`,
  };
  if (fate === "running") return [];
  if (fate === "released") {
    return [{ kind: "released", claim, notBefore: now + 3 }];
  }
  return fate === "retry"
    ? [{ kind: "retry", claim, outcome, retryAt: now + 2 }]
    : [{ kind: "ended", claim, outcome }];
}

/** What a store that opens this journal has. */
async function stateOf(folder: string): Promise<unknown> {
  await using store = await openForTest(folder, { isStrict: true });
  return await livingStateOf(store);
}

async function livingStateOf(store: Store): Promise<unknown> {
  const { planCount, claimedCount, retryCount } = await store.stats();
  const request = { prefix: "", after: undefined, limit: 1000 };
  const plans = await store.page(request);
  return { plans, planCount, openCount: claimedCount + retryCount };
}
