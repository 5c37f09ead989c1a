import assert from "node:assert/strict";
import { RightOfWay, turnMs } from "../../src/core/right_of_way.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("RightOfWay lets everyone go while nobody has it", () => {
  const rightOfWay = new RightOfWay(new FakeClock(0));
  assert.equal(rightOfWay.wait(), undefined);
  rightOfWay.take();
  rightOfWay.release();
  rightOfWay.release();
  assert.equal(rightOfWay.wait(), undefined);
});

Deno.test("RightOfWay has others wait until it is released", async () => {
  const rightOfWay = new RightOfWay(new FakeClock(0));
  rightOfWay.take();
  const waiting = rightOfWay.wait();
  assert.ok(waiting);
  rightOfWay.release();
  await waiting;
});

Deno.test("RightOfWay gives others a turn when it is held for long", async () => {
  const clock = new FakeClock(0);
  const rightOfWay = new RightOfWay(clock);
  rightOfWay.take();
  for (let round = 0; round < 3; round++) {
    let isOver = false;
    rightOfWay.wait()?.then(() => isOver = true);
    await clock.advance(turnMs - 1);
    assert.ok(!isOver);
    await clock.advance(1);
    assert.ok(isOver);
    // Taking it once more changes nothing.
    rightOfWay.take();
    assert.equal(rightOfWay.wait(), undefined);
    await clock.advance(turnMs - 1);
    assert.equal(rightOfWay.wait(), undefined);
    await clock.advance(1);
  }
});
