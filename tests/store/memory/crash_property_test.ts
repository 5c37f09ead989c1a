import fc from "fast-check";
import assert from "node:assert/strict";
import type { Outcome } from "../../../src/core/outcome.ts";
import type { Claim, Settlement, Store } from "../../../src/store/store.ts";
import {
  crashedCopy,
  journalFiles,
  openForTest,
} from "../../support/memory_store_harness.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { randomRuns } from "../../support/random.ts";
import { tempFolder } from "../../support/temp_folder.ts";

/** What a plan's life comes to, in the plainest way. */
interface ModelPlan {
  readonly delay: number;
  readonly count: number;
  runs: number;
  nextAt: number | undefined;
  /** Attempts that were begun, by the second of their occurrence. */
  readonly running: Map<number, number>;
  /** Attempts that failed, and when the next is due. */
  readonly waiting: Map<number, { attempt: number; retryAt: number }>;
}

class Model {
  now = 1_000_000;
  readonly plans = new Map<string, ModelPlan>();

  put(key: string, delay: number, count: number): void {
    this.plans.set(key, {
      delay,
      count,
      runs: 0,
      nextAt: this.now + delay,
      running: new Map(),
      waiting: new Map(),
    });
  }

  /** Key, second and attempt of all that is due. */
  claimDue(): string[] {
    const claims: string[] = [];
    for (const [key, plan] of this.plans) {
      for (const [second, { attempt, retryAt }] of plan.waiting) {
        if (retryAt > this.now) continue;
        plan.waiting.delete(second);
        plan.running.set(second, attempt + 1);
        claims.push(`${key} ${second} ${attempt + 1}`);
      }
      while (plan.nextAt !== undefined && plan.nextAt <= this.now) {
        plan.runs++;
        plan.running.set(plan.nextAt, 1);
        claims.push(`${key} ${plan.nextAt} 1`);
        plan.nextAt = plan.count > 0 && plan.runs >= plan.count
          ? undefined
          : plan.nextAt + plan.delay;
      }
    }
    return claims.sort();
  }

  settle(key: string, second: number, retryAt: number | undefined): void {
    const plan = this.plans.get(key);
    const attempt = plan?.running.get(second);
    if (plan === undefined || attempt === undefined) return;
    plan.running.delete(second);
    if (retryAt !== undefined) plan.waiting.set(second, { attempt, retryAt });
    else if (
      plan.nextAt === undefined && plan.running.size + plan.waiting.size === 0
    ) this.plans.delete(key);
  }

  crash(): void {
    for (const plan of this.plans.values()) {
      for (const [second, attempt] of plan.running) {
        plan.waiting.set(second, { attempt, retryAt: this.now });
      }
      plan.running.clear();
    }
  }
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("put" as const),
      key: fc.nat(12),
      delay: fc.integer({ min: 1, max: 400 }),
      count: fc.nat(3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("remove" as const),
      key: fc.nat(12),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("tick" as const),
      seconds: fc.oneof(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 600 }),
      ),
      fates: fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const) }) },
);

Deno.test("MemoryStore never loses or repeats anything over crashes and cleanings", async () => {
  let cleanings = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 20, maxLength: 90, size: "max" }),
      async (steps) => {
        const options = { segmentBytes: 700, smallLogBytes: 1000 };
        const model = new Model();
        const now = () => model.now;
        await using folders = new AsyncDisposableStack();
        let folder = folders.use(await tempFolder());
        let store = await openForTest(folder.path, { ...options, now });
        try {
          for (const step of steps) {
            if (step.kind === "put") {
              const { delay, count } = step;
              const key = `key ${step.key}`;
              await store.put(
                timeoutPlan(key, delay, { count }),
                model.now + delay,
              );
              model.put(key, delay, count);
            } else if (step.kind === "remove") {
              const key = `key ${step.key}`;
              const removed = await store.remove(key);
              assert.equal(removed !== undefined, model.plans.delete(key));
            } else if (step.kind === "tick") {
              model.now += step.seconds;
              await tick(store, model, step.fates);
            } else {
              // All that is acknowledged is in the file; claims may lag behind.
              await store.put(timeoutPlan("mark", 99_999), 3_000_000);
              await store.remove("mark");
              model.crash();
              const copy = folders.use(await crashedCopy(folder.path));
              await store[Symbol.asyncDispose]();
              folder = copy;
              store = await openForTest(folder.path, { ...options, now });
            }
            await compare(store, model);
          }
          const [oldest] = await journalFiles(folder.path);
          if (!oldest.endsWith("/0000000001.journal")) cleanings++;
        } finally {
          await store[Symbol.asyncDispose]();
        }
      },
    ),
    randomRuns(60),
  );
  assert.ok(cleanings > 20, `cleaned in ${cleanings} runs only`);
});

/** Claims all that is due and has each claim succeed, wait for a retry, or go on. */
async function tick(
  store: Store,
  model: Model,
  fates: readonly number[],
): Promise<void> {
  const claims: Claim[] = [];
  const request = { now: model.now, missedBefore: 0, limit: 5 };
  for (let hasMore = true; hasMore;) {
    const batch = await store.claimDue(request);
    claims.push(...batch.claims);
    hasMore = batch.hasMore;
  }
  assert.deepEqual(
    claims.map((claim) => `${claim.plan.key} ${claim.second} ${claim.attempt}`)
      .sort(),
    model.claimDue(),
  );
  const settlements: Settlement[] = [];
  for (const [index, claim] of claims.entries()) {
    const fate = fates[index % fates.length];
    if (fate === 0) continue;
    const retryAt = fate < 4 ? model.now + fate : undefined;
    const outcome: Outcome = {
      status: "failed",
      attempt: claim.attempt,
      endedAt: model.now,
      durationMs: 1,
      detail: "x".repeat(fate * 10),
    };
    settlements.push(
      retryAt === undefined
        ? { kind: "ended", claim, outcome }
        : { kind: "retry", claim, outcome, retryAt },
    );
    model.settle(claim.plan.key, claim.second, retryAt);
  }
  await store.settle(settlements);
}

async function compare(store: Store, model: Model): Promise<void> {
  const request = { prefix: "", after: undefined, limit: 100 };
  const found = (await store.page(request)).map(({ plan, state }) =>
    `${plan.key} ${state.runs} ${state.nextAt}`
  );
  const expected = [...model.plans].map(([key, { runs, nextAt }]) =>
    `${key} ${runs} ${nextAt}`
  );
  assert.deepEqual(found.sort(), expected.sort());
  const plans = [...model.plans.values()];
  const sum = (count: (plan: ModelPlan) => number) =>
    plans.reduce((total, plan) => total + count(plan), 0);
  assert.deepEqual(await store.stats(), {
    planCount: plans.length,
    claimedCount: sum((plan) => plan.running.size),
    retryCount: sum((plan) => plan.waiting.size),
  });
}
