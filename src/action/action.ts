import type { Params } from "../core/plan.ts";
import type { UnixSeconds } from "../core/time.ts";

/** One execution that an action is asked for. */
export interface Call {
  readonly key: string;
  /** The scheduled second; with the key it identifies the occurrence. */
  readonly second: UnixSeconds;
  /** 1 for the first execution, the rest are retries. */
  readonly attempt: number;
  readonly params: Params;
}

/** What came of a call. `detail` is the tail of the output, or the error. */
export type ActionResult =
  | { readonly kind: "succeeded"; readonly detail: string }
  | {
    readonly kind: "failed";
    readonly detail: string;
    /** Whether trying again could help. */
    readonly retryable: boolean;
    /** The receiver's own wish (Retry-After), in seconds. */
    readonly retryAfterSeconds?: number;
  };

/** A way to call back. */
export interface Action extends AsyncDisposable {
  /**
   * Checks what a plan brings, before it is stored.
   * @throws {ForsunError} 1007, naming the param and its value
   */
  check(params: Params): void;
  /** Calls that share a destination share its concurrency limit. */
  destination(params: Params): string;
  /** How many calls may run at once to one destination. */
  readonly concurrency: number;
  /** The same where plans have a say in it; of those that run or wait the first counts. */
  concurrencyOf?(params: Params): number;
  /**
   * Calls back. Never rejects for what the receiver did; every wait inside has
   * a limit. When `signal` aborts, the call is given up as soon as possible.
   */
  execute(call: Call, signal: AbortSignal): Promise<ActionResult>;
}
