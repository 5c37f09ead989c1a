import { ForsunError } from "../core/errors.ts";
import { maxDetailBytes } from "../core/outcome.ts";
import type { Params } from "../core/plan.ts";
import type { Action, ActionResult, Call } from "./action.ts";
import { RunningGroups } from "./running_groups.ts";
import { type Environment, inheritedEnvironment } from "./shell_environment.ts";
import { readShellParams, type ShellDefaults } from "./shell_params.ts";
import { findSetsid } from "./shell_process.ts";
import { runShell, type ShellEnd } from "./shell_run.ts";

export interface ShellOptions extends ShellDefaults {
  /** How many commands may run at once, 1 or more. */
  readonly concurrency: number;
  /** What every command gets; by default the daemon's own PATH, HOME and LANG. */
  readonly environment?: Environment;
}

/**
 * The action that runs `/bin/sh -c cmd`. Params: cmd; cwd; env (see
 * {@link readEnvironment}); timeout in seconds, at which the command's whole
 * process group is killed. The detail is how it ended and the last of what it
 * printed. Processes that it leaves in the background go on, but the pipe that
 * they inherit is closed soon after it ended: they had better print elsewhere.
 */
export function createShellAction(options: ShellOptions): Action {
  const inherited = options.environment ?? inheritedEnvironment();
  const groups = new RunningGroups();
  let setsid: Promise<string | undefined> | undefined;

  async function run(call: Call, signal: AbortSignal): Promise<ActionResult> {
    const { text, cwd, timeoutMs, environment } = readShellParams(
      call.params,
      options,
    );
    setsid ??= findSetsid(inherited.PATH ?? "").catch((error) => {
      setsid = undefined;
      throw error;
    });
    const command = {
      text,
      cwd,
      environment: { ...inherited, ...environment, ...callEnvironment(call) },
      setsid: await setsid,
    };
    return shellResult(
      await runShell(command, { timeoutMs, signal, groups }),
      timeoutMs,
    );
  }

  return {
    get concurrency() {
      return options.concurrency;
    },

    check(params: Params): void {
      readShellParams(params, options);
    },

    destination(): string {
      return "shell";
    },

    async execute(call: Call, signal: AbortSignal): Promise<ActionResult> {
      try {
        return await run(call, signal);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        return error instanceof ForsunError
          ? { kind: "failed", detail: text, retryable: false }
          : {
            kind: "failed",
            detail: `could not start: ${text}`,
            retryable: true,
          };
      }
    },

    [Symbol.asyncDispose](): Promise<void> {
      groups[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}

/** What tells one execution from another; a NUL, which no variable can hold, becomes U+FFFD. */
function callEnvironment({ key, second, attempt }: Call): Environment {
  return {
    FORSUN_KEY: key.replaceAll("\0", "\ufffd"),
    FORSUN_TIMESTAMP: String(second),
    FORSUN_ATTEMPT: String(attempt),
  };
}

function shellResult(end: ShellEnd, timeoutMs: number): ActionResult {
  if (end.kind === "exited" && end.status === 0) {
    return { kind: "succeeded", detail: end.output.text() };
  }
  const what = describeEnd(end, timeoutMs);
  const output = end.output.text(maxDetailBytes - what.length - 1);
  const detail = output === "" ? what : `${what}\n${output}`;
  return { kind: "failed", detail, retryable: end.kind === "aborted" };
}

function describeEnd(end: ShellEnd, timeoutMs: number): string {
  switch (end.kind) {
    case "exited":
      return `exit status ${end.status}`;
    case "signaled":
      return `killed by ${end.signal}`;
    case "timedOut":
      return `timed out after ${timeoutMs / 1000} s, process group killed`;
    case "aborted":
      return "given up before its end";
  }
  end satisfies never;
}
