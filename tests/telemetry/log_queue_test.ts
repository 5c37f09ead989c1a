import assert from "node:assert/strict";
import { LogQueue } from "../../src/telemetry/log_queue.ts";
import type { LogTarget } from "../../src/telemetry/log_target.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A target that a test can stop, slow down and look into. */
class RecordingTarget implements LogTarget {
  text = "";
  isClosed = false;
  batches = 0;
  /** What the next writes do; they take everything when there is none. */
  respond: (bytes: Uint8Array) => Promise<number> = (bytes) =>
    Promise.resolve(bytes.length);

  begin(): Promise<void> {
    this.batches++;
    return Promise.resolve();
  }

  async write(bytes: Uint8Array): Promise<number> {
    const count = await this.respond(bytes);
    this.text += new TextDecoder().decode(bytes.subarray(0, count));
    return count;
  }

  reopen(): void {}

  close(): void {
    this.isClosed = true;
  }
}

function open(maxCharacters = 100) {
  const clock = new FakeClock(0);
  const target = new RecordingTarget();
  let dropped = 0;
  const queue = new LogQueue({
    onDrop: () => dropped++,
    target,
    clock,
    maxCharacters,
    tellDropped: (count, reason) => `${count} missing: ${reason}`,
  });
  return { clock, target, queue, dropped: () => dropped };
}

const fullDisk = () =>
  Promise.reject(new Error("No space left on device (os error 28)"));

Deno.test("LogQueue writes the lines of a turn in one batch, in order", async () => {
  const { clock, target, queue } = open();
  for (const line of ["a", "ü", "c"]) queue.add(() => line);
  assert.equal(target.text, "");
  await clock.advance(0);
  assert.deepEqual([target.text, target.batches], ["a\nü\nc\n", 1]);
});

Deno.test("LogQueue keeps a bounded number of lines while its target is full, and tells where lines are missing", async () => {
  const { clock, target, queue, dropped } = open(20);
  target.respond = fullDisk;
  queue.add(() => "first");
  await clock.advance(0);
  let formatted = 0;
  for (let number = 0; number < 1000; number++) {
    queue.add(() =>
      `line ${String(number).padStart(4, "0")}${++formatted && ""}`
    );
  }
  assert.deepEqual([formatted, dropped()], [2, 998]);
  await clock.advance(5000);
  assert.equal(target.text, "");
  target.respond = (bytes) => Promise.resolve(bytes.length);
  await clock.advance(1000);
  queue.add(() => "after");
  await clock.advance(0);
  assert.equal(
    target.text,
    "first\nline 0000\nline 0001\n" +
      "998 missing: No space left on device (os error 28)\nafter\n",
  );
});

Deno.test("LogQueue goes on in the middle of a line that was written in part", async () => {
  const { clock, target, queue } = open();
  let calls = 0;
  target.respond = () => ++calls === 2 ? fullDisk() : Promise.resolve(3);
  queue.add(() => "abcdefgh");
  await clock.advance(0);
  assert.equal(target.text, "abc");
  await clock.advance(1000);
  assert.equal(target.text, "abcdefgh\n");
});

Deno.test("LogQueue tells of missing lines even if the target never catches up", async () => {
  const { clock, target, queue } = open(10);
  const held: ((count: number) => void)[] = [];
  target.respond = (bytes) =>
    new Promise((resolve) => held.push(() => resolve(bytes.length)));
  for (let round = 0; round < 3; round++) {
    for (let number = 0; number < 9; number++) queue.add(() => "12345");
    await clock.advance(0);
    held.shift()?.(0);
    await clock.advance(0);
  }
  assert.match(target.text, /\n7 missing: .+not be written fast enough\n/);
});

Deno.test("LogQueue gives up on a target that takes nothing when it is closed", async () => {
  const { clock, target, queue } = open();
  target.respond = () => new Promise(() => {});
  queue.add(() => "never written");
  await clock.advance(0);
  let isOver = false;
  const closing = queue.close(2000).then(() => isOver = true);
  await clock.advance(1999);
  assert.equal(isOver, false);
  await clock.advance(1);
  await closing;
  assert.equal(target.isClosed, true);
});

Deno.test("LogQueue writes all it has before it is closed", async () => {
  const { target, queue } = open();
  queue.add(() => "last words");
  await queue.close(2000);
  assert.deepEqual([target.text, target.isClosed], ["last words\n", true]);
});
