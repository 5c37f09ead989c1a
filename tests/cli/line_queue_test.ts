import assert from "node:assert/strict";
import { LineQueue } from "../../src/cli/line_queue.ts";

Deno.test("LineQueue gives lines in their order, those to come too, up to the end", async () => {
  const queue = new LineQueue();
  queue.add("a");
  queue.add("b");
  const taken: string[] = [];
  for await (const line of queue) {
    taken.push(line);
    if (line === "b") setTimeout(() => queue.add("c"));
    if (line === "c") {
      queue.add("d");
      queue.end();
    }
  }
  assert.deepEqual(taken, ["a", "b", "c", "d"]);
});

Deno.test("LineQueue ends while it is waited for", async () => {
  const queue = new LineQueue();
  const lines = queue[Symbol.asyncIterator]();
  const next = lines.next();
  queue.end();
  assert.equal((await next).done, true);
});

Deno.test("LineQueue forgets what waits", async () => {
  const queue = new LineQueue();
  queue.add("a");
  queue.add("b");
  assert.equal(queue.clear(), 2);
  assert.equal(queue.clear(), 0);
  queue.add("c");
  assert.equal((await queue[Symbol.asyncIterator]().next()).value, "c");
});
