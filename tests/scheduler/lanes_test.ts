import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { Lanes } from "../../src/scheduler/lanes.ts";

/** Lanes whose jobs end when the test says so. */
function heldLanes(maxRunning: number) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  let endCount = 0;
  let nowMs = 0;
  const lanes = new Lanes<string>((job) => {
    started.push(job);
    return new Promise<void>((resolve) => ends.set(job, resolve));
  }, {
    maxRunning,
    onEnd: () => endCount++,
    nowMs: () => nowMs,
  });
  return {
    lanes,
    started,
    endCount: () => endCount,
    passMs: (ms: number) => nowMs += ms,
    async end(job: string): Promise<void> {
      ends.get(job)?.();
      await setImmediate();
    },
  };
}

Deno.test("Lanes keep a slow lane to its limit while others go on", async () => {
  const { lanes, started, end } = heldLanes(10);
  for (const job of ["s1", "s2", "s3"]) {
    lanes.add(job, { name: "slow", limit: 2 });
  }
  lanes.add("f1", { name: "fast", limit: 2 });
  assert.deepEqual(started, ["s1", "s2", "f1"]);
  assert.equal(lanes.queuedCount, 1);
  await end("f1");
  assert.deepEqual(started, ["s1", "s2", "f1"]);
  await end("s2");
  assert.deepEqual(started, ["s1", "s2", "f1", "s3"]);
});

Deno.test("Lanes take turns when all together are at their limit", async () => {
  const { lanes, started, end } = heldLanes(1);
  for (const job of ["a1", "a2", "a3"]) {
    lanes.add(job, { name: "a", limit: 9 });
  }
  for (const job of ["b1", "b2"]) lanes.add(job, { name: "b", limit: 9 });
  for (const job of ["a1", "a2", "b1", "a3", "b2"]) await end(job);
  assert.deepEqual(started, ["a1", "a2", "b1", "a3", "b2"]);
});

Deno.test("Lanes keep room for others when many slow ones fill up", async () => {
  const { lanes, started, end } = heldLanes(20);
  for (const name of ["s", "t"]) {
    for (let job = 0; job < 20; job++) {
      lanes.add(`${name}${job}`, { name, limit: 9 });
    }
  }
  assert.equal(lanes.runningCount, 15);
  for (let job = 0; job < 9; job++) {
    lanes.add(`f${job}`, { name: "f", limit: 9 });
  }
  assert.deepEqual(started.slice(15), ["f0", "f1", "f2", "f3"]);
  for (let job = 0; job < 9; job++) await end(`f${job}`);
  assert.equal(started.length, 24);
  assert.equal(lanes.runningCount, 15);
  await end("s0");
  assert.equal(lanes.runningCount, 15);
});

Deno.test("Lanes.clear() takes out what has not started", async () => {
  const { lanes, started, end, endCount } = heldLanes(1);
  for (const job of ["a", "b", "c"]) lanes.add(job, { name: "x", limit: 1 });
  assert.deepEqual(lanes.clear(), ["b", "c"]);
  assert.equal(lanes.queuedCount, 0);
  await end("a");
  assert.deepEqual(started, ["a"]);
  assert.equal(endCount(), 1);
  assert.equal(lanes.runningCount, 0);
  lanes.add("d", { name: "x", limit: 1 });
  assert.deepEqual(started, ["a", "d"]);
});

Deno.test("Lanes shed the younger half of slow lanes, and of no others", async () => {
  const { lanes, end, passMs } = heldLanes(10);
  const add = (name: string, count: number) => {
    for (let at = 0; at < count; at++) {
      lanes.add(`${name}${at}`, { name, limit: 1 });
    }
  };
  add("slow", 9);
  add("fast", 9);
  add("stuck", 4);
  add("short", 2);
  // Nothing is known in the first second.
  assert.deepEqual(lanes.shed(4), []);
  passMs(2000);
  await end("slow0");
  for (const at of [0, 1, 2, 3]) await end(`fast${at}`);
  assert.deepEqual(lanes.shed(4), [
    { jobs: ["slow5", "slow6", "slow7", "slow8"].slice(1), drainSeconds: 8 },
    { jobs: ["stuck3"], drainSeconds: Infinity },
  ]);
  assert.equal(lanes.queuedCount, 4 + 4 + 2 + 1);
});

Deno.test("Lanes start tens of thousands of one job each in no time", async () => {
  let count = 0;
  const lanes = new Lanes<number>(() => {
    count++;
    return Promise.resolve();
  }, { maxRunning: 1, onEnd: () => {}, nowMs: () => 0 });
  for (let job = 0; job < 100_000; job++) {
    lanes.add(job, { name: String(job), limit: 1 });
  }
  const start = performance.now();
  while (lanes.runningCount > 0) await setImmediate();
  assert.equal(count, 100_000);
  // With an array's own shift() it takes 25 times as long.
  assert(performance.now() - start < 15_000);
});

Deno.test("Lanes run a hundred thousand queued jobs in order", async () => {
  const seen: number[] = [];
  const lanes = new Lanes<number>((job) => {
    seen.push(job);
    return Promise.resolve();
  }, { maxRunning: 4, onEnd: () => {}, nowMs: () => 0 });
  for (let job = 0; job < 100_000; job++) {
    lanes.add(job, { name: "x", limit: 1 });
  }
  while (lanes.runningCount > 0) await setImmediate();
  assert.deepEqual(seen, Array.from({ length: 100_000 }, (_, job) => job));
});
