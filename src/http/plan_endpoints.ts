import * as v from "valibot";
import { ForsunError } from "../core/errors.ts";
import type { StoredPlan } from "../core/plan.ts";
import { maxUnixSeconds } from "../core/time.ts";
import type { ApiContext } from "./api_context.ts";
import { type Call, defineEndpoint, type Endpoint } from "./endpoint.ts";
import { onePlanOrMany } from "../command/plan_body.ts";
import { planJson } from "./plan_json.ts";
import type { FieldsKind } from "../command/plan_request_body.ts";
import { queryKey } from "./query.ts";
import { readPlans } from "./read_plans.ts";

const bodies = {
  "application/json": onePlanOrMany,
  "application/crontab": v.pipe(
    v.string(),
    v.description(
      "Lines of KEY SECOND MINUTE HOUR DAY MONTH WEEK ACTION PARAMS",
    ),
  ),
};
const oneOrMany = {
  kind: "envelope",
  schema: v.union([planJson, v.array(planJson)]),
} as const;
const key = v.object({ key: queryKey("The plan's key") });

/** Creating, reading and removing plans, as clients of the first daemon know it. */
export function planEndpoints(context: ApiContext): readonly Endpoint[] {
  const { service } = context;
  return [
    defineEndpoint({
      method: "POST",
      path: "/v1/plan",
      id: "create",
      summary: "Create or replace plans; time fields are a calendar",
      description:
        "An object is one plan. The objects of an array, and crontab lines, say themselves of which kind they are. Several plans are answered by an array, one by itself.",
      statuses: "compat",
      bodies,
      reply: oneOrMany,
      handle: (call) => createPlans(call, "calendar", context),
    }),
    defineEndpoint({
      method: "PUT",
      path: "/v1/plan",
      id: "createTimeout",
      summary: "Create or replace plans; time fields are a delay",
      description:
        "As POST, but the time fields of an object are a delay that repeats count times; 0, which count is when it is missing, has no end.",
      statuses: "compat",
      bodies,
      reply: oneOrMany,
      handle: (call) => createPlans(call, "timeout", context),
    }),
    defineEndpoint({
      method: "GET",
      path: "/v1/plan",
      id: "get",
      summary: "One plan",
      statuses: "compat",
      query: key,
      reply: { kind: "envelope", schema: planJson },
      handle: async ({ query, toJson }) => toJson(await service.get(query.key)),
    }),
    defineEndpoint({
      method: "DELETE",
      path: "/v1/plan",
      id: "remove",
      summary: "Remove a plan; the reply is what it was",
      statuses: "compat",
      query: key,
      reply: { kind: "envelope", schema: planJson },
      handle: async ({ query, toJson }) =>
        toJson(await service.remove(query.key)),
    }),
  ];
}

async function createPlans(
  { request, toJson }: Call<unknown>,
  kind: FieldsKind,
  context: ApiContext,
): Promise<unknown> {
  const place = context.place();
  const { bodyLimits: limits } = context;
  const plans = await readPlans(request, { kind, place, limits });
  const options = { notAfter: maxUnixSeconds };
  const results = await Promise.allSettled(
    plans.map((plan) => context.service.put(plan, options)),
  );
  const created: StoredPlan[] = [];
  for (const [at, result] of results.entries()) {
    if (result.status === "fulfilled") created.push(result.value);
    else throw among(result.reason, at, results);
  }
  const shown = created.map(toJson);
  return shown.length === 1 ? shown[0] : shown;
}

/** Says which of several plans was refused, and what became of the others. */
function among(
  error: unknown,
  at: number,
  results: readonly PromiseSettledResult<unknown>[],
): unknown {
  if (!(error instanceof ForsunError) || results.length === 1) return error;
  const created = results.filter(({ status }) => status === "fulfilled").length;
  const message = `Plan ${
    at + 1
  }: ${error.message} (${created} of ${results.length} plans were created)`;
  return new ForsunError(error.code, message, { cause: error });
}
