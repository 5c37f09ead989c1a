import * as v from "valibot";
import { maxUnixSeconds } from "../core/time.ts";
import type { ApiContext } from "./api_context.ts";
import { defineEndpoint, type Endpoint } from "./endpoint.ts";
import { planJson } from "./plan_json.ts";
import { queryNumber, queryText } from "./query.ts";

/** What tells about plans and the daemon, as clients of the first daemon know it. */
export function lookEndpoints(
  { service, info, place }: Pick<ApiContext, "service" | "info" | "place">,
): readonly Endpoint[] {
  return [
    defineEndpoint({
      method: "GET",
      path: "/v1/ping",
      id: "ping",
      summary: "Whether the daemon answers",
      statuses: "compat",
      reply: { kind: "envelope", schema: v.object({}) },
      isPublic: true,
      handle: () => Promise.resolve({}),
    }),
    defineEndpoint({
      method: "GET",
      path: "/v1/time",
      id: "time",
      summary: "The plans whose next occurrence is a given second",
      description:
        "Without a second: those that are due now or being executed for it. 10,000 plans at the most.",
      statuses: "compat",
      query: v.object({
        timestamp: queryNumber({
          min: 0,
          max: maxUnixSeconds,
          usual: 0,
          about: "Epoch seconds; 0 is now",
        }),
      }),
      reply: {
        kind: "envelope",
        schema: v.object({
          plans: v.array(planJson),
          current_timestamp: v.number(),
        }),
      },
      handle: async ({ query: { timestamp }, toJson }) => {
        const { now } = place();
        const plans = timestamp === 0
          ? await service.current()
          : await service.dueAt(timestamp);
        return { plans: plans.map(toJson), current_timestamp: now };
      },
    }),
    defineEndpoint({
      method: "GET",
      path: "/v1/keys",
      id: "keys",
      summary: "All keys that begin with a prefix, up to a million",
      description: "GET /v1/plans gives pages of what may be more.",
      statuses: "compat",
      query: v.object({
        prefix: queryText("What the keys begin with; empty is all"),
      }),
      reply: { kind: "envelope", schema: v.array(v.string()) },
      handle: ({ query }) => service.keys(query.prefix),
    }),
    defineEndpoint({
      method: "GET",
      path: "/v1/info",
      id: "info",
      summary: "What the daemon tells of itself",
      statuses: "compat",
      reply: { kind: "envelope", schema: v.record(v.string(), v.string()) },
      handle: () => info(),
    }),
  ];
}
