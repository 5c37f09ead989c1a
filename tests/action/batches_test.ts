import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { Batches, type Sent } from "../../src/action/batches.ts";

/** Batches over a connection whose replies come when the test says so. */
function heldBatches({ max = 100, replyMs = 60_000, size = 1 } = {}) {
  const sent: Sent<string, string>[][] = [];
  let failureCount = 0;
  const batches = new Batches<string, string>({
    send: (batch) => sent.push([...batch]),
    sizeOf: () => size,
    max,
    replyMs,
    timeoutError: () => new Error("too late"),
    onFailure: () => failureCount++,
  });
  return {
    batches,
    requests: () => sent.map((batch) => batch.map(({ request }) => request)),
    reply: (batch: number, at: number) =>
      sent[batch][at].reply(`reply to ${sent[batch][at].request}`),
    failureCount: () => failureCount,
  };
}

Deno.test("call() sends all of a turn in one batch, without waiting for replies", async () => {
  const { batches, requests, reply } = heldBatches();
  const replies = [batches.call("a"), batches.call("b")];
  await setImmediate();
  replies.push(batches.call("c"));
  await setImmediate();
  deepStrictEqual(requests(), [["a", "b"], ["c"]]);
  reply(1, 0);
  strictEqual(await replies[2], "reply to c");
  reply(0, 0);
  strictEqual(await replies[0], "reply to a");
  reply(0, 1);
  strictEqual(await replies[1], "reply to b");
});

Deno.test("call() makes no batch larger than it may be", async () => {
  const { batches, requests, reply } = heldBatches({ max: 2 });
  const replies = ["a", "b", "c", "d", "e"].map((it) => batches.call(it));
  await setImmediate();
  deepStrictEqual(requests(), [["a", "b"], ["c", "d"], ["e"]]);
  for (const [batch, at] of [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0]]) {
    reply(batch, at);
  }
  strictEqual((await Promise.all(replies)).length, 5);
});

Deno.test("call() holds back what is large until there are replies", async () => {
  const { batches, requests, reply } = heldBatches({ size: 3_000_000 });
  const replies = ["a", "b", "c"].map((it) => batches.call(it));
  await setImmediate();
  deepStrictEqual(requests(), [["a", "b"]]);
  reply(0, 0);
  await setImmediate();
  deepStrictEqual(requests(), [["a", "b"]]);
  reply(0, 1);
  await setImmediate();
  deepStrictEqual(requests(), [["a", "b"], ["c"]]);
  reply(1, 0);
  await Promise.all(replies);
});

Deno.test("fail() fails all that have no reply, once, and those that come later", async () => {
  const { batches, reply, failureCount } = heldBatches();
  const sent = [batches.call("a"), batches.call("b")];
  await setImmediate();
  const waiting = batches.call("c");
  reply(0, 0);
  batches.fail(new Error("lost"));
  batches.fail(new Error("lost again"));
  strictEqual(await sent[0], "reply to a");
  for (const call of [sent[1], waiting, batches.call("d")]) {
    await rejects(call, { message: "lost" });
  }
  strictEqual(failureCount(), 1);
  reply(0, 1);
});

Deno.test("call() fails all when a reply takes too long", async () => {
  const { batches, failureCount } = heldBatches({ replyMs: 20 });
  await rejects(batches.call("a"), { message: "too late" });
  strictEqual(failureCount(), 1);
});
