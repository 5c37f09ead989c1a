import { Buffer } from "node:buffer";
import { join } from "node:path";
import { crc32 } from "../../../src/store/crc32.ts";
import {
  recordHeaderBytes,
  segmentHeaderBytes,
} from "../../../src/store/memory/segment.ts";
import type { Store } from "../../../src/store/store.ts";
import {
  journalFiles,
  openForTest,
} from "../../support/memory_store_harness.ts";
import { calendarPlan, timeoutPlan } from "../../support/plans.ts";
import { tempFolder } from "../../support/temp_folder.ts";
import { bytesTarget } from "../bytes_target.ts";
import type { FuzzTarget } from "../fuzz_target.ts";
import { mutateBytes } from "../mutate_bytes.ts";
import { pick, type Random } from "../random.ts";

const now = 1_000_000;
const all = { prefix: "", after: undefined, limit: 10_000 };

/** A journal file that a daemon finds at its start. */
export async function createJournalTarget(): Promise<FuzzTarget<Uint8Array>> {
  const folder = await tempFolder();
  return {
    ...bytesTarget,
    name: "journal",
    seeds: await seeds(),
    mutate(bytes, random, others) {
      if (random(0, 2) === 0) return mutateBytes(bytes, random, others);
      return mutateRecords(bytes, random, others);
    },
    run: (bytes) => openAndUse(folder.path, bytes),
    usualRuns: 250,
    end: async () => await folder[Symbol.asyncDispose](),
  };
}

/** Opens a store with that file, uses it, and opens it again. */
async function openAndUse(folder: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, "0000000001.journal");
  for (const old of await journalFiles(folder)) await Deno.remove(old);
  await Deno.writeFile(path, bytes);
  let keys: readonly string[];
  let count: number;
  let retries: number;
  try {
    await using store = await openForTest(folder, { now: () => now });
    keys = await store.pageKeys(all);
    const stats = await store.stats();
    count = stats.planCount;
    retries = stats.retryCount;
    const plans = await store.page(all);
    if (plans.length !== keys.length || count !== keys.length) {
      throw new Error(`${count} plans, ${plans.length}, ${keys.length} keys`);
    }
    await fire(store);
    await store.put(timeoutPlan("new", 60), now + 60);
  } catch (error) {
    const { message } = error as Error;
    if (!message.endsWith("a later version of forsun")) throw error;
    return "later";
  }
  await using store = await openForTest(folder, { now: () => now });
  if (await store.get("new") === undefined) throw new Error("It lost a plan");
  return `${Math.min(count, 20)} ${Math.min(retries, 5)}`;
}

/** Has what is due succeed, but not for ever: a plan may be due for all time. */
async function fire(store: Store): Promise<void> {
  const outcome = {
    status: "succeeded",
    attempt: 1,
    endedAt: now,
    durationMs: 1,
    detail: "",
  } as const;
  for (let batches = 0; batches < 3; batches++) {
    const batch = await store.claimDue({ now, missedBefore: now, limit: 100 });
    await store.settle(
      batch.claims.map((claim) => ({ kind: "ended", claim, outcome })),
    );
    if (!batch.hasMore) break;
  }
}

/** Journals of a short life: plans of all kinds that fire, fail, move and go. */
async function seeds(): Promise<Uint8Array[]> {
  await using folder = await tempFolder();
  const found: Uint8Array[] = [];
  let time = now - 100;
  {
    await using store = await openForTest(folder.path, { now: () => time });
    const keep = async () => {
      const [path] = await journalFiles(folder.path);
      found.push(await Deno.readFile(path));
    };
    await store.put(timeoutPlan("once", 5), time + 5);
    const params = { cmd: "echo é", url: "http://x/", odd: "\udc80" };
    await store.put(timeoutPlan("often", 7, { count: 0, params }), time + 7);
    await keep();
    const daily = calendarPlan("daily", { hour: 3, minute: 0 });
    await store.put({ ...daily, misfire: "all" }, now + 500);
    const cron = {
      kind: "cron",
      expression: "*/5 * * * *",
      timeZone: "Europe/Berlin",
    } as const;
    await store.put({ ...daily, key: "cron", schedule: cron }, now + 300);
    await store.remove("daily");
    await keep();
    for (; time < now - 80; time += 5) {
      const batch = await store.claimDue({
        now: time,
        missedBefore: 0,
        limit: 10,
      });
      for (const [index, claim] of batch.claims.entries()) {
        const outcome = {
          status: "failed",
          attempt: claim.attempt,
          endedAt: time,
          durationMs: 3,
          detail: "no",
        } as const;
        const retryAt = time + 3;
        const settlement = index % 2 === 0
          ? { kind: "retry", claim, outcome, retryAt } as const
          : { kind: "ended", claim, outcome } as const;
        if (index !== 3) await store.settle([settlement]);
      }
      await keep();
    }
  }
  const [path] = await journalFiles(folder.path);
  found.push(await Deno.readFile(path));
  return found;
}

/** Changes what is in a record, with a checksum that fits, or the order of records. */
function mutateRecords(
  bytes: Uint8Array,
  random: Random,
  others: readonly Uint8Array[],
): Uint8Array {
  const records = recordsOf(bytes);
  if (records.length === 0) return mutateBytes(bytes, random, others);
  const index = random(0, records.length - 1);
  switch (random(0, 3)) {
    case 0:
      records.splice(index, 1);
      break;
    case 1: {
      const other = recordsOf(pick(others, random));
      if (other.length > 0) records.splice(index, 0, pick(other, random));
      break;
    }
    default: {
      const payload = payloadOf(records[index]);
      records[index] = sealed(mutateBytes(payload, random, [payload]));
    }
  }
  const head = bytes.slice(0, segmentHeaderBytes);
  return Uint8Array.from(Buffer.concat([head, ...records]));
}

function recordsOf(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const records: Uint8Array[] = [];
  for (let at = segmentHeaderBytes; at + recordHeaderBytes < bytes.length;) {
    const length = view.getUint32(at);
    const size = (recordHeaderBytes + length + 3) & ~3;
    if (length === 0 || size < 0 || at + size > bytes.length) break;
    records.push(bytes.slice(at, at + size));
    at += size;
  }
  return records;
}

function payloadOf(record: Uint8Array): Uint8Array {
  const length = new DataView(record.buffer).getUint32(0);
  return record.slice(recordHeaderBytes, recordHeaderBytes + length);
}

function sealed(payload: Uint8Array): Uint8Array {
  const size = (recordHeaderBytes + payload.length + 3) & ~3;
  const record = Buffer.alloc(size);
  record.writeUInt32BE(payload.length, 0);
  record.set(payload, recordHeaderBytes);
  const end = recordHeaderBytes + payload.length;
  record.writeUInt32BE(crc32(record, recordHeaderBytes, end), 4);
  return Uint8Array.from(record);
}
