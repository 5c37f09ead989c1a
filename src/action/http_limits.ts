import { type ConnectProbes, portOf } from "./connect_probes.ts";
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
  /** Cancels the timer for what comes next: a connection, or the last body. */
  #cancelPhase: (() => void) | undefined;
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

  /** Call when a request to `url` goes out; the time to connect starts anew. */
  sent(url: URL): void {
    this.replied();
    this.#target = `${url.hostname}:${portOf(url)}`;
    // Replies in good time are spared the probe.
    const halfMs = this.#options.connectTimeoutMs / 2;
    const cancel = this.#options.timers.after(halfMs, async () => {
      const answers = await this.#options.probes.answers(url, halfMs);
      if (!answers && this.#cancelPhase === cancel) this.#failToConnect();
    });
    this.#cancelPhase = cancel;
  }

  /** Call when the head of a reply is there: the server was connected to. */
  replied(): void {
    this.#cancelPhase?.();
    this.#cancelPhase = undefined;
  }

  /** Call when the last reply's head is there: its body gets a second at the most. */
  finishing(): void {
    const { timers } = this.#options;
    this.#cancelPhase = timers.after(bodyMs, () => this.#abort.abort());
  }

  [Symbol.dispose](): void {
    this.replied();
    this.#cancelRequest();
    this.#options.signal.removeEventListener("abort", this.#giveUp);
  }

  #failToConnect(): void {
    const seconds = this.#options.connectTimeoutMs / 1000;
    this.#pass(`no connection to ${this.#target} within ${seconds} s`);
  }

  #pass(limit: string): void {
    this.#passed ??= limit;
    this.#abort.abort();
  }
}
