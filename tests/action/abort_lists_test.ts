import { rejects, strictEqual } from "node:assert/strict";
import { AbortLists } from "../../src/action/abort_lists.ts";

const never = new Promise<never>(() => {});

Deno.test("until() gives what the promise does", async () => {
  const lists = new AbortLists();
  const { signal } = new AbortController();
  strictEqual(await lists.until(signal, Promise.resolve(7)), 7);
  await rejects(lists.until(signal, Promise.reject(new Error("no"))), {
    message: "no",
  });
});

Deno.test("until() fails for now once its signal aborts, whatever its promise does", async () => {
  const lists = new AbortLists();
  const abort = new AbortController();
  const other = new AbortController();
  const givenUp = { message: "given up", retryable: true };
  const waiting = [never, never].map((it) => lists.until(abort.signal, it));
  const held = Promise.withResolvers<number>();
  const untouched = lists.until(other.signal, held.promise);
  abort.abort();
  for (const call of waiting) await rejects(call, givenUp);
  await rejects(lists.until(abort.signal, never), givenUp);
  held.resolve(1);
  strictEqual(await untouched, 1);
});
