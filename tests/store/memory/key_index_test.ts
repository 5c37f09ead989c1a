import fc from "fast-check";
import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { ByteWriter } from "../../../src/store/byte_writer.ts";
import { keyBytesOf } from "../../../src/store/memory/key_bytes.ts";
import { KeyIndex } from "../../../src/store/memory/key_index.ts";
import { maxSideBySide } from "../../../src/store/memory/look_up_lanes.ts";
import { RecordType, writeGone } from "../../../src/store/memory/record.ts";
import { recordHeaderBytes } from "../../../src/store/memory/segment.ts";
import {
  type Location,
  locationOf,
  payloadOf,
  SegmentLog,
} from "../../../src/store/memory/segment_log.ts";
import { randomRuns } from "../../support/random.ts";

/** Writes a record that holds nothing but a key. */
function write(log: SegmentLog, key: string): Location {
  const segment = log.head(20_000, "put");
  const start = segment.tail + recordHeaderBytes;
  const writer = new ByteWriter().start(segment.bytes, start);
  writeGone(writer, 1, { type: RecordType.removed, key });
  return locationOf(segment, segment.seal(writer.at));
}

function byteOrder(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

Deno.test("KeyIndex finds what was inserted and walks it in byte order, whatever comes and goes", () => {
  const key = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 6 }),
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.nat(50).map((number) => `order:${number}`),
    fc.nat(20).map((length) => "x".repeat(length * 20)),
  );
  const step = fc.record({ key, insert: fc.integer({ max: 2, min: 0 }) });
  const steps = fc.array(step, { maxLength: 150, size: "max" });
  fc.assert(
    fc.property(steps, key, fc.boolean(), (steps, bound, isApproached) => {
      const log = new SegmentLog();
      const index = new KeyIndex(log);
      const rows = new Map<string, number>();
      for (let at = 0; at < steps.length; at += maxSideBySide) {
        const batch = steps.slice(at, at + maxSideBySide);
        const locations = batch.map(({ key }) => write(log, key));
        const { bytes } = log.segmentOf(locations[0]);
        if (isApproached) index.approach(bytes, locations.map(payloadOf));
        for (const [lane, { key, insert }] of batch.entries()) {
          const row = rows.get(key);
          const keyBytes = keyBytesOf(key);
          assert.equal(index.find(keyBytes), row);
          if (insert > 0) {
            const at = locations[lane];
            const found = index.findOrInsert(at, keyBytes, lane);
            if (row !== undefined) assert.equal(found, row);
            rows.set(key, found);
          } else if (row !== undefined) {
            index.remove(row, keyBytes);
            rows.delete(key);
          }
        }
      }
      assert.equal(index.count, rows.size);
      assert.equal(new Set(rows.values()).size, rows.size);
      for (const [key, row] of rows) {
        assert.equal(index.find(keyBytesOf(key)), row);
      }
      const sorted = [...rows.keys()].sort(byteOrder);
      const behind = sorted.filter((key) => byteOrder(key, bound) > 0);
      const from = sorted.filter((key) => byteOrder(key, bound) >= 0);
      const walk = (
        inclusive: boolean,
      ) => [...index.walk(keyBytesOf(bound), inclusive)];
      assert.deepEqual(walk(false), behind.map((key) => rows.get(key)));
      assert.deepEqual(walk(true), from.map((key) => rows.get(key)));
      const bytes = keyBytesOf(bound);
      for (let shared = 0; shared <= bytes.length; shared++) {
        const head = Buffer.from(bound).subarray(0, shared);
        const hasHead = (key: string) =>
          Buffer.from(key).subarray(0, shared).equals(head);
        assert.deepEqual(
          [...index.walk(bytes, false, shared)],
          behind.filter(hasHead).map((key) => rows.get(key)),
        );
      }
    }),
    randomRuns(300),
  );
});

Deno.test("find() tells a key from one that goes on with a zero byte", () => {
  const log = new SegmentLog();
  const index = new KeyIndex(log);
  index.findOrInsert(write(log, "a"), keyBytesOf("a"));
  assert.equal(index.find(keyBytesOf("a\0")), undefined);
  const row = index.findOrInsert(write(log, "a\0"), keyBytesOf("a\0"));
  assert.equal(index.find(keyBytesOf("a\0")), row);
});
