import { deepStrictEqual, ok } from "node:assert/strict";
import { TimerLists } from "../../src/action/timer_lists.ts";

/** Resolves when a timer of `timers` that is set now for `ms` fires. */
function passed(timers: TimerLists, ms: number): Promise<void> {
  return new Promise((resolve) => timers.after(ms, resolve));
}

Deno.test("after() calls in the order of the times, not too early", async () => {
  using timers = new TimerLists();
  const start = performance.now();
  const calls: [string, number][] = [];
  const note = (name: string) => () => calls.push([name, performance.now()]);
  timers.after(40.5, note("d"));
  timers.after(20, note("b"));
  timers.after(0.2, note("a"));
  timers.after(20, note("c"));
  await passed(timers, 60);
  deepStrictEqual(calls.map(([name]) => name), ["a", "b", "c", "d"]);
  for (const [index, ms] of [0.2, 20, 20, 40.5].entries()) {
    ok(calls[index][1] - start >= ms);
  }
});

Deno.test("after() waits its own time also behind one that was cancelled", async () => {
  using timers = new TimerLists();
  const cancel = timers.after(30, () => {});
  await passed(timers, 15);
  const start = performance.now();
  const second = passed(timers, 30);
  cancel();
  await second;
  ok(performance.now() - start >= 30);
});

Deno.test("after() doesn't call what was cancelled, once or twice", async () => {
  using timers = new TimerLists();
  const calls: string[] = [];
  const cancels = ["a", "b", "c"].map((name) =>
    timers.after(10, () => calls.push(name))
  );
  cancels[1]();
  cancels[1]();
  await passed(timers, 10);
  cancels[0]();
  deepStrictEqual(calls, ["a", "c"]);
});

Deno.test("after() can be called and cancelled from a timer", async () => {
  using timers = new TimerLists();
  const calls: string[] = [];
  const done = Promise.withResolvers<void>();
  timers.after(5, () => {
    cancel();
    timers.after(5, () => {
      calls.push("inner");
      done.resolve();
    });
  });
  const cancel = timers.after(5, () => calls.push("cancelled"));
  await done.promise;
  deepStrictEqual(calls, ["inner"]);
});

Deno.test("TimerLists leaves no timer behind when it is disposed", () => {
  const timers = new TimerLists();
  timers.after(100_000, () => {});
  timers.after(200_000, () => {});
  timers[Symbol.dispose]();
});

Deno.test("after() leaves no timer behind when all are cancelled", () => {
  const timers = new TimerLists();
  const cancels = [100_000, 100_000, 200_000].map((ms) =>
    timers.after(ms, () => {})
  );
  for (const cancel of cancels) cancel();
});
