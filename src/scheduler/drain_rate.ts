/** How many jobs a second leave a queue: over the last 5 to 10 s, or since it began. */
export class DrainRate {
  #older: Span;
  #newer: Span;

  constructor(nowMs: number) {
    this.#older = { startMs: nowMs, count: 0 };
    this.#newer = { startMs: nowMs, count: 0 };
  }

  /** A job has left. */
  note(nowMs: number): void {
    this.#roll(nowMs);
    this.#newer.count++;
  }

  /** Undefined in the first second, when there is nothing to go by. */
  perSecond(nowMs: number): number | undefined {
    this.#roll(nowMs);
    const { startMs, count } = this.#older;
    if (nowMs - startMs < 1000) return undefined;
    const both = count + this.#newer.count;
    return both * 1000 / (nowMs - startMs);
  }

  #roll(nowMs: number): void {
    if (nowMs - this.#newer.startMs < spanMs) return;
    this.#older = this.#newer;
    this.#newer = { startMs: nowMs, count: 0 };
  }
}

interface Span {
  readonly startMs: number;
  count: number;
}

const spanMs = 5000;
