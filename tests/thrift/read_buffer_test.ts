import fc from "fast-check";
import assert from "node:assert/strict";
import { ReadBuffer } from "../../src/thrift/read_buffer.ts";
import { randomRuns } from "../support/random.ts";

/** Puts as many of `bytes` as there is room for into the buffer; gives their number. */
function receive(buffer: ReadBuffer, bytes: Uint8Array): number {
  const room = buffer.room();
  assert.ok(room.length > 0);
  const count = Math.min(room.length, bytes.length);
  room.set(bytes.subarray(0, count));
  buffer.end += count;
  return count;
}

function fill(buffer: ReadBuffer, count: number): void {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count;) at += receive(buffer, bytes.subarray(at));
}

Deno.test("ReadBuffer keeps what was not used up, and stays small", () => {
  const step = fc.record({
    received: fc.nat(30_000),
    used: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30, size: "max" }), (steps) => {
      const buffer = new ReadBuffer(1_000_000);
      let sent = 0;
      let used = 0;
      let max = 0;
      for (const step of steps) {
        const bytes = new Uint8Array(step.received)
          .map((_, index) => (sent + index) % 251);
        sent += receive(buffer, bytes);
        max = Math.max(max, sent - used);
        assert.equal(buffer.end - buffer.start, sent - used);
        for (let at = buffer.start; at < buffer.end; at++) {
          assert.equal(buffer.bytes[at], (used + at - buffer.start) % 251);
        }
        const count = Math.floor(step.used * (sent - used + 1));
        const taken = Math.min(count, sent - used);
        buffer.start += taken;
        used += taken;
        assert.ok(buffer.bytes.length <= Math.max(4096, 4 * max));
      }
    }),
    randomRuns(200),
  );
});

Deno.test("ReadBuffer gives memory back once it is empty", () => {
  const buffer = new ReadBuffer(10_000_000);
  fill(buffer, 1_000_000);
  assert.ok(buffer.bytes.length >= 1_000_000);
  buffer.start = buffer.end;
  buffer.room();
  assert.equal(buffer.bytes.length, 512);
});

Deno.test("ReadBuffer has more room for a connection that fills it, once it is empty", () => {
  const buffer = new ReadBuffer(1_000_000);
  fill(buffer, 511);
  buffer.start = buffer.end;
  assert.equal(buffer.room().length, 512);
  fill(buffer, 512);
  buffer.start = buffer.end;
  assert.equal(buffer.room().length, 4096);
});

Deno.test("ReadBuffer grows for a connection that sends many messages without a pause", () => {
  const buffer = new ReadBuffer(1_000_000);
  for (let sent = 0; sent < 100; sent++) {
    // 300 bytes each, of which the last one is always unfinished.
    receive(buffer, new Uint8Array(10_000));
    const unused = (buffer.end - buffer.start) % 300;
    buffer.start = buffer.end - unused;
  }
  assert.equal(buffer.bytes.length, 4096);
});

Deno.test("ReadBuffer has room for the most that may be unfinished, and hardly more", () => {
  const buffer = new ReadBuffer(100_000);
  fill(buffer, 100_000);
  assert.ok(buffer.room().length > 0);
  assert.ok(buffer.bytes.length <= 104_096);
  assert.equal(buffer.start, 0);
});
