import assert from "node:assert/strict";
import { join } from "node:path";
import { ByteWriter } from "../../../src/store/byte_writer.ts";
import { writePut } from "../../../src/store/memory/record.ts";
import {
  recordHeaderBytes,
  Segment,
} from "../../../src/store/memory/segment.ts";
import { openForTest } from "../../support/memory_store_harness.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { tempFolder } from "../../support/temp_folder.ts";

const later = 2_000_000;

/** Writes the journal of a store that has seen nearly 2^32 plans, and has one, a. */
async function writeOldJournal(folder: string): Promise<void> {
  const segment = new Segment(1, 0, 4096);
  const at = segment.tail + recordHeaderBytes;
  const writer = new ByteWriter().start(segment.bytes, at);
  const plan = timeoutPlan("a", 60);
  writePut(writer, 2 ** 32 - 2, { plan, nextAt: later });
  segment.seal(writer.at);
  const bytes = segment.bytes.subarray(0, segment.tail);
  await Deno.writeFile(join(folder, "0000000001.journal"), bytes);
}

Deno.test("put() replaces a plan though 2^32 were put before", async () => {
  await using folder = await tempFolder();
  await writeOldJournal(folder.path);
  {
    await using store = await openForTest(folder.path);
    for (const delay of [1, 2, 3]) {
      await store.put(timeoutPlan("a", delay), later);
      assert.deepEqual((await store.get("a"))?.plan, timeoutPlan("a", delay));
    }
  }
  {
    await using store = await openForTest(folder.path);
    assert.deepEqual((await store.get("a"))?.plan, timeoutPlan("a", 3));
    await store.put(timeoutPlan("a", 4), later);
  }
  await using store = await openForTest(folder.path);
  assert.deepEqual((await store.get("a"))?.plan, timeoutPlan("a", 4));
});

Deno.test("remove() removes for good though 2^32 plans were put before", async () => {
  await using folder = await tempFolder();
  await writeOldJournal(folder.path);
  {
    await using store = await openForTest(folder.path);
    for (const key of ["b", "c", "d"]) {
      await store.put(timeoutPlan(key, 1), later);
    }
    for (const key of ["a", "c"]) await store.remove(key);
  }
  await using store = await openForTest(folder.path);
  const request = { prefix: "", after: undefined, limit: 10 };
  assert.deepEqual(await store.pageKeys(request), ["b", "d"]);
});
