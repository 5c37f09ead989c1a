import { setImmediate } from "node:timers/promises";
import type { StoredPlan } from "../../core/plan.ts";
import type { UnixSeconds } from "../../core/time.ts";
import type { DuePage, DuePageRequest } from "../store.ts";
import { startOf, windowOf } from "./due_index.ts";
import { fewOf } from "./few_of.ts";
import { comparePlaces, FirstRows, type PlacedRow } from "./first_rows.ts";
import {
  compareKeys,
  type KeyBytes,
  keyBytesOf,
  startsWith,
} from "./key_bytes.ts";
import type { PlanTable } from "./plan_table.ts";
import { visitKeys } from "./visit_keys.ts";

/**
 * Finds a page in the order of next occurrences, which no index holds whole:
 * the due index knows the seconds, the key index the order within one.
 *
 * Few rows are looked at one by one. Where a prefix has many keys, or a second
 * many rows, the other index finds a page soon: what is frequent need not be
 * searched for long. All of it is done in short steps.
 */
export class DuePages {
  readonly #table: PlanTable;
  readonly #prefix: KeyBytes;
  readonly #after: PlacedRow | undefined;
  readonly #limit: number;
  readonly #first: FirstRows;
  /** How many rows may still be looked at in this search, and in this step. */
  #left = 0;
  #stepLeft = rowsPerStep;

  constructor(table: PlanTable, { prefix, after, limit }: DuePageRequest) {
    this.#table = table;
    this.#prefix = keyBytesOf(prefix);
    this.#after = after && { second: after.second, key: keyBytesOf(after.key) };
    this.#limit = limit;
    // One more, to know whether anything follows.
    this.#first = new FirstRows(limit + 1);
  }

  async read(): Promise<DuePage> {
    await this.#find();
    const rows = this.#first.rows();
    const plans: StoredPlan[] = [];
    for (const { key, second } of rows.slice(0, this.#limit)) {
      const row = this.#table.keys.find(key);
      if (row === undefined || this.#table.nextAtOf(row) !== second) continue;
      plans.push(this.#table.read(row));
    }
    const last = rows.length > this.#limit ? rows[this.#limit - 1] : undefined;
    return { plans, next: last && placeOf(last) };
  }

  /** Tries both ways with growing effort, since which is shorter shows only at its end. */
  async #find(): Promise<void> {
    if (this.#prefix.length === 0) {
      this.#left = Infinity;
      await this.#searchTime();
      return;
    }
    for (let effort = firstEffort;; effort *= 4) {
      this.#left = effort;
      if (await this.#searchPrefix()) return;
      this.#left = effort;
      if (await this.#searchTime()) return;
    }
  }

  /** Looks at all rows of the prefix; false when they are too many. */
  async #searchPrefix(): Promise<boolean> {
    await visitKeys(this.#table.keys, {
      prefix: this.#prefix,
      from: this.#prefix,
      visit: (row) => {
        this.#offer(row);
        return --this.#left > 0;
      },
    });
    return this.#left > 0;
  }

  /** Goes through time until the page is full; false when that takes too long. */
  async #searchTime(): Promise<boolean> {
    const { due } = this.#table;
    const from = this.#after?.second ?? 0;
    if (from <= due.now) await this.#takeDue();
    let window: number | undefined = windowOf(Math.max(from, due.now + 1));
    for (;;) {
      window = due.nextWindow(window);
      if (window === undefined) return true;
      if (startOf(window) > this.#first.lastSecond) return true;
      if (this.#left < 0) return false;
      await this.#takeWindow(window);
      window++;
    }
  }

  async #takeDue(): Promise<void> {
    const { due, keys } = this.#table;
    const rows = fewOf(due.dueRows());
    if (rows !== undefined) return await this.#takeAll(rows);
    for (let row = 0; row < keys.rowBound; row++) {
      if ((due.secondOf(row) ?? Infinity) <= due.now) this.#offer(row);
      if (row % rowsPerScan === rowsPerScan - 1) await setImmediate();
    }
  }

  async #takeWindow(window: number): Promise<void> {
    const { due } = this.#table;
    let gathered = fewOf(due.rowsOfWindow(window));
    while (gathered === undefined) {
      if (due.spread(window, rowsPerStep)) await setImmediate();
      else gathered = [];
    }
    await this.#takeAll(gathered);
    for (const second of due.secondsOf(window)) {
      if (second > this.#first.lastSecond) return;
      if (second < (this.#after?.second ?? 0)) continue;
      const rows = fewOf(due.rowsAt(second));
      if (rows === undefined) await this.#takeFullSecond(second);
      else await this.#takeAll(rows);
    }
  }

  /** Goes through the keys for those that are due at `second`. */
  async #takeFullSecond(second: UnixSeconds): Promise<void> {
    let missing = this.#limit + 1;
    const { keys, due } = this.#table;
    const behind = this.#after?.second === second ? this.#after.key : undefined;
    const isWithin = behind !== undefined &&
      compareKeys(behind, this.#prefix) > 0;
    await visitKeys(keys, {
      prefix: this.#prefix,
      from: isWithin ? behind : this.#prefix,
      visit: (row) => {
        this.#left--;
        if (due.secondOf(row) !== second) return true;
        return !this.#offer(row) || --missing > 0;
      },
    });
  }

  async #takeAll(rows: readonly number[]): Promise<void> {
    this.#left -= rows.length + 1;
    this.#stepLeft--;
    for (const row of rows) {
      this.#offer(row);
      if (--this.#stepLeft > 0) continue;
      this.#stepLeft = rowsPerStep;
      await setImmediate();
    }
  }

  /** Whether the row belongs to what is asked for. */
  #offer(row: number): boolean {
    const second = this.#table.due.secondOf(row) ?? Infinity;
    if (second > this.#first.lastSecond) return false;
    if (this.#table.nextAtOf(row) === undefined) return false;
    const key = this.#table.keys.keyOf(row);
    if (!startsWith(key, this.#prefix)) return false;
    const place = { second, key };
    if (this.#after !== undefined && comparePlaces(place, this.#after) <= 0) {
      return false;
    }
    this.#first.offer(place);
    return true;
  }
}

function placeOf({ second, key }: PlacedRow): { second: number; key: string } {
  const { bytes, start, length } = key;
  return { second, key: decoder.decode(bytes.subarray(start, start + length)) };
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** So many rows are looked at before the other way is tried. */
const firstEffort = 1 << 12;
const rowsPerStep = 512;
/** What only looks at numbers goes faster. */
const rowsPerScan = 1 << 15;
