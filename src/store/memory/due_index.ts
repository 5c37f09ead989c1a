import type { UnixSeconds } from "../../core/time.ts";
import { Columns } from "./columns.ts";

/**
 * Which rows are due when: a timer wheel of two levels that is keyed by
 * absolute time instead of by position. Far rows lie in windows of 256
 * seconds, rows of the current and the next window lie in lists of one second.
 * Setting and cancelling are O(1), a row moves at most once before it is due,
 * a second without rows costs one look-up, and because nothing is relative to
 * a turning hand, a clock that steps back needs no rebuilding.
 *
 * It never reads a clock: it is told the time.
 */
export class DueIndex {
  /** Rows: second, next row, previous row; lists are circular. */
  readonly #rows = new Columns(3);
  readonly #seconds = new Map<UnixSeconds, number>();
  readonly #windows = new Map<number, number>();
  #due = none;
  #now: UnixSeconds;

  constructor(now: UnixSeconds) {
    this.#now = now;
  }

  /** The second that the index was last told. */
  get now(): UnixSeconds {
    return this.#now;
  }

  /** When `row` is due; undefined when it is not set. */
  secondOf(row: number): UnixSeconds | undefined {
    const second = this.#rows.get(row, secondColumn);
    return second === 0 ? undefined : second;
  }

  /** Sets `row` to be due at `second`, 1 to 2^32 - 1; a row already set must be cancelled first. */
  set(row: number, second: UnixSeconds): void {
    this.#rows.set(row, secondColumn, second);
    if (second <= this.#now) {
      this.#due = this.#append(this.#due, row);
    } else if (windowOf(second) - windowOf(this.#now) <= 1) {
      this.#appendTo(this.#seconds, second, row);
    } else {
      this.#appendTo(this.#windows, windowOf(second), row);
    }
  }

  /** Takes `row` out; does nothing when it is not set. */
  cancel(row: number): void {
    const second = this.#rows.get(row, secondColumn);
    if (second === 0) return;
    this.#rows.set(row, secondColumn, 0);
    const next = this.#unlink(row);
    if (this.#due === row) this.#due = next;
    else if (this.#seconds.get(second) === row) {
      replaceHead(this.#seconds, second, next);
    } else if (this.#windows.get(windowOf(second)) === row) {
      replaceHead(this.#windows, windowOf(second), next);
    }
  }

  /** Takes out a row that is due, the earliest first; undefined when none is. */
  takeDue(): number | undefined {
    if (this.#due === none) return undefined;
    const row = this.#due;
    this.cancel(row);
    return row;
  }

  /** The second of the row that {@link takeDue} would take. */
  earliestDue(): UnixSeconds | undefined {
    return this.#due === none
      ? undefined
      : this.#rows.get(this.#due, secondColumn);
  }

  /** Tells the time, which may have stepped in either direction. */
  moveTo(now: UnixSeconds): void {
    if (now < this.#now) this.#moveBack(now);
    else if (now - this.#now <= longestWalk) this.#walkTo(now);
    else this.#jumpTo(now);
  }

  /**
   * Spreads up to `limit` rows of the next window over its seconds ahead of
   * time, so that its start finds nothing left to move. True while more waits.
   */
  prepare(limit: number): boolean {
    const window = windowOf(this.#now) + 1;
    for (let moved = 0; moved < limit; moved++) {
      if (!this.#spreadOne(window)) return false;
    }
    return this.#windows.has(window);
  }

  /** The rows due at `second` when they have a list of their own; else undefined. */
  listAt(second: UnixSeconds): Iterable<number> | undefined {
    const window = windowOf(second);
    const isSpread = second > this.#now && !this.#windows.has(window) &&
      window - windowOf(this.#now) <= 1;
    if (!isSpread) return undefined;
    const head = this.#seconds.get(second);
    return head === undefined ? [] : this.#walk(head);
  }

  *#walk(head: number): Iterable<number> {
    let row = head;
    do {
      yield row;
      row = this.#rows.get(row, nextColumn);
    } while (row !== head);
  }

  #walkTo(now: UnixSeconds): void {
    for (
      let window = windowOf(this.#now);
      window <= windowOf(now);
      window++
    ) {
      while (this.#spreadOne(window));
    }
    for (let second = this.#now + 1; second <= now; second++) {
      this.#collect(this.#seconds, second);
    }
    this.#now = now;
  }

  #jumpTo(now: UnixSeconds): void {
    const last = windowOf(now);
    const windows = [...this.#windows.keys()].filter((at) => at < last);
    const seconds = [...this.#seconds.keys()].filter((at) => at < last * 256);
    const byTime = [
      ...windows.map((at) => ({ from: this.#windows, at, start: at * 256 })),
      ...seconds.map((at) => ({ from: this.#seconds, at, start: at })),
    ].sort((a, b) => a.start - b.start);
    for (const { from, at } of byTime) this.#collect(from, at);
    this.#now = Math.max(this.#now, last * 256 - 1);
    this.#walkTo(now);
  }

  #moveBack(now: UnixSeconds): void {
    this.#now = now;
    const early: number[] = [];
    if (this.#due !== none) {
      for (const row of this.#walk(this.#due)) {
        if (this.#rows.get(row, secondColumn) > now) early.push(row);
      }
    }
    for (const row of early) {
      const second = this.#rows.get(row, secondColumn);
      this.cancel(row);
      this.set(row, second);
    }
  }

  #spreadOne(window: number): boolean {
    const row = this.#windows.get(window);
    if (row === undefined) return false;
    replaceHead(this.#windows, window, this.#unlink(row));
    this.#appendTo(this.#seconds, this.#rows.get(row, secondColumn), row);
    return true;
  }

  /** Moves a whole list to the end of the due rows, whatever its length. */
  #collect(from: Map<number, number>, at: number): void {
    const head = from.get(at);
    if (head === undefined) return;
    from.delete(at);
    if (this.#due === none) {
      this.#due = head;
      return;
    }
    const tail = this.#rows.get(head, previousColumn);
    const dueTail = this.#rows.get(this.#due, previousColumn);
    this.#link(dueTail, head);
    this.#link(tail, this.#due);
  }

  #appendTo(lists: Map<number, number>, at: number, row: number): void {
    const head = lists.get(at);
    if (head === undefined) lists.set(at, this.#append(none, row));
    else this.#append(head, row);
  }

  /** Appends `row` to the list of `head`; returns the list's head. */
  #append(head: number, row: number): number {
    if (head === none) {
      this.#link(row, row);
      return row;
    }
    this.#link(this.#rows.get(head, previousColumn), row);
    this.#link(row, head);
    return head;
  }

  #link(row: number, next: number): void {
    this.#rows.set(row, nextColumn, next);
    this.#rows.set(next, previousColumn, row);
  }

  /** Takes `row` out of its list; returns the row behind it, or none when it was alone. */
  #unlink(row: number): number {
    const next = this.#rows.get(row, nextColumn);
    if (next === row) return none;
    this.#link(this.#rows.get(row, previousColumn), next);
    return next;
  }
}

const secondColumn = 0;
const nextColumn = 1;
const previousColumn = 2;
const none = -1;

/** Beyond this many seconds, looking at the lists there are beats looking at each second. */
const longestWalk = 1024;

function windowOf(second: UnixSeconds): number {
  return second >>> 8;
}

function replaceHead(
  lists: Map<number, number>,
  at: number,
  head: number,
): void {
  if (head === none) lists.delete(at);
  else lists.set(at, head);
}
