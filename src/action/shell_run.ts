import { maxDetailBytes } from "../core/outcome.ts";
import { killGroup } from "./kill_group.ts";
import { readOutput } from "./output_pipe.ts";
import { OutputTail } from "./output_tail.ts";
import type { RunningGroups } from "./running_groups.ts";
import { type ShellCommand, startShell } from "./shell_process.ts";
import { within } from "../core/within.ts";

/** How a command ended, and the last of what it printed. */
export type ShellEnd =
  & { readonly output: OutputTail }
  & (
    | { readonly kind: "exited"; readonly status: number }
    | { readonly kind: "signaled"; readonly signal: Deno.Signal }
    | { readonly kind: "timedOut" }
    | { readonly kind: "aborted" }
  );

export interface RunLimits {
  /** After so many milliseconds the whole process group is killed. */
  readonly timeoutMs: number;
  /** The same, when this aborts. */
  readonly signal: AbortSignal;
  /** The same, when this process leaves before. */
  readonly groups: RunningGroups;
}

/** How long a killed process may take to end; one that waits for a broken disk may never. */
const dyingMs = 5000;

/**
 * Runs `command` to its end. Output is read as fast as it comes, of which only
 * the last part is kept.
 * @throws what Deno.Command throws when the process can't be started
 */
export async function runShell(
  command: ShellCommand,
  { timeoutMs, signal, groups }: RunLimits,
): Promise<ShellEnd> {
  const output = new OutputTail(maxDetailBytes);
  if (signal.aborted) return { kind: "aborted", output };
  const child = startShell(command);
  const remove = groups.add(child);
  const pipe = readOutput(child.stdout, output);
  const limit = awaitLimit(timeoutMs, signal);
  try {
    const first = await Promise.race([child.status, limit.reached]);
    if (typeof first === "string") {
      await killGroup(child);
      await within(dyingMs, child.status);
      return { kind: first, output };
    }
    return first.signal === null
      ? { kind: "exited", status: first.code, output }
      : { kind: "signaled", signal: first.signal, output };
  } finally {
    remove();
    limit.cancel();
    await pipe.close();
  }
}

interface Limit {
  readonly reached: Promise<"timedOut" | "aborted">;
  cancel(): void;
}

function awaitLimit(timeoutMs: number, signal: AbortSignal): Limit {
  const { promise, resolve } = Promise.withResolvers<"timedOut" | "aborted">();
  const abort = () => resolve("aborted");
  const timer = setTimeout(resolve, timeoutMs, "timedOut" as const);
  signal.addEventListener("abort", abort);
  return {
    reached: promise,
    cancel(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}
