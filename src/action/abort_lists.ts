import { givenUp } from "./server_failure.ts";

/**
 * Lets calls end early when their signal aborts. Most of them share a signal,
 * for the daemon's end; here it has one listener, not one a call.
 */
export class AbortLists {
  readonly #lists = new WeakMap<AbortSignal, Set<() => void>>();

  /** As `promise` does, but fails as "given up", for now, once `signal` aborts. */
  until<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
    const list = this.#lists.get(signal) ?? this.#start(signal);
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(givenUp());
      if (signal.aborted) giveUp();
      else list.add(giveUp);
      promise.then((value) => {
        list.delete(giveUp);
        resolve(value);
      }, (error) => {
        list.delete(giveUp);
        reject(error);
      });
    });
  }

  #start(signal: AbortSignal): Set<() => void> {
    const list = new Set<() => void>();
    this.#lists.set(signal, list);
    signal.addEventListener("abort", () => {
      for (const giveUp of list) giveUp();
      list.clear();
    }, { once: true });
    return list;
  }
}
