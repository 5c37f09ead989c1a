import type { Caller } from "../access/caller.ts";
import { maskPlan } from "../core/mask_plan.ts";
import type { StoredPlan } from "../core/plan.ts";
import type { Endpoint } from "./endpoint.ts";
import { type PlanJson, toPlanJson } from "./plan_json.ts";

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
  return (stored) => toPlanJson(maskPlan(stored));
}
