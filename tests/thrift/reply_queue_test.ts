import fc from "fast-check";
import assert from "node:assert/strict";
import { systemClock } from "../../src/core/system_clock.ts";
import type { MessageSink } from "../../src/thrift/protocol.ts";
import { ReplyQueue } from "../../src/thrift/reply_queue.ts";
import { SocketSender } from "../../src/thrift/socket_sender.ts";
import { randomRuns } from "../support/random.ts";
import { framed } from "./encode.ts";
import { toHex } from "./hex.ts";

interface Line extends Disposable {
  readonly sender: SocketSender;
  /** The next `count` bytes that were sent. */
  receive(count: number): Promise<string>;
}

/** A sender over a real socket, and its other end. */
async function createLine(): Promise<Line> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept();
  const near = await Deno.connect({
    hostname: "127.0.0.1",
    port: listener.addr.port,
  });
  const far = await accepting;
  return {
    sender: new SocketSender(near, { clock: systemClock }),
    async receive(count) {
      const bytes = new Uint8Array(count);
      for (let at = 0; at < count;) {
        const read = await far.read(bytes.subarray(at));
        if (read === null) throw new Error("The line is closed");
        at += read;
      }
      return toHex(bytes);
    },
    [Symbol.dispose]() {
      near.close();
      far.close();
    },
  };
}

function begin(sink: MessageSink, bytes: Uint8Array): void {
  sink.begin().append(bytes);
}

function reply(sink: MessageSink, bytes: Uint8Array): void {
  begin(sink, bytes);
  sink.end();
}

const anyReplies = fc.array(
  fc.record({
    bytes: fc.uint8Array({ minLength: 1, maxLength: 2000 }),
    place: fc.nat(),
  }),
  { minLength: 1, maxLength: 40 },
);

for (const isFramed of [false, true]) {
  const name = isFramed ? "framed" : "buffered";

  Deno.test(`ReplyQueue sends ${name} replies in the order of their requests, whatever order they come in`, async () => {
    using line = await createLine();
    await fc.assert(
      fc.asyncProperty(anyReplies, async (replies) => {
        const queue = new ReplyQueue(line.sender, isFramed);
        const waiting = replies.map((one) => ({
          ...one,
          sink: queue.expect(),
        }));
        const expected = replies
          .map(({ bytes }) => toHex(isFramed ? framed(bytes) : bytes))
          .join("");
        waiting.sort((one, other) => one.place - other.place);
        for (const { sink, bytes } of waiting) {
          reply(sink, bytes);
          if (bytes.length % 3 === 0) await Promise.resolve();
        }
        assert.equal(queue.pendingCount, 0);
        assert.equal(await line.receive(expected.length / 2), expected);
        assert.equal(queue.unsentBytes, 0);
      }),
      randomRuns(200),
    );
  });

  Deno.test(`ReplyQueue sends nothing of a ${name} reply that broke off and was begun anew`, async () => {
    using line = await createLine();
    const queue = new ReplyQueue(line.sender, isFramed);
    const first = queue.expect();
    const second = queue.expect();
    for (const sink of [second, first]) {
      begin(sink, new Uint8Array(5000).fill(1));
      reply(sink, Uint8Array.of(2, 3));
    }
    const one = isFramed ? "000000020203" : "0203";
    assert.equal(await line.receive(one.length), one + one);
  });
}

Deno.test("ReplyQueue counts what waits", async () => {
  using line = await createLine();
  const queue = new ReplyQueue(line.sender, false);
  const [first, second, third] = [
    queue.expect(),
    queue.expect(),
    queue.expect(),
  ];
  assert.deepEqual([queue.pendingCount, queue.unsentBytes], [3, 0]);
  reply(third, new Uint8Array(1000));
  assert.deepEqual([queue.pendingCount, queue.unsentBytes], [3, 1000]);
  reply(first, new Uint8Array(10));
  assert.deepEqual([queue.pendingCount, queue.unsentBytes], [2, 1010]);
  reply(second, new Uint8Array(100));
  assert.deepEqual([queue.pendingCount, queue.unsentBytes], [0, 1110]);
  await line.receive(1110);
  assert.deepEqual([queue.pendingCount, queue.unsentBytes], [0, 0]);
});
