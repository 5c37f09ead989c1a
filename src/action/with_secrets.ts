import { ForsunError } from "../core/errors.ts";
import type { Params } from "../core/plan.ts";
import type { Action, ActionResult, Call } from "./action.ts";
import {
  findReferences,
  readSecret,
  type SecretPlaces,
} from "./secret_reference.ts";

/**
 * An action whose secret params may be references: they are read whenever it
 * executes, and are never part of a plan.
 */
export function withSecrets(action: Action, places: SecretPlaces): Action {
  return {
    get concurrency() {
      return action.concurrency;
    },
    concurrencyOf: (params) =>
      action.concurrencyOf?.(params) ?? action.concurrency,
    check(params) {
      findReferences(params, places);
      action.check(params);
    },
    destination: (params) => action.destination(params),
    async execute(call, signal): Promise<ActionResult> {
      const resolved = await resolveCall(call, places);
      return "kind" in resolved
        ? resolved
        : await action.execute(resolved, signal);
    },
    [Symbol.asyncDispose]: () => action[Symbol.asyncDispose](),
  };
}

async function resolveCall(
  call: Call,
  places: SecretPlaces,
): Promise<Call | ActionResult> {
  try {
    const references = findReferences(call.params, places);
    if (references.length === 0) return call;
    const params: Record<string, string> = { ...call.params };
    for (const reference of references) {
      params[reference.param] = await readSecret(reference, places);
    }
    return { ...call, params: params satisfies Params };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const retryable = !(error instanceof ForsunError);
    return { kind: "failed", detail, retryable };
  }
}
