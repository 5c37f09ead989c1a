import { describeError } from "./report_error.ts";
import type { Terminal } from "./terminal.ts";

/*
 * A daemon that was detached has one line to say to the command that started it,
 * and says it on its standard output: that it is ready, or why it is not.
 */

const readyLine = "ready";

/** Does the work of a detached daemon, and reports. Returns whether it went well. */
export async function reportStart(
  work: (onReady: () => void) => Promise<void>,
  terminal: Terminal,
): Promise<boolean> {
  try {
    await work(() => terminal.print(readyLine));
    return true;
  } catch (error) {
    terminal.print(describeError(error));
    return false;
  }
}

/** What a daemon that was detached came to. */
export type StartReport =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: string }
  /** It ended without a word. */
  | { readonly kind: "gone" };

/** Reads the report from the standard output of the daemon. */
export async function readReport(
  output: ReadableStream<Uint8Array>,
): Promise<StartReport> {
  let text = "";
  const lines = output.pipeThrough(new TextDecoderStream());
  for await (const piece of lines) {
    text += piece;
    if (!text.includes("\n")) continue;
    const [line] = text.split("\n", 1);
    if (line === readyLine) return { kind: "ready" };
    return { kind: "failed", reason: line };
  }
  return { kind: "gone" };
}
