/**
 * Lets waits end when their signal aborts. Many calls may share a signal: it has
 * one listener, not one a call, and none when nothing waits.
 */
export class AbortWaits {
  readonly #lists = new WeakMap<AbortSignal, WaitList>();

  /** As `promise` does, but rejects with the reason of `signal` once it aborts. */
  until<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(signal.reason);
      if (signal.aborted) giveUp();
      const list = this.#lists.get(signal) ?? this.#start(signal);
      list.waits.add(giveUp);
      promise.then(resolve, reject).finally(() => {
        list.waits.delete(giveUp);
        if (list.waits.size === 0) this.#end(signal, list);
      });
    });
  }

  #start(signal: AbortSignal): WaitList {
    const waits = new Set<() => void>();
    const onAbort = () => {
      for (const giveUp of waits) giveUp();
    };
    signal.addEventListener("abort", onAbort);
    const list = { waits, onAbort };
    this.#lists.set(signal, list);
    return list;
  }

  #end(signal: AbortSignal, list: WaitList): void {
    signal.removeEventListener("abort", list.onAbort);
    if (this.#lists.get(signal) === list) this.#lists.delete(signal);
  }
}

interface WaitList {
  readonly waits: Set<() => void>;
  readonly onAbort: () => void;
}
