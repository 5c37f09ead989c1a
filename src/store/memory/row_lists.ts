import type { Columns } from "./columns.ts";

/**
 * Circular lists of rows, linked both ways through two columns of a table. A
 * list is known by its head, the row that came first; a row is in one list at
 * the most. All steps are O(1).
 */
export class RowLists {
  readonly #links: Columns;

  /** The columns 1 and 2 of `table` become the links. */
  constructor(table: Columns) {
    this.#links = table;
  }

  /** Appends `row` to the list of `head`; returns the list's head. */
  append(head: number, row: number): number {
    if (head === none) {
      this.#link(row, row);
      return row;
    }
    this.#link(this.#links.get(head, previousColumn), row);
    this.#link(row, head);
    return head;
  }

  /** Takes `row` out of its list; returns the row behind it, or none when it was alone. */
  unlink(row: number): number {
    const next = this.#links.get(row, nextColumn);
    if (next === row) return none;
    this.#link(this.#links.get(row, previousColumn), next);
    return next;
  }

  /** Puts all of the list of `other` behind that of `head`; returns the head of both. */
  join(head: number, other: number): number {
    if (head === none) return other;
    const tail = this.#links.get(head, previousColumn);
    const otherTail = this.#links.get(other, previousColumn);
    this.#link(tail, other);
    this.#link(otherTail, head);
    return head;
  }

  /** The rows of a list, which must not change meanwhile. */
  *walk(head: number): Iterable<number> {
    if (head === none) return;
    let row = head;
    do {
      yield row;
      row = this.#links.get(row, nextColumn);
    } while (row !== head);
  }

  #link(row: number, next: number): void {
    this.#links.set(row, nextColumn, next);
    this.#links.set(next, previousColumn, row);
  }
}

const nextColumn = 1;
const previousColumn = 2;

/** In the place of a head: the list has no rows. */
export const none = -1;
