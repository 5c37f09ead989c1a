/** A line on a terminal's standard error that tells how far something is; elsewhere nothing. */
export class ProgressLine implements Disposable {
  readonly #noun: string;
  readonly #total: number | undefined;
  readonly #isShown = Deno.stderr.isTerminal();
  #shownAtMs = performance.now();
  #hasShown = false;

  /** @param total undefined when it isn't known */
  constructor(noun: string, total: number | undefined) {
    this.#noun = noun;
    this.#total = total;
  }

  /** Tells that so many are done; shows it now and then. */
  update(done: number): void {
    if (!this.#isShown) return;
    const nowMs = performance.now();
    if (nowMs - this.#shownAtMs < everyMs) return;
    this.#shownAtMs = nowMs;
    this.#hasShown = true;
    const total = this.#total;
    const percent = total ? ` (${Math.floor(100 * done / total)} %)` : "";
    const of = total === undefined ? "" : ` of ${total}`;
    write(`\r${done}${of} ${this.#noun}${percent}\x1b[K`);
  }

  /** Takes the line away. */
  [Symbol.dispose](): void {
    if (this.#hasShown) write("\r\x1b[K");
  }
}

const everyMs = 200;

function write(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
