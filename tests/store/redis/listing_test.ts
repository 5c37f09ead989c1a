import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { listEntries } from "../../../src/store/redis/listing.ts";
import type { Steps } from "../../../src/store/redis/steps.ts";

Deno.test("listEntries() names each entry once when leaves join between its calls", async () => {
  const toBytes = (keys: readonly string[]) =>
    keys.map((key) => Buffer.from(key));
  // The leaf from "c" on has joined the one before it meanwhile.
  const replies = [
    [Buffer.from("c"), ...toBytes(["a", "b"])],
    [null, ...toBytes(["a", "b", "c", "d"])],
  ];
  const steps = {
    run: () => Promise.resolve(replies.shift()),
  } as unknown as Steps;
  const { entries } = await listEntries(steps, 1, {
    tree: "plans",
    after: undefined,
    from: Buffer.alloc(0),
    limit: 10,
    accepts: () => true,
    isBehind: () => false,
  });
  assert.deepEqual(entries.map(String), ["a", "b", "c", "d"]);
});
