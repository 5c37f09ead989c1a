import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "../../../src/store/crc32.ts";
import {
  recordHeaderBytes,
  segmentHeaderBytes,
} from "../../../src/store/memory/segment.ts";
import { maxSegmentBytes } from "../../../src/store/memory/segment_log.ts";
import type { Store } from "../../../src/store/store.ts";
import { eventually } from "../../support/eventually.ts";
import {
  crashedCopy,
  journalFiles,
  openForTest,
} from "../../support/memory_store_harness.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { tempFolder } from "../../support/temp_folder.ts";

const all = { prefix: "", after: undefined, limit: 1000 };

/** A journal of plans k0, k1, … and where each one's record ends. */
async function journalOf(folder: string, count: number): Promise<number[]> {
  const ends: number[] = [];
  await using store = await openForTest(folder);
  for (let index = 0; index < count; index++) {
    await store.put(timeoutPlan(`k${index}`, 60), 2_000_000);
    const [path] = await journalFiles(folder);
    ends.push((await Deno.stat(path)).size);
  }
  return ends;
}

async function flip(path: string, offset: number): Promise<void> {
  const bytes = await Deno.readFile(path);
  bytes[offset] ^= 0x55;
  await Deno.writeFile(path, bytes);
}

Deno.test("openMemoryStore() finds each plan whose record is whole, wherever the file ends", async () => {
  await using folder = await tempFolder();
  const ends = await journalOf(folder.path, 12);
  const size = ends[ends.length - 1];
  for (let length = 0; length <= size; length++) {
    await using crashed = await crashedCopy(folder.path);
    const [path] = await journalFiles(crashed.path);
    await Deno.truncate(path, length);
    const whole = ends.filter((end) => end <= length).length;
    {
      await using store = await openForTest(crashed.path, { isStrict: true });
      assert.equal((await store.stats()).planCount, whole, `cut at ${length}`);
      await store.put(timeoutPlan("new", 60), 2_000_000);
    }
    await using again = await openForTest(crashed.path, { isStrict: true });
    assert.equal(
      (await again.stats()).planCount,
      whole + 1,
      `cut at ${length}`,
    );
  }
});

Deno.test("openMemoryStore() goes on behind a damaged record", async () => {
  await using folder = await tempFolder();
  const ends = await journalOf(folder.path, 12);
  const [path] = await journalFiles(folder.path);
  await flip(path, ends[4] + 20);
  await flip(path, ends[5] + 2);
  await using store = await openForTest(folder.path);
  const keys = await store.pageKeys(all);
  assert.deepEqual(keys, [
    ...["k0", "k1", "k10", "k11", "k2", "k3", "k4", "k7", "k8", "k9"],
  ]);
});

Deno.test("openMemoryStore() refuses a damaged journal when it is to be strict", async () => {
  await using folder = await tempFolder();
  const ends = await journalOf(folder.path, 3);
  const [path] = await journalFiles(folder.path);
  await flip(path, ends[0] + 9);
  await assert.rejects(openForTest(folder.path, { isStrict: true }), {
    message: `The journal is damaged: ${path}, bytes ${ends[0]} to ${ends[1]}`,
  });
  await using store = await openForTest(folder.path);
  assert.equal((await store.stats()).planCount, 2);
});

Deno.test("openMemoryStore() says which file is missing", async () => {
  await using folder = await tempFolder();
  {
    await using store = await openForTest(folder.path, { segmentBytes: 512 });
    await fill(store, 100);
  }
  const paths = await journalFiles(folder.path);
  assert.ok(paths.length > 5);
  await Deno.remove(paths[2]);
  await assert.rejects(openForTest(folder.path, { isStrict: true }), {
    message: `The journal is damaged: ${paths[2]} is missing`,
  });
});

Deno.test("openMemoryStore() says at once which files are missing, however many", async () => {
  await using folder = await tempFolder();
  await journalOf(folder.path, 1);
  const [path] = await journalFiles(folder.path);
  const far = join(folder.path, "4000000000.journal");
  await Deno.copyFile(path, far);
  const first = join(folder.path, "0000000002.journal");
  const last = join(folder.path, "3999999999.journal");
  await assert.rejects(openForTest(folder.path, { isStrict: true }), {
    message: `The journal is damaged: ${first} to ${last} are missing`,
  });
});

