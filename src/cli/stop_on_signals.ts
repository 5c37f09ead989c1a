import type { Terminal } from "./terminal.ts";

/** A signal that aborts at SIGTERM or SIGINT; the second of these ends the process at once. */
export function stopOnSignals(
  terminal: Terminal,
): Disposable & { readonly signal: AbortSignal; readonly now: () => void } {
  const abort = new AbortController();
  const onSignal = () => {
    if (abort.signal.aborted) terminal.exit(1);
    abort.abort();
  };
  const names = ["SIGTERM", "SIGINT"] as const;
  for (const name of names) Deno.addSignalListener(name, onSignal);
  return {
    signal: abort.signal,
    /** Aborts as those signals do. */
    now: onSignal,
    [Symbol.dispose]() {
      for (const name of names) Deno.removeSignalListener(name, onSignal);
    },
  };
}
