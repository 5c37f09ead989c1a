import type { UnixSeconds } from "../core/time.ts";

/** How many claims were put off, and not come back yet. */
export class Postponed {
  /** By the second at which they come back. */
  readonly #until = new Map<UnixSeconds, number>();
  #count = 0;

  add(until: UnixSeconds, count: number): void {
    this.#until.set(until, (this.#until.get(until) ?? 0) + count);
    this.#count += count;
  }

  countAt(now: UnixSeconds): number {
    for (const [until, count] of this.#until) {
      if (until > now) continue;
      this.#until.delete(until);
      this.#count -= count;
    }
    return this.#count;
  }
}
