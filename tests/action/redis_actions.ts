import type { Action, ActionResult } from "../../src/action/action.ts";
import {
  createRedisAction,
  type RedisOptions,
} from "../../src/action/redis.ts";
import type { Params } from "../../src/core/plan.ts";

/** A redis action whose time-outs no test should reach by itself. */
export function redis(options: Partial<RedisOptions> = {}): Action {
  return createRedisAction({
    connectTimeoutMs: 20_000,
    replyTimeoutMs: 20_000,
    idleMs: 60_000,
    concurrency: 256,
    maxConnections: 8,
    bulkSize: 512,
    ...options,
  });
}

/** Executes commands on the server at `port`. */
export type Execute = (
  command: string,
  params?: Params,
) => Promise<ActionResult>;

/** How plans for the server at `port` are executed by `action`. */
export function executeOn(
  action: Action,
  { port }: { readonly port: number },
  signal = new AbortController().signal,
): Execute {
  return (command, more) => {
    const params = { port: String(port), command, ...more };
    const call = { key: "order:1", second: 1_700_000_000, attempt: 1, params };
    return action.execute(call, signal);
  };
}

export function succeeded(detail: string): ActionResult {
  return { kind: "succeeded", detail };
}
