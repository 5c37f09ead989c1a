import fc from "fast-check";
import assert from "node:assert/strict";
import { DueIndex } from "../../../src/store/memory/due_index.ts";
import { randomRuns } from "../../support/random.ts";

Deno.test("takeDue() gives rows in the order of their seconds, then of their setting", () => {
  const index = new DueIndex(1000);
  index.set(1, 1300);
  index.set(2, 1001);
  index.set(3, 90_000);
  index.set(4, 1300);
  index.moveTo(100_000);
  assert.deepEqual(takeAll(index), [2, 1, 4, 3]);
});

Deno.test("moveTo() leaves rows of later seconds alone", () => {
  const index = new DueIndex(1000);
  index.set(1, 1255);
  index.set(2, 1256);
  index.moveTo(1255);
  assert.deepEqual(takeAll(index), [1]);
  assert.equal(index.secondOf(2), 1256);
  index.moveTo(1256);
  assert.deepEqual(takeAll(index), [2]);
});

Deno.test("moveTo() puts rows back that a clock stepping back makes early", () => {
  const index = new DueIndex(1000);
  index.set(1, 1500);
  index.set(2, 2500);
  index.moveTo(3000);
  index.moveTo(2000);
  index.set(3, 2001);
  assert.deepEqual(takeAll(index), [1]);
  index.moveTo(2400);
  assert.deepEqual(takeAll(index), [3]);
  index.moveTo(2500);
  assert.deepEqual(takeAll(index), [2]);
});

Deno.test("mayHave() says no where no row can be due", () => {
  const index = new DueIndex(1000);
  index.set(1, 1002);
  index.set(2, 5000);
  const seconds = [1001, 1002, 1003, 4999, 5000];
  // A window that isn't spread yet is taken as a whole.
  assert.deepEqual(seconds.filter((at) => index.mayHave(at)), [
    1002,
    4999,
    5000,
  ]);
  index.moveTo(1002);
  assert.equal(index.mayHave(1003), true);
  assert.deepEqual(takeAll(index), [1]);
  assert.equal(index.mayHave(1003), false);
});

Deno.test("prepare() spreads the next window in steps of the given size", () => {
  const index = new DueIndex(255);
  for (let row = 0; row < 10; row++) index.set(row, 1024 + row % 3);
  index.moveTo(768);
  assert.equal([...index.rowsOfWindow(4)].length, 10);
  assert.equal(index.prepare(9), true);
  assert.equal([...index.rowsOfWindow(4)].length, 1);
  assert.equal(index.prepare(9), false);
  assert.deepEqual([...index.rowsAt(1024)], [0, 3, 6, 9]);
  assert.deepEqual([...index.rowsAt(1027)], []);
});

Deno.test("cancel() takes rows out of every kind of list", () => {
  const index = new DueIndex(1000);
  const seconds = [900, 900, 1001, 1001, 1002, 5000, 5000, 5001];
  seconds.forEach((second, row) => index.set(row, second));
  for (const row of [0, 2, 4, 5]) index.cancel(row);
  index.cancel(4);
  index.moveTo(6000);
  assert.deepEqual(takeAll(index), [1, 3, 6, 7]);
});

Deno.test("DueIndex behaves like a sorted list under any sequence of steps", () => {
  const second = fc.oneof(
    fc.integer({ min: 1, max: 3000 }),
    fc.integer({ min: 1, max: 400_000 }),
    fc.integer({ min: 1, max: 0xffff_ffff }),
  );
  const step = fc.oneof(
    fc.record({ kind: fc.constant("set"), row: fc.nat(40), second }),
    fc.record({ kind: fc.constant("cancel"), row: fc.nat(40), second }),
    fc.record({ kind: fc.constant("move"), row: fc.nat(3), second }),
    fc.record({ kind: fc.constant("walk"), row: fc.nat(300), second }),
    fc.record({ kind: fc.constant("prepare"), row: fc.nat(5), second }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: "max" }), (steps) => {
      const index = new DueIndex(0);
      const model = new Map<number, number>();
      let now = 0;
      for (const { kind, row, second } of steps) {
        if (kind === "set") {
          index.cancel(row);
          index.set(row, second);
          model.set(row, second);
        } else if (kind === "cancel") {
          index.cancel(row);
          model.delete(row);
        } else if (kind === "prepare") {
          index.prepare(row);
        } else {
          now = kind === "walk" ? Math.min(now + row, 0xffff_ffff) : second;
          index.moveTo(now);
          const due = [...model].filter(([, at]) => at <= now).map(([key]) =>
            key
          );
          const early = model.get(takeOne(index) ?? -1) ?? 0;
          assert.ok(early <= now);
          assert.deepEqual(
            [...taken, ...takeAll(index)].sort(),
            due.sort(),
          );
          for (const key of due) model.delete(key);
          taken.length = 0;
        }
        for (const [key, at] of model) assert.equal(index.secondOf(key), at);
      }
    }),
    randomRuns(300),
  );
});

const taken: number[] = [];

function takeOne(index: DueIndex): number | undefined {
  const row = index.takeDue();
  if (row !== undefined) taken.push(row);
  return row;
}

function takeAll(index: DueIndex): number[] {
  const rows: number[] = [];
  for (let row = index.takeDue(); row !== undefined; row = index.takeDue()) {
    rows.push(row);
  }
  return rows;
}
