import assert from "node:assert/strict";
import { join } from "node:path";
import {
  partitionsPerShard,
  simulatedTable,
  slotOf,
} from "../bench/simulate_cluster.ts";

const root = join(import.meta.dirname ?? ".", "..");

Deno.test("slotOf() gives the slots that Redis Cluster gives", () => {
  // From CLUSTER KEYSLOT of a server.
  assert.equal(slotOf("forsun:0:17"), 8600);
  assert.equal(slotOf("forsun:0:63"), 14_475);
  assert.equal(slotOf("123456789"), 0x31c3);
});

Deno.test("partitionsPerShard() deals out all partitions", () => {
  const counts = partitionsPerShard(4096, 16);
  assert.equal(counts.reduce((sum, count) => sum + count), 4096);
  assert.ok(Math.min(...counts) > 128);
});

Deno.test("simulatedTable() is what docs/scaling.md shows", async () => {
  const text = await Deno.readTextFile(join(root, "docs/scaling.md"));
  const cells = (table: string) => table.match(/[^\s|:-]+/g)?.join(" ");
  const start = text.indexOf("| ", text.indexOf("simulate_cluster.ts"));
  const shown = text.slice(start, text.indexOf("\n\n", start));
  assert.equal(cells(shown), cells(simulatedTable()));
});