Deno.test("openMemoryStore() takes what lies behind a segment's end for damage", async () => {
  await using folder = await tempFolder();
  const [end] = await journalOf(folder.path, 2);
  const [path] = await journalFiles(folder.path);
  const bytes = await Deno.readFile(path);
  const { length } = bytes;
  const long = new Uint8Array(maxSegmentBytes + length);
  long.set(bytes.subarray(0, end));
  // Where a location has no bits left, it would be taken for another place.
  long.set(bytes.subarray(end), maxSegmentBytes + end);
  await Deno.writeFile(path, long);
  await using store = await openForTest(folder.path);
  assert.deepEqual(await store.pageKeys(all), ["k0"]);
  assert.equal((await store.get("k0"))?.plan.key, "k0");
});

Deno.test("openMemoryStore() refuses files of a later format", async () => {
  await using folder = await tempFolder();
  await journalOf(folder.path, 1);
  const [path] = await journalFiles(folder.path);
  const bytes = await Deno.readFile(path);
  bytes[15] = "2".charCodeAt(0);
  await Deno.writeFile(path, bytes);
  await assert.rejects(openForTest(folder.path), {
    message: `${path} was written by a later version of forsun`,
  });
});

Deno.test("openMemoryStore() opens files of nothing but garbage", async () => {
  await using folder = await tempFolder();
  await journalOf(folder.path, 1);
  const [path] = await journalFiles(folder.path);
  const garbage = new Uint8Array(60_000);
  crypto.getRandomValues(garbage);
  await Deno.writeFile(path, garbage);
  {
    await using store = await openForTest(folder.path);
    assert.equal((await store.stats()).planCount, 0);
    await store.put(timeoutPlan("a", 60), 2_000_000);
  }
  await using store = await openForTest(folder.path);
  assert.deepEqual(await store.pageKeys(all), ["a"]);
});

Deno.test("openMemoryStore() takes a last file of nothing but zeros for a torn end", async () => {
  for (const size of [10, 24, 4096]) {
    await using folder = await tempFolder();
    await journalOf(folder.path, 2);
    const path = join(folder.path, "0000000002.journal");
    await Deno.writeFile(path, new Uint8Array(size));
    const options = { isStrict: true };
    {
      await using store = await openForTest(folder.path, options);
      await store.put(timeoutPlan("new", 60), 2_000_000);
    }
    await using store = await openForTest(folder.path, options);
    assert.deepEqual(await store.pageKeys(all), ["k0", "k1", "new"]);
  }
});

Deno.test("openMemoryStore() takes a last record that is whole for damage when it can't be read", async () => {
  await using folder = await tempFolder();
  const [start, end] = await journalOf(folder.path, 2);
  const [path] = await journalFiles(folder.path);
  const bytes = Buffer.from(await Deno.readFile(path));
  bytes[start + recordHeaderBytes] = 99;
  const payload = start + recordHeaderBytes;
  const payloadEnd = payload + bytes.readUInt32BE(start);
  bytes.writeUInt32BE(crc32(bytes, payload, payloadEnd), start + 4);
  await Deno.writeFile(path, Buffer.concat([bytes, Buffer.from([1, 2, 3])]));
  const message = `The journal is damaged: ${path}, bytes ${start} to ${end}`;
  const strict = () => openForTest(folder.path, { isStrict: true });
  await assert.rejects(strict(), { message });
  {
    await using store = await openForTest(folder.path);
    await store.put(timeoutPlan("new", 60), 2_000_000);
  }
  await assert.rejects(strict(), { message });
  await using store = await openForTest(folder.path);
  assert.deepEqual(await store.pageKeys(all), ["k0", "new"]);
});

