import type { ApiContext } from "./api_context.ts";
import type { Endpoint } from "./endpoint.ts";
import { lookEndpoints } from "./look_endpoints.ts";
import { dashboardEndpoints } from "./dashboard_endpoints.ts";
import { docsEndpoints } from "./docs_endpoints.ts";
import { planEndpoints } from "./plan_endpoints.ts";
import { plansEndpoints } from "./plans_endpoints.ts";
import { watchEndpoints } from "./watch_endpoints.ts";

/** All endpoints, in the order in which the documentation names them. */
export function apiEndpoints(context: ApiContext): readonly Endpoint[] {
  const endpoints = [
    ...planEndpoints(context),
    ...plansEndpoints(context),
    ...lookEndpoints(context),
    ...watchEndpoints(context),
  ];
  return [
    ...endpoints,
    ...docsEndpoints(endpoints),
    ...dashboardEndpoints(),
  ];
}
