import type { UnixSeconds } from "../../core/time.ts";
import { compareKeys, type KeyBytes } from "./key_bytes.ts";

/** A row at its place in the order of next occurrences. */
export interface PlacedRow {
  readonly second: UnixSeconds;
  /** Bytes that stay as they are, whatever becomes of the row. */
  readonly key: KeyBytes;
}

/** Negative, 0 or positive as one place lies before, at or behind another. */
export function comparePlaces(one: PlacedRow, other: PlacedRow): number {
  return one.second - other.second || compareKeys(one.key, other.key);
}

/** Keeps the first `limit` of the places that it is offered, each once. */
export class FirstRows {
  readonly #limit: number;
  #rows: PlacedRow[] = [];
  /** What lies behind this is of no interest any more. */
  #last: PlacedRow | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The last second of interest. */
  get lastSecond(): UnixSeconds {
    return this.#last?.second ?? Infinity;
  }

  offer(row: PlacedRow): void {
    if (this.#last !== undefined && comparePlaces(row, this.#last) >= 0) return;
    this.#rows.push(row);
    if (this.#rows.length >= 2 * this.#limit) this.#settle();
  }

  /** What there is so far, in order. */
  rows(): readonly PlacedRow[] {
    this.#settle();
    return this.#rows;
  }

  #settle(): void {
    const sorted = this.#rows.sort(comparePlaces);
    this.#rows = sorted
      .filter((row, at) => at === 0 || comparePlaces(row, sorted[at - 1]) !== 0)
      .slice(0, this.#limit);
    if (this.#rows.length === this.#limit) this.#last = this.#rows.at(-1);
  }
}
