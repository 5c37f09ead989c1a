import assert from "node:assert/strict";
import { Fifo } from "../../src/scheduler/fifo.ts";

Deno.test("Fifo gives items in their order, whatever is put in between", () => {
  const fifo = new Fifo<number>();
  let next = 0;
  let expected = 0;
  for (let round = 1; round <= 300; round++) {
    for (let count = 0; count < round % 37; count++) fifo.push(next++);
    for (let count = 0; count < round % 31; count++) {
      const item = fifo.shift();
      assert.equal(item, expected < next ? expected++ : undefined);
    }
    assert.equal(fifo.length, next - expected);
  }
  const rest = fifo.clear();
  assert.deepEqual(
    rest,
    Array.from({ length: next - expected }, (_, at) => expected + at),
  );
  assert.equal(fifo.shift(), undefined);
});

Deno.test("Fifo lets go of what it gave out", () => {
  const fifo = new Fifo<number>();
  for (let item = 0; item < 5000; item++) fifo.push(item);
  for (let item = 0; item < 4999; item++) assert.equal(fifo.shift(), item);
  assert.deepEqual(fifo.clear(), [4999]);
  assert.equal(fifo.length, 0);
});
