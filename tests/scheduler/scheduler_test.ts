import assert from "node:assert/strict";
import type { ActionResult } from "../../src/action/action.ts";
import { RightOfWay } from "../../src/core/right_of_way.ts";
import type { RetryPolicy } from "../../src/core/retry_policy.ts";
import { Executor } from "../../src/scheduler/executor.ts";
import { Scheduler } from "../../src/scheduler/scheduler.ts";
import { Settler } from "../../src/scheduler/settler.ts";
import type { Store } from "../../src/store/store.ts";
import { createCounters } from "../../src/telemetry/counters.ts";
import { Timings } from "../../src/telemetry/timings.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { openForTest } from "../support/memory_store_harness.ts";
import { calendarPlan, timeoutPlan } from "../support/plans.ts";
import { RecordingAction } from "../support/recording_action.ts";
import { tempFolder } from "../support/temp_folder.ts";

const start = 1_000_000;

const retryPolicy: RetryPolicy = {
  maxCount: 3,
  delaySeconds: 3,
  delayRate: 1,
  backoff: "linear",
};

/** A scheduler on a real mem store, whose time the test moves. */
async function startScheduler(
  { folder, startAt = start, maxQueued = 1000, concurrency = 100 }: {
    folder: string;
    startAt?: number;
    maxQueued?: number;
    concurrency?: number;
  },
) {
  const clock = new FakeClock(startAt * 1000);
  const now = () => Math.floor(clock.wallMs() / 1000);
  const store = await openForTest(folder, { now });
  const action = new RecordingAction(concurrency);
  const counters = createCounters();
  const settler = new Settler(store, clock);
  const dice = { random: 0.5 };
  const executor = new Executor({
    actions: new Map([["shell", action]]),
    settler,
    holds: (claim) => store.holds(claim),
    clock,
    counters,
    timings: new Timings(),
    retryPolicy,
    random: () => dice.random,
    maxRunning: 1000,
    maxQueued,
  });
  const rightOfWay = new RightOfWay(clock);
  const scheduler = new Scheduler({
    ...{ store, executor, clock, counters, rightOfWay },
  });
  const abort = new AbortController();
  const running = scheduler.run(abort.signal);
  await clock.advance(0);
  return {
    clock,
    store,
    action,
    counters,
    dice,
    async stop(graceMs = 1000): Promise<void> {
      abort.abort();
      await running;
      await executor.stop(graceMs);
      await settler.drain(AbortSignal.timeout(1000));
      await store[Symbol.asyncDispose]();
    },
  };
}

type Running = Awaited<ReturnType<typeof startScheduler>>;

function test(
  promise: string,
  run: (scheduler: Running, folder: string) => Promise<void>,
  options: { maxQueued?: number; concurrency?: number } = {},
): void {
  Deno.test(`Scheduler ${promise}`, async () => {
    await using folder = await tempFolder();
    const scheduler = await startScheduler({ folder: folder.path, ...options });
    try {
      await run(scheduler, folder.path);
    } finally {
      await scheduler.stop();
    }
  });
}

function put(store: Store, key: string, delay: number, count = 1) {
  return store.put(timeoutPlan(key, delay, { count }), start + delay);
}

const refused: ActionResult = {
  kind: "failed",
  detail: "refused",
  retryable: true,
};

test("fires a plan on its second, not before", async ({ clock, store, action }) => {
  await put(store, "a", 2);
  await clock.advance(1999);
  assert.deepEqual(action.seen(), []);
  await clock.advance(1);
  assert.deepEqual(action.seen(), [`a ${start + 2} 1`]);
  assert.equal(await store.get("a"), undefined);
});

test("takes what fell due while the store was away for long as missed", async ({ clock, store, action }) => {
  await put(store, "a", 5, 0);
  const { claimDue } = store;
  await clock.advance(2000);
  store.claimDue = () => Promise.reject(new Error("away"));
  await clock.advance(20_000);
  store.claimDue = claimDue;
  await clock.advance(4000);
  // Runs once, late, and not for each time that passed.
  assert.deepEqual(action.calls.map(({ second }) => second - start), [5, 25]);
});

