/**
 * A queue that stays fast at any length: an array's own shift() moves all that
 * is behind the first, once there are tens of thousands.
 */
export class Fifo<Item> {
  #items: Item[] = [];
  /** The place of the first. */
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Takes out the first; undefined when there is none. */
  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#first++];
    if (this.length === 0) {
      this.#items = [];
      this.#first = 0;
    } else if (this.#first >= 1024 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** Takes out the last `count`, at most {@link length}, in their order. */
  takeLast(count: number): Item[] {
    return this.#items.splice(this.#items.length - count);
  }

  /** Takes out all, in their order. */
  clear(): Item[] {
    const items = this.#items.slice(this.#first);
    this.#items = [];
    this.#first = 0;
    return items;
  }
}
