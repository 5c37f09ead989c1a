import type { Terminal } from "./terminal.ts";

/** A line that shows how far long work has come, where somebody looks at it. */
export class Progress implements Disposable {
  readonly #terminal: Terminal;
  /** What all of it is, in the unit of the shares; undefined when nobody knows. */
  readonly #whole: number | undefined;
  readonly #startMs: number;
  #shownMs = -Infinity;

  constructor(terminal: Terminal, whole: number | undefined) {
    this.#terminal = terminal;
    this.#whole = whole;
    this.#startMs = terminal.clock.monotonicMs();
  }

  /** Shows that `count` plans are done, which are `part` of the whole. */
  show(count: number, part: number): void {
    const { status, clock } = this.#terminal;
    const nowMs = clock.monotonicMs();
    if (status === undefined || nowMs - this.#shownMs < intervalMs) return;
    this.#shownMs = nowMs;
    const seconds = Math.max(nowMs - this.#startMs, 1) / 1000;
    status(formatProgress({
      share: this.#whole && Math.min(part / this.#whole, 1),
      count,
      perSecond: count / seconds,
    }));
  }

  [Symbol.dispose](): void {
    if (this.#shownMs > -Infinity) this.#terminal.status?.("");
  }
}

/** `[==========>         ]  52 %  1,234,567 plans  54,321/s` */
export function formatProgress(
  { share, count, perSecond }: {
    readonly share: number | undefined;
    readonly count: number;
    readonly perSecond: number;
  },
): string {
  const plans = `${count.toLocaleString("en")} plans`;
  const rate = `${Math.round(perSecond).toLocaleString("en")}/s`;
  if (share === undefined) return `${plans}  ${rate}`;
  const full = Math.round(share * barWidth);
  const bar = ("=".repeat(full) + (share < 1 ? ">" : "")).slice(0, barWidth);
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  return `[${bar.padEnd(barWidth)}] ${percent}  ${plans}  ${rate}`;
}

const barWidth = 30;
const intervalMs = 100;
