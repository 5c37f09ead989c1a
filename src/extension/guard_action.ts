import type { Action, ActionResult, Call } from "../action/action.ts";
import { clipHead } from "../action/clip_text.ts";
import { TimerLists } from "../action/timer_lists.ts";
import { ForsunError, invalidArgument } from "../core/errors.ts";
import { maxDetailBytes } from "../core/outcome.ts";
import type { Params } from "../core/plan.ts";
import { errorText } from "./error_text.ts";
import type { ExtensionAction } from "./extension.ts";

/**
 * An extension's action with the promises that the daemon relies on: check()
 * throws nothing but ForsunErrors, destination() nothing at all, and execute()
 * resolves, to a result, within its time. The params are copies: what an
 * extension does to them changes no plan.
 */
export function guardAction(name: string, action: ExtensionAction): Action {
  const { concurrency = 16, timeoutSeconds = 60 } = action;
  const timers = new TimerLists();
  /** Calls that were given up and have not come back. */
  let leftBehind = 0;

  async function call(one: Call, signal: AbortSignal): Promise<ActionResult> {
    if (leftBehind >= maxLeftBehind) {
      const detail =
        `${leftBehind} calls that were given up have not come back`;
      return { kind: "failed", detail, retryable: true };
    }
    const late = Promise.withResolvers<ActionResult>();
    const giveUp = new AbortController();
    const onAbort = () => giveUp.abort(signal.reason);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    const copy = { ...one, params: { ...one.params } };
    const executing = (async () => await action.execute(copy, giveUp.signal))();
    const cancel = timers.after(timeoutSeconds * 1000, () => {
      leftBehind++;
      const onBack = () => void leftBehind--;
      executing.then(onBack, onBack);
      const detail = `gave no result within ${timeoutSeconds} s`;
      late.resolve({ kind: "failed", detail, retryable: true });
      giveUp.abort(new Error(detail));
    });
    try {
      return checkResult(await Promise.race([executing, late.promise]));
    } finally {
      cancel();
      signal.removeEventListener("abort", onAbort);
    }
  }

  return {
    concurrency,

    check(params: Params): void {
      const refuse = (reason: string) =>
        invalidArgument(`Action "${name}" refuses: ${reason}`);
      let checked: unknown;
      try {
        checked = action.check?.({ ...params });
      } catch (error) {
        if (error instanceof ForsunError) throw error;
        throw refuse(errorText(error));
      }
      // Nobody could wait for what it finds.
      if (checked instanceof Promise) {
        throw refuse("its check() must not be asynchronous");
      }
    },

    destination(params: Params): string {
      try {
        return String(action.destination?.({ ...params }) ?? "");
      } catch {
        return "";
      }
    },

    async execute(one: Call, signal: AbortSignal): Promise<ActionResult> {
      try {
        return await call(one, signal);
      } catch (error) {
        return failure(errorText(error));
      }
    },

    [Symbol.asyncDispose](): Promise<void> {
      timers[Symbol.dispose]();
      return Promise.resolve();
    },
  };
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
        ...isDelay(retryAfterSeconds)
          ? { retryAfterSeconds: Math.min(retryAfterSeconds, maxDelay) }
          : {},
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

/** So that an extension that never answers doesn't use up the memory. */
const maxLeftBehind = 1000;
/** In seconds, as of a Retry-After header. */
const maxDelay = 86_400;