test("makes up for what fell due while the store was away shortly", async ({ clock, store, action }) => {
  await put(store, "a", 2, 0);
  const { claimDue } = store;
  await clock.advance(1000);
  store.claimDue = () => Promise.reject(new Error("away"));
  await clock.advance(5000);
  store.claimDue = claimDue;
  await clock.advance(1000);
  assert.deepEqual(action.calls.map(({ second }) => second - start), [2, 4, 6]);
});

test(
  "starts nothing that it has lost while it waited",
  async ({ clock, store, action }) => {
    action.respond = async () => {
      await clock.sleep(3000);
      return { kind: "succeeded", detail: "" };
    };
    await put(store, "a", 1);
    await put(store, "b", 1);
    await clock.advance(1500);
    assert.equal(action.calls.length, 1);
    await store.remove(action.calls[0].key === "a" ? "b" : "a");
    await clock.advance(5000);
    assert.equal(action.calls.length, 1);
  },
  { concurrency: 1 },
);

test("gives back what it is not sure to have any more", async ({ clock, store, action }) => {
  let isSure = false;
  store.holds = () => isSure;
  await put(store, "a", 1);
  await clock.advance(1500);
  assert.deepEqual(action.seen(), []);
  isSure = true;
  await clock.advance(1000);
  assert.deepEqual(action.seen(), [`a ${start + 1} 1`]);
});

test("repeats a plan without drifting, as often as it says", async ({ clock, store, action }) => {
  await put(store, "a", 3, 3);
  await clock.advance(20_000);
  assert.deepEqual(action.calls.map(({ second }) => second - start), [3, 6, 9]);
});

test("fires a plan at once that came in after its second had begun", async ({ clock, store, action }) => {
  await clock.advance(5200);
  await put(store, "late", 5);
  await clock.advance(0);
  assert.deepEqual(action.seen(), [`late ${start + 5} 1`]);
});

test("goes on with a plan's rhythm while a call of it takes long", async ({ clock, store, action }) => {
  action.respond = async () => {
    await clock.sleep(7000);
    return { kind: "succeeded", detail: "" };
  };
  await put(store, "a", 5, 3);
  await clock.advance(15_000);
  assert.deepEqual(action.calls.map(({ second }) => second - start), [
    5,
    10,
    15,
  ]);
  await clock.advance(7000);
});

test("does not fire again what fired before the clock stepped back, and fires what comes in after", async ({ clock, store, action }) => {
  await put(store, "before", 10);
  await clock.advance(10_000);
  clock.stepWall(-3_600_000);
  await clock.advance(1000);
  const now = Math.floor(clock.wallMs() / 1000);
  await store.put(timeoutPlan("after", 5), now + 5);
  await clock.advance(4999);
  assert.deepEqual(action.seen(), [`before ${start + 10} 1`]);
  await clock.advance(1001);
  assert.deepEqual(action.seen().slice(1), [`after ${now + 5} 1`]);
});

test("fires what a step forward or a suspend has passed over once", async ({ clock, store, action }) => {
  await put(store, "once", 100);
  await put(store, "every 10 s", 10, 0);
  await clock.advance(1000);
  clock.stepWall(3_600_000);
  await clock.advance(500);
  assert.deepEqual(action.seen().sort(), [
    `every 10 s ${start + 10} 1`,
    `once ${start + 100} 1`,
  ]);
  await clock.advance(9500);
  assert.deepEqual(action.seen().slice(2), [`every 10 s ${start + 3610} 1`]);
});

test("takes nothing for late that a step forward has passed over, when it is asked before it has noticed", async ({ clock, store, action }) => {
  await put(store, "each second", 1, 0);
  await clock.advance(1000);
  clock.stepWall(3_600_000);
  await store.put(timeoutPlan("overdue", 1), start);
  await clock.advance(500);
  const seconds = action.calls.filter(({ key }) => key === "each second")
    .map(({ second }) => second - start);
  assert.ok(seconds.length <= 13, `fired ${seconds.length} times`);
  assert.equal(seconds.at(-1), 3601);
  assert.ok(action.calls.some(({ key }) => key === "overdue"));
});

