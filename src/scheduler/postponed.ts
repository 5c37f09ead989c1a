/** How many claims were put off, and not come back yet. */
export class Postponed {
  /** By the monotonic second in which they come back. */
  readonly #until = new Map<number, number>();
  #count = 0;

  /** Notes `count` claims that come back at `untilMs`, of monotonic time. */
  add(untilMs: number, count: number): void {
    const until = Math.ceil(untilMs / 1000);
    this.#until.set(until, (this.#until.get(until) ?? 0) + count);
    this.#count += count;
  }

  countAt(nowMs: number): number {
    for (const [until, count] of this.#until) {
      if (until * 1000 > nowMs) continue;
      this.#until.delete(until);
      this.#count -= count;
    }
    return this.#count;
  }
}
