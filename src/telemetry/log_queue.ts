import type { Clock } from "../core/time.ts";
import { osReason } from "../core/os_reason.ts";
import type { LogTarget } from "./log_target.ts";

export interface LogQueueOptions {
  readonly target: LogTarget;
  readonly clock: Clock;
  /** How many characters may wait; what comes beyond is dropped. */
  readonly maxCharacters: number;
  /** Is called for each line that is dropped. */
  readonly onDrop: () => void;
  /** The line that tells of lines that were dropped. */
  readonly tellDropped: (count: number, reason: string) => string;
}

/**
 * Lines on their way to a target, which whoever logs never waits for. While the
 * target takes none, some are kept, the rest is counted and reported when it
 * takes lines again.
 */
export class LogQueue {
  readonly #options: LogQueueOptions;
  #lines: string[] = [];
  #characters = 0;
  /** Dropped since the last report. */
  #unreported = 0;
  #reason = tooSlow;
  #isWriting = false;
  readonly #closing = new AbortController();
  #onIdle: () => void = () => {};

  constructor(options: LogQueueOptions) {
    this.#options = options;
  }

  /** Takes the line that `format` makes, unless there is no room for it. */
  add(format: () => string): void {
    if (this.#characters >= this.#options.maxCharacters) {
      this.#unreported++;
      this.#options.onDrop();
      return;
    }
    this.#report();
    this.#push(format());
    if (!this.#isWriting) this.#drain();
  }

  /** Has the target opened anew, once the lines that are being written are. */
  reopen(): void {
    this.#options.target.reopen();
  }

  /** Writes what there is, for `graceMs` milliseconds at the most, and closes the target. */
  async close(graceMs: number): Promise<void> {
    if (this.#isWriting) {
      const idle = new Promise<void>((resolve) => this.#onIdle = resolve);
      const over = new AbortController();
      await Promise.race([
        idle,
        this.#options.clock.sleep(graceMs, over.signal),
      ]);
      over.abort();
    }
    this.#closing.abort();
    this.#options.target.close();
  }

  #push(line: string): void {
    this.#lines.push(`${line}\n`);
    this.#characters += line.length + 1;
  }

  /** Puts a line where others are missing. */
  #report(): void {
    if (this.#unreported === 0) return;
    this.#push(this.#options.tellDropped(this.#unreported, this.#reason));
    this.#unreported = 0;
    this.#reason = tooSlow;
  }

  async #drain(): Promise<void> {
    this.#isWriting = true;
    // So that all lines of a turn go together.
    await undefined;
    while (this.#lines.length > 0 && !this.#closing.signal.aborted) {
      await this.#write(encoder.encode(this.#takeLines()));
      if (this.#lines.length === 0) this.#report();
    }
    this.#isWriting = false;
    this.#onIdle();
  }

  #takeLines(): string {
    let size = 0;
    let count = 0;
    while (count < this.#lines.length && size < batchCharacters) {
      size += this.#lines[count++].length;
    }
    this.#characters -= size;
    return this.#lines.splice(0, count).join("");
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { target, clock } = this.#options;
    const { signal } = this.#closing;
    await target.begin(bytes.length);
    for (let written = 0; written < bytes.length && !signal.aborted;) {
      try {
        written += await target.write(bytes.subarray(written));
      } catch (error) {
        this.#reason = osReason(error);
        await clock.sleep(retryMs, signal);
      }
    }
  }
}

const encoder = new TextEncoder();
const tooSlow = "the log could not be written fast enough";
const retryMs = 1000;
/** Enough to make the cost of a write small, and files of a size close to it. */
const batchCharacters = 65_536;
