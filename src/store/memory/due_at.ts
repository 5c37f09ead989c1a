import { setImmediate } from "node:timers/promises";
import type { StoredPlan } from "../../core/plan.ts";
import type { DueRequest } from "../store.ts";
import { windowOf } from "./due_index.ts";
import type { PlanTable } from "./plan_table.ts";

/** The plans of one second, found in short steps; in no order. */
export async function plansDueAt(
  table: PlanTable,
  { second, claimed, limit }: DueRequest,
): Promise<readonly StoredPlan[]> {
  const found = new Map<number, StoredPlan>();
  if (claimed) {
    for (const one of table.occurrences.running()) {
      if (found.size >= limit) break;
      if (one.second === second) found.set(one.row, table.read(one.row));
    }
  }
  if (second > table.due.now) {
    const window = windowOf(second);
    while (table.due.spread(window, rowsPerSpread)) await setImmediate();
  }
  // Time may have moved on meanwhile.
  const rows = second > table.due.now
    ? table.due.rowsAt(second)
    : table.due.dueRows();
  for (const row of rows) {
    if (found.size >= limit) break;
    if (table.nextAtOf(row) === second) found.set(row, table.read(row));
  }
  return [...found.values()];
}

const rowsPerSpread = 1024;
