import { setImmediate } from "node:timers/promises";
import { compareKeys, type KeyBytes, startsWith } from "./key_bytes.ts";
import type { KeyIndex } from "./key_index.ts";

export interface KeyVisit {
  /** Only keys that begin with these bytes. */
  readonly prefix: KeyBytes;
  /** The first key to be visited, or the bytes before it. */
  readonly from: KeyBytes;
  /** Goes on while it returns true. */
  readonly visit: (row: number) => boolean;
}

/**
 * Visits rows in the byte order of their keys, in short steps between which
 * other work gets its turn. Keys that come or go meanwhile may be missed.
 */
export async function visitKeys(
  keys: KeyIndex,
  { prefix, from, visit }: KeyVisit,
): Promise<void> {
  let last = prefix;
  if (startsWith(from, prefix)) last = from;
  else if (compareKeys(from, prefix) > 0) return;
  for (let isFirst = true;; isFirst = false) {
    let steps = 0;
    for (const row of keys.walk(last, isFirst, prefix.length)) {
      if (!visit(row)) return;
      if (++steps < rowsPerStep) continue;
      last = keys.keyOf(row);
      break;
    }
    if (steps < rowsPerStep) return;
    await setImmediate();
  }
}

/** Few: a loop that always has more to do looks at its sockets in one of 61 turns only. */
const rowsPerStep = 1024;
