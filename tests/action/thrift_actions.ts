import type { Action, ActionResult } from "../../src/action/action.ts";
import {
  createThriftAction,
  type ThriftOptions,
} from "../../src/action/thrift.ts";
import type { Params } from "../../src/core/plan.ts";

/** A thrift action whose time-outs no test should reach by itself. */
export function thrift(options: Partial<ThriftOptions> = {}): Action {
  return createThriftAction({
    maxConnections: 64,
    connectTimeoutMs: 20_000,
    replyTimeoutMs: 20_000,
    idleMs: 60_000,
    ...options,
  });
}

/** One execution of plan `key`. */
export function executeThrift(
  action: Action,
  params: Params,
  key = "order:1",
): Promise<ActionResult> {
  const call = { key, second: 1_700_000_000, attempt: 1, params };
  return action.execute(call, new AbortController().signal);
}

/** One execution by an action of its own. */
export async function deliverThrift(
  params: Params,
  options: Partial<ThriftOptions> = {},
): Promise<ActionResult> {
  await using action = thrift(options);
  return await executeThrift(action, params);
}
