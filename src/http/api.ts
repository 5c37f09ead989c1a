import type { ApiContext } from "./api_context.ts";
import type { Endpoint } from "./endpoint.ts";
import { lookEndpoints } from "./look_endpoints.ts";
import { planEndpoints } from "./plan_endpoints.ts";
import { plansEndpoints } from "./plans_endpoints.ts";

/** All endpoints, in the order in which the documentation names them. */
export function apiEndpoints(context: ApiContext): readonly Endpoint[] {
  return [
    ...planEndpoints(context),
    ...plansEndpoints(context),
    ...lookEndpoints(context),
  ];
}
