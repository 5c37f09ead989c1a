import type { UnixSeconds } from "../../core/time.ts";
import { Columns } from "./columns.ts";
import { OrderedBits } from "./ordered_bits.ts";
import { none, RowLists } from "./row_lists.ts";

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
  /** Rows: second, and the links of the list they are in. */
  readonly #rows = new Columns(3);
  readonly #lists = new RowLists(this.#rows);
  readonly #seconds = new Map<UnixSeconds, number>();
  readonly #windows = new Map<number, number>();
  /** The windows that have rows of their own, for those who go through time. */
  readonly #gathered = new OrderedBits(windowCount);
  /** The windows that had rows in lists of one second, and may have some still. */
  readonly #spread = new OrderedBits(windowCount);
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
    const second = this.#rows.get(row, 0);
    return second === 0 ? undefined : second;
  }

  /** Sets `row` to be due at `second`, 1 to 2^32 - 1; a row already set must be cancelled first. */
  set(row: number, second: UnixSeconds): void {
    this.#rows.set(row, 0, second);
    if (second <= this.#now) {
      this.#due = this.#lists.append(this.#due, row);
    } else if (windowOf(second) - windowOf(this.#now) <= 1) {
      this.#appendToSecond(second, row);
    } else {
      this.#appendToWindow(windowOf(second), row);
    }
  }

  /** Takes `row` out; does nothing when it is not set. */
  cancel(row: number): void {
    const second = this.#rows.get(row, 0);
    if (second === 0) return;
    this.#rows.set(row, 0, 0);
    const next = this.#lists.unlink(row);
    if (this.#due === row) this.#due = next;
    else if (this.#seconds.get(second) === row) {
      replaceHead(this.#seconds, second, next);
    } else if (this.#windows.get(windowOf(second)) === row) {
      this.#replaceWindow(windowOf(second), next);
    }
  }

  /** Takes out a row that is due, the earliest first; undefined when none is. */
  takeDue(): number | undefined {
    if (this.#due === none) return undefined;
    const row = this.#due;
    this.cancel(row);
    return row;
  }

  /** The row that {@link takeDue} would take. */
  earliest(): DueRow | undefined {
    const row = this.#due;
    return row === none ? undefined : { row, second: this.#rows.get(row, 0) };
  }

  /** Whether a row may be due at `second`, or is by now; rows that were not spread yet may be. */
  mayHave(second: UnixSeconds): boolean {
    return this.#due !== none || this.#seconds.has(second) ||
      this.#windows.has(windowOf(second));
  }

  /** Tells the time, which may have stepped in either direction. */
  moveTo(now: UnixSeconds): void {
    if (now < this.#now) this.#moveBack(now);
    else if (now - this.#now <= maxWalk) this.#walkTo(now);
    else this.#jumpTo(now);
  }

  /**
   * Spreads up to `limit` rows of the next window over its seconds ahead of
   * time, so that its start finds nothing left to move. True while more waits.
   */
  prepare(limit: number): boolean {
    return this.spread(windowOf(this.#now) + 1, limit);
  }

  /**
   * Spreads up to `limit` rows of `window` over its seconds; rows that are set
   * later gather in the window again. True while more waits.
   */
  spread(window: number, limit: number): boolean {
    for (let moved = 0; moved < limit; moved++) {
      if (!this.#spreadOne(window)) return false;
    }
    return this.#windows.has(window);
  }

  /** The rows that are due already and not taken, in no exact order. */
  dueRows(): Iterable<number> {
    return this.#lists.walk(this.#due);
  }

  /** The rows of `second`, later than {@link now}, that have a list of their own. */
  rowsAt(second: UnixSeconds): Iterable<number> {
    return this.#lists.walk(this.#seconds.get(second) ?? none);
  }

  /** The rows of `window` that are not spread over its seconds. */
  rowsOfWindow(window: number): Iterable<number> {
    return this.#lists.walk(this.#windows.get(window) ?? none);
  }

  /** The first window, `from` or later, that has rows; undefined when there is none. */
  nextWindow(from: number): number | undefined {
    const gathered = this.#gathered.next(from) ?? windowCount;
    for (;;) {
      const spread = this.#spread.next(from) ?? windowCount;
      if (spread < gathered && this.secondsOf(spread).length === 0) {
        this.#spread.delete(spread);
        continue;
      }
      const next = Math.min(gathered, spread);
      return next === windowCount ? undefined : next;
    }
  }

  /** The seconds of `window` that have rows of their own, in order. */
  secondsOf(window: number): readonly UnixSeconds[] {
    const seconds: UnixSeconds[] = [];
    if (this.#spread.next(window) !== window) return seconds;
    const start = startOf(window);
    for (let second = start; second < start + windowSeconds; second++) {
      if (this.#seconds.has(second)) seconds.push(second);
    }
    return seconds;
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
    const end = startOf(last);
    const windows = [...this.#windows.keys()].filter((at) => at < last);
    const seconds = [...this.#seconds.keys()].filter((at) => at < end);
    for (const window of windows) this.#gathered.delete(window);
    const byTime = [
      ...windows.map((at) => ({ from: this.#windows, at, start: startOf(at) })),
      ...seconds.map((at) => ({ from: this.#seconds, at, start: at })),
    ].sort((a, b) => a.start - b.start);
    for (const { from, at } of byTime) this.#collect(from, at);
    this.#now = Math.max(this.#now, end - 1);
    this.#walkTo(now);
  }

  #moveBack(now: UnixSeconds): void {
    this.#now = now;
    const early: number[] = [];
    for (const row of this.#lists.walk(this.#due)) {
      if (this.#rows.get(row, 0) > now) early.push(row);
    }
    for (const row of early) {
      const second = this.#rows.get(row, 0);
      this.cancel(row);
      this.set(row, second);
    }
  }

  #spreadOne(window: number): boolean {
    const row = this.#windows.get(window);
    if (row === undefined) return false;
    this.#replaceWindow(window, this.#lists.unlink(row));
    this.#appendToSecond(this.#rows.get(row, 0), row);
    return true;
  }

  /** Moves a whole list to the end of the due rows, whatever its length. */
  #collect(from: Map<number, number>, at: number): void {
    const head = from.get(at);
    if (head === undefined) return;
    from.delete(at);
    this.#due = this.#lists.join(this.#due, head);
  }

  #appendToSecond(second: UnixSeconds, row: number): void {
    const head = this.#seconds.get(second) ?? none;
    const newHead = this.#lists.append(head, row);
    if (newHead === head) return;
    this.#seconds.set(second, newHead);
    this.#spread.add(windowOf(second));
  }

  #appendToWindow(window: number, row: number): void {
    const head = this.#windows.get(window) ?? none;
    const newHead = this.#lists.append(head, row);
    if (newHead === head) return;
    this.#windows.set(window, newHead);
    this.#gathered.add(window);
  }

  #replaceWindow(window: number, head: number): void {
    replaceHead(this.#windows, window, head);
    if (head === none) this.#gathered.delete(window);
  }
}

/** A row, and when it is due. */
export interface DueRow {
  readonly row: number;
  readonly second: UnixSeconds;
}

/** Beyond this many seconds, looking at the lists there are beats looking at each second. */
const maxWalk = 1024;

/** How many seconds a window has. */
const windowSeconds = 256;
const windowCount = 2 ** 32 / windowSeconds;

/** The window in which `second` lies. */
export function windowOf(second: UnixSeconds): number {
  return second >>> 8;
}

/** The first second of `window`. */
export function startOf(window: number): UnixSeconds {
  return window * windowSeconds;
}

function replaceHead(
  lists: Map<number, number>,
  at: number,
  head: number,
): void {
  if (head === none) lists.delete(at);
  else lists.set(at, head);
}
