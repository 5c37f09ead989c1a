import type { Action, ActionResult } from "../../src/action/action.ts";
import {
  type BeanstalkOptions,
  createBeanstalkAction,
} from "../../src/action/beanstalk.ts";
import type { Params } from "../../src/core/plan.ts";

/** A beanstalk action whose time-outs no test should reach by itself. */
export function beanstalk(options: Partial<BeanstalkOptions> = {}): Action {
  return createBeanstalkAction({
    connectTimeoutMs: 20_000,
    replyTimeoutMs: 20_000,
    idleMs: 60_000,
    concurrency: 256,
    ...options,
  });
}

/** Puts a job. */
export type Put = (body: string, params?: Params) => Promise<ActionResult>;

/** How `action` puts jobs into the server at `port`. */
export function putInto(
  action: Action,
  { port }: { readonly port: number },
  signal = new AbortController().signal,
): Put {
  return (body, more) => {
    const params = { port: String(port), body, ...more };
    const call = { key: "order:1", second: 1_700_000_000, attempt: 1, params };
    return action.execute(call, signal);
  };
}