Deno.test("openMemoryStore() tells of a damaged header until nothing is left behind it", async () => {
  await using folder = await tempFolder();
  await journalOf(folder.path, 1);
  const [path] = await journalFiles(folder.path);
  await Deno.writeFile(path, new Uint8Array(4096).fill(7));
  const strict = () => openForTest(folder.path, { isStrict: true });
  await assert.rejects(strict(), {
    message: `The journal is damaged: ${path}, bytes 0 to 24`,
  });
  {
    await using store = await openForTest(folder.path);
    await store.put(timeoutPlan("new", 60), 2_000_000);
  }
  await using store = await strict();
  assert.deepEqual(await store.pageKeys(all), ["new"]);
});

Deno.test("openMemoryStore() cuts a torn end off before a later file follows on it", async () => {
  await using folder = await tempFolder();
  const [end, next] = await journalOf(folder.path, 2);
  const [path] = await journalFiles(folder.path);
  await Deno.truncate(path, next - 8);
  const options = { isStrict: true };
  // Too large for the room that is left in the first file.
  const params = { body: "x".repeat(maxSegmentBytes) };
  {
    await using store = await openForTest(folder.path, options);
    await store.put(timeoutPlan("large", 60, { params }), 2_000_000);
  }
  assert.equal((await Deno.stat(path)).size, end);
  assert.equal((await journalFiles(folder.path)).length, 2);
  await using store = await openForTest(folder.path, options);
  assert.deepEqual(await store.pageKeys(all), ["k0", "large"]);
});

Deno.test("MemoryStore cleans a file of many damaged records as soon as another", async () => {
  await using folder = await tempFolder();
  const keys = Array.from({ length: 200_000 }, (_, index) => `k${index}`);
  const putAll = (store: Store) =>
    Promise.all(keys.map((key) => store.put(timeoutPlan(key, 60), 2_000_000)));
  {
    await using store = await openForTest(folder.path);
    await putAll(store);
  }
  const [path] = await journalFiles(folder.path);
  const bytes = Buffer.from(await Deno.readFile(path));
  let count = 0;
  for (let at = segmentHeaderBytes; at < bytes.length; count++) {
    const end = at + recordHeaderBytes + bytes.readUInt32BE(at);
    if (count % 2 === 0) bytes[end - 1] ^= 0x55;
    at = end + (-end & 3);
  }
  await Deno.writeFile(path, bytes);
  await using store = await openForTest(folder.path, { smallLogBytes: 0 });
  assert.equal((await store.stats()).planCount, count / 2);
  await putAll(store);
  await store.put(timeoutPlan("last", 60), 2_000_000);
  await eventually(async () => (await journalFiles(folder.path))[0] !== path);
  assert.equal((await store.stats()).planCount, keys.length + 1);
});

Deno.test("openMemoryStore() refuses a folder that another store has open", async () => {
  await using folder = await tempFolder();
  await using _store = await openForTest(folder.path);
  await assert.rejects(openForTest(folder.path), {
    message: `Another daemon has the mem store ${folder.path} open`,
  });
});

Deno.test("MemoryStore cleans its journal and loses nothing by it", async () => {
  await using folder = await tempFolder();
  const options = { segmentBytes: 2048, smallLogBytes: 16_384 };
  {
    await using store = await openForTest(folder.path, options);
    await fill(store, 50);
    for (let round = 0; round < 100; round++) {
      const plan = timeoutPlan(`k${round % 25}`, round, { count: round });
      await store.put(plan, 2_000_000);
      await store.put(timeoutPlan("short", 60), 2_000_000);
      await store.remove("short");
      await setImmediate();
    }
  }
  assert.ok((await journalFiles(folder.path)).length <= 10);
  await using store = await openForTest(folder.path, options);
  assert.equal((await store.stats()).planCount, 50);
  for (let index = 0; index < 25; index++) {
    const found = await store.get(`k${index}`);
    assert.deepEqual(
      found?.plan,
      timeoutPlan(`k${index}`, 75 + index, { count: 75 + index }),
    );
  }
});

async function fill(store: Store, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await store.put(timeoutPlan(`k${index}`, 60), 2_000_000);
  }
}
