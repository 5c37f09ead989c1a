import type { StoredPlan } from "./plan.ts";
import { maskParams } from "./secret_params.ts";

/** The plan for those who may not see its secrets. */
export function maskPlan(stored: StoredPlan): StoredPlan {
  const { plan } = stored;
  const params = maskParams(plan.params);
  return params === plan.params
    ? stored
    : { ...stored, plan: { ...plan, params } };
}
