import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ByteWriter } from "../../../src/store/byte_writer.ts";
import { writeClaimed, writePut } from "../../../src/store/memory/record.ts";
import {
  recordHeaderBytes,
  Segment,
} from "../../../src/store/memory/segment.ts";
import type { Store } from "../../../src/store/store.ts";
import {
  crashedCopy,
  journalFiles,
  openForTest,
} from "../../support/memory_store_harness.ts";
import { eventually } from "../../support/eventually.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { tempFolder } from "../../support/temp_folder.ts";

const sizes = { segmentBytes: 2048, smallLogBytes: 8192 };
const later = 2_000_000;

Deno.test("MemoryStore brings nothing back when a cleaned file can't be removed", async () => {
  await using folder = await tempFolder();
  await using store = await openForTest(folder.path, sizes);
  for (let index = 0; index < 10; index++) {
    await store.put(timeoutPlan(`gone ${index}`, 60), later);
  }
  await fillSegments(store, folder.path, 3);
  const [oldest] = await journalFiles(folder.path);
  await using aside = await tempFolder();
  const away = `${aside.path}/oldest`;
  await Deno.rename(oldest, away);
  // The system removes no folder that holds something.
  await Deno.mkdir(`${oldest}/kept`, { recursive: true });
  for (let index = 0; index < 10; index++) {
    await store.remove(`gone ${index}`);
  }
  await rewrite(store, 100);
  {
    await using crashed = await crashedCopy(folder.path);
    await Deno.copyFile(away, join(crashed.path, basename(oldest)));
    await using again = await openForTest(crashed.path, sizes);
    const request = { prefix: "gone", after: undefined, limit: 100 };
    assert.deepEqual(await again.pageKeys(request), []);
  }
  await Deno.remove(oldest, { recursive: true });
  await rewrite(store, 100);
  await eventually(async () => (await journalFiles(folder.path)).length <= 6);
});

Deno.test("MemoryStore keeps plans that are on their way into the file that is cleaned", async () => {
  await using folder = await tempFolder();
  const options = { smallLogBytes: 0 };
  {
    await using store = await openForTest(folder.path, options);
    await store.put(timeoutPlan("first", 60), later);
  }
  await using store = await openForTest(folder.path, options);
  // More than the first file takes, all of it on its way at once.
  const params = { body: "x".repeat(100_000) };
  const keys = Array.from({ length: 90 }, (_, index) => `plan ${index + 10}`);
  await Promise.all([
    store.remove("first"),
    ...keys.map((key) => store.put(timeoutPlan(key, 60, { params }), later)),
  ]);
  await eventually(async () => {
    const [oldest] = await journalFiles(folder.path);
    return !oldest.endsWith("/0000000001.journal");
  });
  const request = { prefix: "", after: undefined, limit: 100 };
  assert.deepEqual(await store.pageKeys(request), keys);
});

Deno.test("MemoryStore keeps open occurrences over a crash in the middle of their being copied", async () => {
  await using folder = await tempFolder();
  const options = { segmentBytes: 4096, smallLogBytes: 0 };
  const [version, key] = [1, "k"];
  const plan = timeoutPlan(key, 60, { count: 0 });
  const put = (key: string) => (writer: ByteWriter) =>
    writePut(writer, 2, { plan: timeoutPlan(key, 60), nextAt: later });
  const claim = (runs: number) => (writer: ByteWriter) =>
    writeClaimed(writer, version, {
      ...{ key, attempt: 1, runs },
      second: 900 + 60 * runs,
      nextAt: runs < 2 ? 960 + 60 * runs : later,
    });
  await writeSegment(folder.path, 1, [
    (writer) => writePut(writer, version, { plan, nextAt: 960 }),
    ...[claim(1), claim(2)],
    ...Array.from({ length: 30 }, () => put("dead")),
  ]);
  // The plan was copied, its occurrences were not yet.
  const moved = { runs: 2, lastAt: 1020, lastOutcome: undefined };
  await writeSegment(folder.path, 2, [
    (writer) =>
      writePut(writer, version, {
        ...{ plan, nextAt: later },
        moved: { ...moved, keptUntil: undefined },
      }),
    put("dead"),
    ...Array.from({ length: 30 }, (_, index) => put(`live ${index}`)),
  ]);
  const oldest = async () => (await journalFiles(folder.path))[0];
  const first = await oldest();
  await using store = await openForTest(folder.path, options);
  assert.equal((await store.stats()).retryCount, 2);
  // Which has it clean.
  await store.put(timeoutPlan("one more", 60), later);
  await eventually(async () => await oldest() !== first);
  await using crashed = await crashedCopy(folder.path);
  await using again = await openForTest(crashed.path, options);
  assert.equal((await again.stats()).retryCount, 2);
});

/** Writes a file of the journal. */
async function writeSegment(
  folder: string,
  number: number,
  records: readonly ((writer: ByteWriter) => void)[],
): Promise<void> {
  const segment = new Segment(number, 0, 4096);
  for (const write of records) {
    const at = segment.tail + recordHeaderBytes;
    const writer = new ByteWriter().start(segment.bytes, at);
    write(writer);
    segment.seal(writer.at);
  }
  const path = `${folder}/${String(number).padStart(10, "0")}.journal`;
  await Deno.writeFile(path, segment.bytes.subarray(0, segment.tail));
}

/** Stores plans until the journal has so many files. */
async function fillSegments(
  store: Store,
  folder: string,
  count: number,
): Promise<void> {
  for (let index = 0;; index++) {
    if ((await journalFiles(folder)).length >= count) return;
    await store.put(timeoutPlan(`fill ${index}`, 60), later);
  }
}

/** Makes what the journal holds dead, file by file. */
async function rewrite(store: Store, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < 10; index++) {
      await store.put(timeoutPlan(`fill ${index}`, 60), later);
    }
    await setImmediate();
  }
}
