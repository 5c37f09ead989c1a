import type { Action, ActionResult } from "../../src/action/action.ts";
import { createHttpAction, type HttpOptions } from "../../src/action/http.ts";
import type { Params } from "../../src/core/plan.ts";

/** An http action whose time-outs no test should reach by itself. */
export function http(options: Partial<HttpOptions> = {}): Action {
  return createHttpAction({
    connectTimeoutMs: 20_000,
    requestTimeoutMs: 20_000,
    userAgent: "forsun-test/1",
    concurrency: 64,
    clock: { wallMs: () => Date.UTC(1994, 10, 6, 8, 49, 30) },
    ...options,
  });
}

/** One execution of plan `order:1` by an action of its own. */
export async function deliver(
  params: Params,
  options: Partial<HttpOptions> = {},
): Promise<ActionResult> {
  await using action = http(options);
  return await execute(action, params);
}

/** One execution of plan `order:1`. */
export function execute(
  action: Action,
  params: Params,
  signal = new AbortController().signal,
): Promise<ActionResult> {
  const call = { key: "order:1", second: 1_700_000_000, attempt: 2, params };
  return action.execute(call, signal);
}

/** A result that lets the plan be tried again. */
export function failedForNow(detail: string): ActionResult {
  return { kind: "failed", detail, retryable: true };
}

/** A result that doesn't. */
export function failedForGood(detail: string): ActionResult {
  return { kind: "failed", detail, retryable: false };
}
