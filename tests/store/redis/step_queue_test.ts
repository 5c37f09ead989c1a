import assert from "node:assert/strict";
import type { Step, StepName } from "../../../src/store/redis/step.ts";
import { StepQueue } from "../../../src/store/redis/step_queue.ts";

/** The calls that steps such as `put a` go in when they come at once. */
function callsOf(steps: readonly string[], limit = 16): string[] {
  const queue = new StepQueue<{ readonly step: Step; readonly text: string }>();
  for (const text of steps) {
    const [name, ...args] = text.split(" ");
    const step = { name: name as StepName, partition: 0, args };
    queue.push({ step, text });
  }
  const calls: string[] = [];
  while (queue.length > 0) {
    calls.push(queue.take(limit).map(({ text }) => text).join(", "));
  }
  return calls;
}

const cases = [
  {
    promise: "gives puts calls of their own",
    steps: ["put a", "finish x", "put b", "remove c"],
    calls: ["put a, put b", "finish x, remove c"],
  },
  {
    promise: "keeps the order of what concerns one plan",
    steps: ["remove a", "put a", "get a", "put b", "remove b", "get c"],
    calls: ["remove a, get c", "put a, put b", "get a, remove b"],
  },
  {
    promise: "keeps a second put of a plan behind what lies between",
    steps: ["put a", "remove a", "put a", "put b"],
    calls: ["put a, put b", "remove a", "put a"],
  },
  {
    promise: "lets what reads all plans see the puts before it",
    steps: ["get a", "put b", "leaves plans", "claim x"],
    calls: ["get a, claim x", "put b", "leaves plans"],
  },
  {
    promise: "takes no more than the limit",
    steps: ["put a", "put b", "put c"],
    calls: ["put a, put b", "put c"],
    limit: 2,
  },
];
for (const { promise, steps, calls, limit } of cases) {
  Deno.test(`StepQueue ${promise}`, () => {
    assert.deepEqual(callsOf(steps, limit), calls);
  });
}

Deno.test("StepQueue takes no longer when very much waits", () => {
  const steps = Array.from({ length: 20_000 }, (_, index) => `put ${index}`);
  const startMs = performance.now();
  const calls = callsOf(["finish x", ...steps, "finish y"], 32);
  assert.equal(calls.length, 627);
  assert.ok(performance.now() - startMs < 1000);
});
