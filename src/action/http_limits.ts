import { type ConnectProbes, portOf, type Watch } from "./connect_probes.ts";
import type { TimerLists } from "./timer_lists.ts";

export interface HttpLimitOptions {
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly probes: ConnectProbes;
  readonly timers: TimerLists;
  /** Ends the call from outside. */
  readonly signal: AbortSignal;
}

/** How long the body of the last reply may take, in milliseconds; the status is known by then. */
const bodyMs = 1000;

/**
 * The limits on the time of one call, redirections included. At the first one
 * that is passed `signal` aborts and `passed` says which it was.
 */
export class HttpLimits implements Disposable {
  readonly #options: HttpLimitOptions;
  readonly #abort = new AbortController();
  readonly #giveUp = () => this.#pass("given up");
  readonly #cancelRequest: () => void;
  #watch: Watch | undefined;
  /** Cancels the timer of the last body. */
  #cancelBody: (() => void) | undefined;
  #target: string | undefined;
  #passed: string | undefined;

  constructor(options: HttpLimitOptions) {
    this.#options = options;
    const { requestTimeoutMs, signal, timers } = options;
    this.#cancelRequest = timers.after(requestTimeoutMs, () => {
      const seconds = requestTimeoutMs / 1000;
      this.#pass(`no reply from ${this.#target} within ${seconds} s`);
    });
    signal.addEventListener("abort", this.#giveUp);
    if (signal.aborted) this.#giveUp();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Which limit was passed, in words; undefined while none was. */
  get passed(): string | undefined {
    return this.#passed;
  }

  /** The HOST:PORT of the last request. */
  get target(): string | undefined {
    return this.#target;
  }

  /**
   * Call when a request to `url` is about to go out; the time to connect starts
   * anew. It may, once the promise resolves; undefined is at once.
   */
  sending(url: URL): Promise<void> | undefined {
    const { probes, connectTimeoutMs } = this.#options;
    this.#watch?.end();
    this.#target = `${url.hostname}:${portOf(url)}`;
    this.#watch = probes.watch(url, {
      timeoutMs: connectTimeoutMs,
      onMissing: () => {
        const seconds = connectTimeoutMs / 1000;
        this.#pass(`no connection to ${this.#target} within ${seconds} s`);
      },
    });
    const { found } = this.#watch;
    return found && Promise.race([found, this.#aborted()]);
  }

  /** Call when the head of a reply is there: the server was connected to. */
  replied(): void {
    this.#watch?.replied();
  }

  /** Call when the last reply's head is there: its body gets a second at the most. */
  finishing(): void {
    const { timers } = this.#options;
    this.#cancelBody = timers.after(bodyMs, () => this.#abort.abort());
  }

  [Symbol.dispose](): void {
    this.#watch?.end();
    this.#cancelBody?.();
    this.#cancelRequest();
    this.#options.signal.removeEventListener("abort", this.#giveUp);
  }

  #aborted(): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) resolve();
      else this.signal.addEventListener("abort", () => resolve());
    });
  }

  #pass(limit: string): void {
    this.#passed ??= limit;
    this.#abort.abort();
  }
}