test("makes up for each second when it merely lagged", async ({ clock, store, action }) => {
  await put(store, "each second", 1, 0);
  await clock.advance(1000);
  clock.stepWall(5000);
  await clock.advance(300);
  assert.deepEqual(action.calls.map(({ second }) => second - start), [
    ...[1, 2, 3, 4, 5, 6],
  ]);
});

test("retries by the policy and keeps the attempts to one occurrence", async ({ clock, store, action, counters }) => {
  action.respond = () => Promise.resolve(refused);
  await put(store, "a", 1);
  const times: number[] = [];
  for (let second = 1; second <= 40; second++) {
    const before = action.calls.length;
    await clock.advance(1000);
    if (action.calls.length > before) times.push(second);
  }
  assert.deepEqual(times, [1, 7, 16, 28]);
  assert.deepEqual(
    action.calls.map(({ second, attempt }) => [second - start, attempt]),
    [[1, 1], [1, 2], [1, 3], [1, 4]],
  );
  assert.equal(await store.get("a"), undefined);
  assert.equal(counters.action_retried_count, 3);
  assert.equal(counters.action_executed_error_count, 4);
  assert.equal(counters.action_executed_count, 4);
});

test("does not retry what can't be helped by it", async ({ clock, store, action }) => {
  action.respond = () => Promise.resolve({ ...refused, retryable: false });
  await put(store, "a", 1);
  await clock.advance(60_000);
  assert.equal(action.calls.length, 1);
});

for (
  const [wish, retryAfterSeconds, firstMs, lastMs] of [
    ["nothing", undefined, 4900, 10_000],
    ["30 s", 30, 4900, 35_000],
    ["0 s", 0, 4100, 10_000],
  ] as const
) {
  test(`counts a retry from the second of the failure, and ${wish} that the receiver asks for to the millisecond`, async ({ clock, store, action }) => {
    const first = Promise.withResolvers<ActionResult>();
    action.respond = () => first.promise;
    await put(store, "a", 1);
    await clock.advance(firstMs);
    assert.equal(action.calls.length, 1);
    first.resolve({ ...refused, retryAfterSeconds });
    action.respond = () => Promise.resolve({ kind: "succeeded", detail: "" });
    await clock.advance(lastMs - firstMs - 1);
    assert.equal(action.calls.length, 1);
    await clock.advance(1);
    assert.equal(action.calls.length, 2);
  });
}

test("waits as long as the receiver asks for", async ({ clock, store, action }) => {
  action.respond = () => Promise.resolve({ ...refused, retryAfterSeconds: 30 });
  await put(store, "a", 1);
  await clock.advance(30_999);
  assert.equal(action.calls.length, 1);
  await clock.advance(1);
  assert.equal(action.calls.length, 2);
  action.respond = () => Promise.resolve({ kind: "succeeded", detail: "" });
  await clock.advance(30_000);
});

test("has no receiver put off a retry for more than a day", async ({ clock, store, action }) => {
  await put(store, "a", 1);
  const retryAfterSeconds = 1e12;
  action.respond = () => Promise.resolve({ ...refused, retryAfterSeconds });
  await clock.advance(1000);
  const claim = { now: start + 86_400, missedBefore: 0, limit: 10 };
  assert.deepEqual((await store.claimDue(claim)).claims, []);
  const { claims } = await store.claimDue({ ...claim, now: claim.now + 1 });
  assert.equal(claims.length, 1);
});

test("retries as usual when a plan's retry params are none", async ({ clock, store, action }) => {
  const params = { retry_max_count: "often" };
  await store.put(timeoutPlan("a", 1, { params }), start + 1);
  action.respond = () => Promise.resolve(refused);
  await clock.advance(30_000);
  const attempts = action.calls.map(({ attempt }) => attempt);
  assert.deepEqual(attempts, [1, 2, 3, 4]);
  assert.equal(await store.get("a"), undefined);
});

