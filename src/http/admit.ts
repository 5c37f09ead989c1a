import type { Caller } from "../access/caller.ts";
import type { StoredPlan } from "../core/plan.ts";
import { maskParams } from "../core/secret_params.ts";
import type { Endpoint } from "./endpoint.ts";
import { type PlanJson, toPlanJson } from "./plan_json.ts";

/**
 * Lets a request through when its client may have it: by the token that it bears,
 * or without one where it needs none.
 * @throws {ForsunError} 1009 or 1010
 */
export function admit(
  { method, headers }: Request,
  endpoint: Endpoint,
  caller: Caller,
): void {
  if (endpoint.isPublic) return;
  const authorization = headers.get("authorization");
  const [, token] = /^bearer +(\S+)\s*$/i.exec(authorization ?? "") ?? [];
  if (token !== undefined) caller.login(token);
  const isLook = method === "GET" || method === "HEAD";
  caller.demand(isLook ? "read" : "write");
}

/**
 * How the client is shown plans: with their secrets when it is an admin and asks
 * with `X-Forsun-Reveal: yes`; clients of the first daemon have never asked.
 */
export function planShower(
  { headers }: Request,
  { statuses }: Endpoint,
  caller: Caller,
): (stored: StoredPlan) => PlanJson {
  const isAsked = /^yes$/i.test(headers.get("x-forsun-reveal") ?? "");
  const cannotAsk = statuses === "compat" && !isAsked;
  if (caller.mayReveal(cannotAsk ? undefined : isAsked)) return toPlanJson;
  return (stored) => {
    const plan = toPlanJson(stored);
    return { ...plan, params: maskParams(plan.params) };
  };
}
