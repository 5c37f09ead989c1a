import type { Action, ActionResult, Call } from "../action/action.ts";
import { clipHead } from "../action/clip_text.ts";
import { TimerLists } from "../action/timer_lists.ts";
import { ForsunError, invalidArgument } from "../core/errors.ts";
import { maxDetailBytes } from "../core/outcome.ts";
import type { Params } from "../core/plan.ts";
import type { ExtensionAction } from "./extension.ts";

/**
 * An extension's action with the promises that the daemon relies on: check()
 * throws nothing but ForsunErrors, destination() nothing at all, and execute()
 * resolves, to a result, within its time.
 */
export function guardAction(name: string, action: ExtensionAction): Action {
  const { concurrency = 16, timeoutSeconds = 60 } = action;
  const timers = new TimerLists();

  async function call(one: Call, signal: AbortSignal): Promise<ActionResult> {
    const late = Promise.withResolvers<ActionResult>();
    const giveUp = new AbortController();
    const cancel = timers.after(timeoutSeconds * 1000, () => {
      const detail = `gave no result within ${timeoutSeconds} s`;
      late.resolve({ kind: "failed", detail, retryable: true });
      giveUp.abort(new Error(detail));
    });
    const onAbort = () => giveUp.abort(signal.reason);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    try {
      const executing = action.execute(one, giveUp.signal);
      return checkResult(await Promise.race([executing, late.promise]));
    } finally {
      cancel();
      signal.removeEventListener("abort", onAbort);
    }
  }

  return {
    concurrency,

    check(params: Params): void {
      try {
        action.check?.(params);
      } catch (error) {
        if (error instanceof ForsunError) throw error;
        throw invalidArgument(`Action "${name}" refuses: ${textOf(error)}`);
      }
    },

    destination(params: Params): string {
      try {
        return String(action.destination?.(params) ?? "");
      } catch {
        return "";
      }
    },

    async execute(one: Call, signal: AbortSignal): Promise<ActionResult> {
      try {
        return await call(one, signal);
      } catch (error) {
        return failure(textOf(error));
      }
    },

    [Symbol.asyncDispose](): Promise<void> {
      timers[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function failure(detail: string): ActionResult {
  return { kind: "failed", detail: clip(detail), retryable: false };
}

/** What an extension returns may be anything. */
function checkResult(result: ActionResult): ActionResult {
  const { kind, detail = "" } = result ?? {};
  switch (kind) {
    case "succeeded":
      return { kind, detail: clip(String(detail)) };
    case "failed": {
      const { retryable, retryAfterSeconds } = result as Failure;
      return {
        kind,
        detail: clip(String(detail)),
        retryable: retryable === true,
        ...isDelay(retryAfterSeconds) ? { retryAfterSeconds } : {},
      };
    }
    default:
      return failure('made a result that is neither "succeeded" nor "failed"');
  }
}

type Failure = Extract<ActionResult, { kind: "failed" }>;

function isDelay(seconds: unknown): seconds is number {
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0;
}

function clip(text: string): string {
  return 3 * text.length <= maxDetailBytes
    ? text
    : clipHead(new TextEncoder().encode(text), maxDetailBytes);
}
