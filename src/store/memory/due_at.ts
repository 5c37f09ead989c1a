import { setImmediate } from "node:timers/promises";
import type { StoredPlan } from "../../core/plan.ts";
import type { UnixSeconds } from "../../core/time.ts";
import type { DueRequest } from "../store.ts";
import { windowOf } from "./due_index.ts";
import { fewOf } from "./few_of.ts";
import type { PlanTable } from "./plan_table.ts";

/** The plans of one second, found in short steps; in no order. */
export async function plansDueAt(
  table: PlanTable,
  { second, claimed, limit }: DueRequest,
): Promise<readonly StoredPlan[]> {
  const found = new Map<number, StoredPlan>();
  if (claimed) {
    for await (const row of rowsRunning(table, second)) {
      found.set(row, table.read(row));
      if (found.size >= limit) return [...found.values()];
    }
  }
  for await (const row of rowsDueAt(table, second)) {
    found.set(row, table.read(row));
    if (found.size >= limit) break;
    if (found.size % plansPerStep === 0) await setImmediate();
  }
  return [...found.values()];
}

/** The rows of which an occurrence of `second` runs. */
async function* rowsRunning(
  { occurrences }: PlanTable,
  second: UnixSeconds,
): AsyncIterable<number> {
  let steps = 0;
  for (const one of occurrences.running()) {
    if (one.second === second) yield one.row;
    if (++steps % rowsPerScan === 0) await setImmediate();
  }
}

/** The rows whose next occurrence is `second`. */
async function* rowsDueAt(
  table: PlanTable,
  second: UnixSeconds,
): AsyncIterable<number> {
  const { due, keys } = table;
  if (second > due.now) {
    const window = windowOf(second);
    while (due.spread(window, rowsPerSpread)) await setImmediate();
  }
  // Time may have moved on meanwhile.
  const rows = fewOf(second > due.now ? due.rowsAt(second) : due.dueRows());
  if (rows !== undefined) {
    for (const row of rows) if (table.nextAtOf(row) === second) yield row;
    return;
  }
  for (let row = 0; row < keys.rowBound; row++) {
    if (due.secondOf(row) === second && table.nextAtOf(row) === second) {
      yield row;
    }
    if (row % rowsPerScan === rowsPerScan - 1) await setImmediate();
  }
}

const plansPerStep = 512;
const rowsPerSpread = 1024;
/** What only looks at numbers goes fast. */
const rowsPerScan = 1 << 15;