test("follows the retry params of a plan", async ({ clock, store, action }) => {
  action.respond = () => Promise.resolve(refused);
  const params = { retry_max_count: "1", retry_delay_seconds: "0.5" };
  await store.put(timeoutPlan("a", 1, { params }), start + 1);
  await clock.advance(60_000);
  assert.equal(action.calls.length, 2);
});

for (
  const [random, waits] of [
    [0, [50, 100, 200, 400]],
    [0.5, [75, 150, 300, 600]],
    [1, [100, 200, 400, 800]],
  ] as const
) {
  test(`backs off exponentially when the plan says so, with ${random} of the jitter`, async ({ clock, store, action, dice }) => {
    dice.random = random;
    const times: number[] = [];
    action.respond = () => {
      times.push(clock.wallMs() / 1000);
      return Promise.resolve(refused);
    };
    const params = {
      retry_max_count: "4",
      retry_delay_seconds: "100",
      retry_backoff: "exponential",
    };
    await store.put(timeoutPlan("a", 1, { params }), start + 1);
    for (let second = 0; second < 1600; second++) await clock.advance(1000);
    assert.deepEqual(
      times.slice(1).map((time, at) => time - times[at]),
      waits,
    );
  });
}

test("takes an action that breaks for a failure of its plan alone", async ({ clock, store, action }) => {
  action.respond = () => Promise.reject(new Error("broken"));
  await put(store, "a", 1);
  await put(store, "b", 2, 2);
  await clock.advance(60_000);
  assert.deepEqual(action.calls.map(({ key }) => key), ["a", "b", "b"]);
});

test("says so when a plan's action is unknown", async ({ clock, store, counters }) => {
  const plan = { ...timeoutPlan("a", 1, { count: 2 }), action: "gone" };
  await store.put(plan, start + 1);
  await clock.advance(1000);
  const { state } = (await store.get("a")) ?? {};
  assert.equal(state?.lastOutcome?.detail, 'No action is called "gone"');
  assert.equal(counters.action_executed_error_count, 1);
});

test(
  "claims no more than it can hold, and the rest as soon as there is room",
  async ({ clock, store, action }) => {
    const ends: (() => void)[] = [];
    action.respond = () =>
      new Promise((resolve) => {
        ends.push(() => resolve({ kind: "succeeded", detail: "" }));
      });
    for (let index = 0; index < 20; index++) await put(store, `k${index}`, 1);
    await clock.advance(1000);
    assert.equal(action.calls.length, 2);
    assert.ok((await store.stats()).claimedCount <= 2 + 5);
    while (action.calls.length < 20 || ends.length > 0) {
      ends.shift()?.();
      await clock.advance(1);
    }
    assert.equal(new Set(action.calls.map(({ key }) => key)).size, 20);
    assert.equal((await store.stats()).planCount, 0);
  },
  { maxQueued: 5, concurrency: 2 },
);

test(
  "lets one slow destination not delay the others",
  async ({ clock, store, action }) => {
    action.respond = async ({ params }) => {
      if (params.to === "slow") await clock.sleep(10_000);
      return { kind: "succeeded", detail: "" };
    };
    for (let index = 0; index < 50; index++) {
      const params = { to: index % 10 === 9 ? "fast" : "slow" };
      const plan = timeoutPlan(`${params.to} ${index}`, 1, { params });
      await store.put(plan, start + 1);
    }
    await clock.advance(1500);
    const fast = action.calls.filter(({ params }) => params.to === "fast");
    assert.equal(fast.length, 5);
    await clock.advance(300_000);
  },
  { concurrency: 2 },
);

test(
  "takes up what it has put off though the clock steps back",
  async ({ clock, store, action }) => {
    let isSlow = true;
    action.respond = async () => {
      if (isSlow) await clock.sleep(5000);
      return { kind: "succeeded", detail: "" };
    };
    for (let index = 0; index < 45; index++) await put(store, `${index}`, 1);
    await clock.advance(13_000);
    // Nothing is left to be claimed for the first time.
    assert.equal((await store.get("44"))?.state.nextAt, undefined);
    isSlow = false;
    clock.stepWall(-3_600_000);
    await clock.advance(120_000);
    assert.equal(action.calls.length, 45);
  },
  { maxQueued: 4, concurrency: 1 },
);

