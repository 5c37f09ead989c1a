import { invalidArgument } from "../core/errors.ts";
import type { Action } from "./action.ts";
import { ForbiddenTarget, type TargetGuard } from "./target_guard.ts";

/**
 * An action that connects to its param `host`, kept from what is forbidden: it
 * is given an address that was checked, with each attempt the name's next one.
 */
export function withGuardedHost(action: Action, guard: TargetGuard): Action {
  if (!guard.isOn) return action;
  return {
    get concurrency() {
      return action.concurrency;
    },
    concurrencyOf: (params) =>
      action.concurrencyOf?.(params) ?? action.concurrency,
    check(params) {
      action.check(params);
      try {
        guard.checkAddress(params.host || usualHost);
      } catch (error) {
        if (!(error instanceof ForbiddenTarget)) throw error;
        throw invalidArgument(
          `Param "host" must not be there: ${error.message}`,
        );
      }
    },
    destination: (params) => action.destination(params),
    async execute(call, signal) {
      try {
        const hosts = await guard.resolve(call.params.host || usualHost);
        const host = hosts[(call.attempt - 1) % hosts.length];
        const params = { ...call.params, host };
        return await action.execute({ ...call, params }, signal);
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        const retryable = !(error instanceof ForbiddenTarget);
        return { kind: "failed", detail, retryable };
      }
    },
    [Symbol.asyncDispose]: () => action[Symbol.asyncDispose](),
  };
}

/** Of all actions that have a host. */
const usualHost = "127.0.0.1";
