import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  scaled,
} from "../benchmark.ts";
import { Samples } from "../samples.ts";
import { units } from "../unit.ts";
import type { Plan } from "../../src/core/plan.ts";
import { createTimeoutSchedule } from "../../src/core/timeout.ts";
import { openMemoryStore } from "../../src/store/memory/open_memory_store.ts";
import type { Claim, Store } from "../../src/store/store.ts";

/** What the embedded store does in a second, without anything around it. */
export const storeBenchmark: Benchmark = {
  name: "store",
  about: "operations of the mem store a second, in this process, no fsync",
  isInProcess: true,
  async run(context) {
    const samples = new Samples();
    for (const _ of eachRun(context, 3)) await measure(context, samples);
    return samples.rows();
  },
};

const now = Date.UTC(2026, 0, 1) / 1000;
const batch = 1000;

async function measure(
  context: BenchmarkContext,
  samples: Samples,
): Promise<void> {
  const folder = context.workspace.freshPath("store");
  const total = scaled(context, 1_000_000);
  const store = await openMemoryStore({
    folder,
    sync: "no",
    timeZone: "UTC",
    keepSeconds: 0,
    isStrict: true,
    now: () => now,
  });
  const plans = Array.from({ length: total }, (_, index) => planOf(index));

  async function rate(what: string, work: () => Promise<void>): Promise<void> {
    const startMs = performance.now();
    await work();
    const seconds = (performance.now() - startMs) / 1000;
    samples.add(what, total / seconds, { unit: units.perSecond });
  }

  await rate("put, 1,000 at a time", () =>
    inBatches(plans, async (some) => {
      await Promise.all(some.map((plan) => store.put(plan, now + 60)));
    }));
  await rate("get", () =>
    inBatches(plans, async (some) => {
      await Promise.all(some.map(({ key }) => store.get(key)));
    }));
  await rate("page, 1,000 at a time", () => readPages(store));
  const claims: Claim[] = [];
  await rate("claimDue, 256 at a time", () => claimAll(store, claims));
  if (claims.length !== total) throw new Error(`${claims.length} were claimed`);
  await rate("settle, 512 at a time", async () => {
    for (let at = 0; at < claims.length; at += 512) {
      await store.settle(claims.slice(at, at + 512).map(succeeded));
    }
  });
  await store[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
}

function planOf(index: number): Plan {
  const key = `order:${String(index).padStart(14, "0")}`;
  const fields = {
    second: 60,
    minute: undefined,
    hour: undefined,
    day: undefined,
    month: undefined,
    week: undefined,
  };
  return {
    key,
    schedule: createTimeoutSchedule(fields, { key, count: 1 }),
    misfire: "once",
    action: "http",
    params: { url: `http://127.0.0.1:65000/callbacks/orders/${key}` },
    createdAt: now,
  };
}

async function inBatches(
  plans: readonly Plan[],
  work: (some: readonly Plan[]) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < plans.length; at += batch) {
    await work(plans.slice(at, at + batch));
  }
}

async function readPages(store: Store): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const page = await store.page({ prefix: "", after, limit: batch });
    if (page.length < batch) return;
    after = page[page.length - 1].plan.key;
  }
}

async function claimAll(store: Store, claims: Claim[]): Promise<void> {
  for (let hasMore = true; hasMore;) {
    const request = { now: now + 60, missedBefore: 0, limit: 256 };
    const batch = await store.claimDue(request);
    for (const claim of batch.claims) claims.push(claim);
    hasMore = batch.hasMore;
    // The journal writes between two batches, as it does in the daemon.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

function succeeded(claim: Claim) {
  const outcome = {
    status: "succeeded",
    attempt: 1,
    endedAt: now + 60,
    durationMs: 1,
    detail: "HTTP 200 OK: ok",
  } as const;
  return { kind: "ended", claim, outcome } as const;
}