test(
  "puts off what waits for a slow destination when that keeps out the others",
  async ({ clock, store, action }) => {
    action.respond = async ({ params }) => {
      if (params.to === "slow") await clock.sleep(5000);
      return { kind: "succeeded", detail: "" };
    };
    const putTo = (to: string, index: number, delay: number) => {
      const plan = timeoutPlan(`${to} ${index}`, delay, { params: { to } });
      return store.put(plan, start + delay);
    };
    for (let index = 0; index < 100; index++) await putTo("slow", index, 1);
    for (let index = 0; index < 5; index++) await putTo("fast", index, 3);
    const fast = () =>
      action.calls.filter(({ params }) => params.to === "fast");
    // Two of the hundred are under way, twenty wait: that was all there is room for.
    await clock.advance(2500);
    assert.equal(action.calls.length, 2);
    await clock.advance(10_500);
    assert.equal(fast().length, 5);
    await clock.advance(600_000);
    assert.equal(action.calls.length, 105);
    assert.deepEqual(
      new Set(action.calls.map((one) => one.attempt)),
      new Set([1]),
    );
    assert.equal((await store.stats()).planCount, 0);
  },
  { maxQueued: 20, concurrency: 2 },
);

Deno.test("Scheduler fires once what was missed while no daemon ran, and goes on in its rhythm", async () => {
  await using folder = await tempFolder();
  const before = await startScheduler({ folder: folder.path });
  await before.store.put(timeoutPlan("once", 50), start + 50);
  await before.store.put(timeoutPlan("10 s", 10, { count: 0 }), start + 10);
  const daily = calendarPlan("minutes", { second: 0 }, { misfire: "all" });
  await before.store.put(daily, start + 20);
  await before.stop();
  const startAt = start + 145;
  const after = await startScheduler({ folder: folder.path, startAt });
  try {
    await after.clock.advance(0);
    assert.deepEqual(
      after.action.calls.map(({ key, second }) => `${key} ${second - start}`)
        .sort(),
      ["10 s 10", "minutes 140", "minutes 20", "minutes 80", "once 50"],
    );
    await after.clock.advance(5000);
    assert.equal(after.action.seen().at(-1), `10 s ${start + 150} 1`);
  } finally {
    await after.stop();
  }
});

Deno.test("Scheduler lets running actions end when it stops, and releases those that wait", async () => {
  await using folder = await tempFolder();
  const first = await startScheduler({ folder: folder.path, concurrency: 1 });
  first.action.respond = async () => {
    await first.clock.sleep(3000);
    return { kind: "succeeded", detail: "" };
  };
  await put(first.store, "a", 1);
  await put(first.store, "b", 1);
  await first.clock.advance(1000);
  const stopping = first.stop(10_000);
  await first.clock.advance(3000);
  await stopping;
  assert.deepEqual(first.action.seen(), [`a ${start + 1} 1`]);
  const startAt = start + 5;
  const second = await startScheduler({ folder: folder.path, startAt });
  await second.clock.advance(0);
  assert.deepEqual(second.action.seen(), [`b ${start + 1} 1`]);
  await second.stop();
});

Deno.test("Scheduler gives up on actions that outlast the deadline, and runs them again", async () => {
  await using folder = await tempFolder();
  const first = await startScheduler({ folder: folder.path });
  let aborted = false;
  first.action.respond = (_, signal) =>
    new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        aborted = true;
        resolve({ kind: "failed", detail: "aborted", retryable: true });
      });
    });
  await put(first.store, "a", 1);
  await first.clock.advance(1000);
  const stopping = first.stop(2000);
  await first.clock.advance(2000);
  await stopping;
  assert.equal(aborted, true);
  const startAt = start + 5;
  const second = await startScheduler({ folder: folder.path, startAt });
  await second.clock.advance(0);
  assert.deepEqual(second.action.seen(), [`a ${start + 1} 2`]);
  await second.stop();
});
