import type { Action, Call } from "../../src/action/action.ts";

/** An action that remembers what it was executed with. */
export function remembering(): Action & { readonly calls: Call[] } {
  const calls: Call[] = [];
  return {
    calls,
    concurrency: 3,
    check: () => {},
    destination: () => "",
    execute(call) {
      calls.push(call);
      return Promise.resolve({ kind: "succeeded", detail: "" });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
