import assert from "node:assert/strict";
import { AbortWaits } from "../../src/client/abort_waits.ts";

/** A signal, and how many listeners it has. */
function countedSignal() {
  const abort = new AbortController();
  const { signal } = abort;
  const counted = { abort, signal, listeners: 0 };
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    counted.listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    counted.listeners--;
    remove(...args);
  };
  return counted;
}

Deno.test("AbortWaits has one listener for all waits of a signal, and none behind them", async () => {
  const counted = countedSignal();
  const waits = new AbortWaits();
  const first = Promise.withResolvers<number>();
  const second = Promise.withResolvers<number>();
  const waiting = [first, second].map(({ promise }) =>
    waits.until(counted.signal, promise)
  );
  assert.equal(counted.listeners, 1);
  first.resolve(1);
  assert.equal(await waiting[0], 1);
  assert.equal(counted.listeners, 1);
  second.reject(new Error("no"));
  await assert.rejects(waiting[1], { message: "no" });
  assert.equal(counted.listeners, 0);
});

Deno.test("AbortWaits ends all waits of a signal that aborts", async () => {
  const { abort, signal } = countedSignal();
  const waits = new AbortWaits();
  const never = new Promise<void>(() => {});
  const waiting = [never, never].map((one) => waits.until(signal, one));
  const reason = new Error("enough");
  abort.abort(reason);
  for (const one of waiting) await assert.rejects(one, reason);
  await assert.rejects(waits.until(signal, never), reason);
});
