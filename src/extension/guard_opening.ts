import { quote } from "../core/quote.ts";
import type { Clock } from "../core/time.ts";
import type { Store } from "../store/store.ts";
import { errorText } from "./error_text.ts";
import type { OpenExtensionStore } from "./extension.ts";
import { guardStore } from "./guard_store.ts";

/**
 * How an extension's store is opened so that it keeps to what a store promises.
 * Opening takes as long as it takes, but is given up when the daemon is to stop,
 * with the reason of the signal; all else is one line that names the store.
 */
export function guardOpening(
  name: string,
  open: OpenExtensionStore,
  limits: { readonly limitMs: number; readonly clock: Clock },
): OpenExtensionStore {
  return async (options) => {
    const { signal } = options;
    try {
      const opening = (async () => await open(options))();
      const store = await untilStop(opening, signal);
      checkStore(store);
      return guardStore(store, { name, ...limits });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const message = `Cannot open store ${quote(name)}: ${errorText(error)}`;
      throw new Error(message, { cause: error });
    }
  };
}

/** Leaves a store behind that is still being opened when the daemon is to stop. */
function untilStop(
  opening: Promise<Store>,
  signal: AbortSignal,
): Promise<Store> {
  return new Promise((resolve, reject) => {
    const onStop = () => reject(signal.reason);
    if (signal.aborted) onStop();
    signal.addEventListener("abort", onStop, { once: true });
    opening.then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", onStop));
  });
}

function checkStore(store: unknown): asserts store is Store {
  if (typeof store !== "object" || store === null) {
    const got = store === null ? "null" : typeof store;
    throw new Error(`it must be an object, got ${got}`);
  }
  for (const method of needed) {
    if (typeof (store as Store)[method] === "function") continue;
    throw new Error(`it must have a function ${String(method)}`);
  }
}

const needed = [
  ...["put", "remove", "get", "page", "pageKeys", "pageDue", "dueAt"] as const,
  ...["claimDue", "settle", "holds", "onOverdue", "stats"] as const,
  Symbol.asyncDispose,
] as const satisfies readonly (keyof Store)[];
