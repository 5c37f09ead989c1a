import assert from "node:assert/strict";
import { overlap } from "../../src/http/overlap.ts";

async function collect<Out>(results: AsyncIterable<Out>): Promise<Out[]> {
  const all: Out[] = [];
  for await (const result of results) all.push(result);
  return all;
}

Deno.test("overlap() works on some at a time and keeps their order", async () => {
  let running = 0;
  let max = 0;
  const work = async (piece: number) => {
    max = Math.max(max, ++running);
    await new Promise((resolve) => setTimeout(resolve, piece % 3 * 2));
    running--;
    return piece;
  };
  const pieces = Array.from({ length: 30 }, (_, at) => at);
  const source = ReadableStream.from(pieces);
  assert.deepEqual(await collect(overlap(source, { work, limit: 4 })), pieces);
  assert.equal(max, 4);
});

Deno.test("overlap() yields a result before the next piece comes", async () => {
  const later = Promise.withResolvers<void>();
  async function* source() {
    yield 1;
    await later.promise;
    yield 2;
  }
  const work = (piece: number) => Promise.resolve(piece);
  const results = overlap(source(), { work, limit: 4 });
  assert.equal((await results.next()).value, 1);
  later.resolve();
  assert.equal((await results.next()).value, 2);
  assert.equal((await results.next()).done, true);
});

Deno.test("overlap() finishes what has come when the source fails, and closes it when nobody asks on", async () => {
  let isClosed = false;
  async function* source() {
    try {
      yield 1;
      yield 2;
      throw new Error("no more");
    } finally {
      isClosed = true;
    }
  }
  const work = (piece: number) => Promise.resolve(piece);
  const found: number[] = [];
  await assert.rejects(async () => {
    const results = overlap(source(), { work, limit: 4 });
    for await (const result of results) found.push(result);
  }, /no more/);
  assert.deepEqual(found, [1, 2]);
  isClosed = false;
  for await (const _ of overlap(source(), { work, limit: 1 })) break;
  assert.equal(isClosed, true);
});
