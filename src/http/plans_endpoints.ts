import * as v from "valibot";
import { quote } from "../core/quote.ts";
import { removeAll } from "../service/remove_all.ts";
import type { ApiContext } from "./api_context.ts";
import { createInBulk, type LineResult } from "./bulk_create.ts";
import { encodeCursor, readDueCursor, readKeyCursor } from "./cursor.ts";
import { type Call, defineEndpoint, type Endpoint } from "./endpoint.ts";
import { HttpRefusal } from "./envelope.ts";
import { linesResponse } from "./lines_response.ts";
import { bulkItem } from "../command/plan_body.ts";
import { strictFields } from "../command/strict_fields.ts";
import { planJson } from "./plan_json.ts";
import { queryNumber, queryText } from "./query.ts";
import { mediaTypeOf } from "./read_body.ts";

const prefix = queryText("Only plans whose key begins with it");
const pageQuery = strictFields({
  prefix,
  limit: queryNumber({
    min: 1,
    max: 1000,
    usual: 100,
    about: "How many plans at the most",
  }),
  cursor: queryText("The next_cursor of the page before"),
  order: v.optional(
    v.pipe(
      v.picklist(["key", "next"], "must be key or next"),
      v.description(
        "By key, or by next occurrence; next leaves out plans that have none",
      ),
    ),
    "key",
  ),
}, "parameter");
const removeQuery = strictFields({
  prefix,
  all: v.optional(
    v.pipe(
      v.picklist(["true", "false"], "must be true or false"),
      v.description("Has to be true where there is no prefix"),
    ),
    "false",
  ),
}, "parameter");
const bulkQuery = strictFields({
  report: v.optional(
    v.pipe(
      v.picklist(["all", "errors"], "must be all or errors"),
      v.description(
        "errors: only the lines that were refused, and their number at the end",
      ),
    ),
    "all",
  ),
}, "parameter");
const exportQuery = strictFields({ prefix }, "parameter");
const lineResult = v.object({
  line: v.number(),
  errcode: v.number(),
  errmsg: v.string(),
  key: v.optional(v.string()),
  next_time: v.optional(v.number()),
});

/** Plans by the page and in bulk. */
export function plansEndpoints(context: ApiContext): readonly Endpoint[] {
  const { service } = context;
  return [
    defineEndpoint({
      method: "GET",
      path: "/v1/plans",
      id: "page",
      summary: "A page of plans",
      description:
        "A cursor stays good whatever becomes of the plans: each that stays as it is comes exactly once. next_cursor is null on the last page.",
      statuses: "plain",
      query: pageQuery,
      reply: {
        kind: "envelope",
        schema: v.object({
          plans: v.array(planJson),
          next_cursor: v.nullable(v.string()),
        }),
      },
      handle: (call) =>
        call.query.order === "key"
          ? pageByKey(call, context)
          : pageByTime(call, context),
    }),
    defineEndpoint({
      method: "POST",
      path: "/v1/plans",
      id: "createMany",
      summary: "Create or replace any number of plans, one a line",
      description:
        "Each line is answered by one, in their order, while the body still comes: read while you write. Lines are independent of each other. What GET /v1/plans/export wrote is taken as it is.",
      statuses: "plain",
      query: bulkQuery,
      bodies: {
        "application/x-ndjson": bulkItem,
        "application/crontab": v.string(),
      },
      reply: { kind: "lines", schema: lineResult },
      handle: (call) => Promise.resolve(createMany(call, context)),
    }),
    defineEndpoint({
      method: "DELETE",
      path: "/v1/plans",
      id: "removeMany",
      summary: "Remove all plans whose key begins with a prefix",
      statuses: "plain",
      query: removeQuery,
      reply: {
        kind: "envelope",
        schema: v.object({ removed: v.number() }),
      },
      handle: async ({ query, signal }) => {
        if (query.prefix === "" && query.all !== "true") {
          throw new HttpRefusal(400, "prefix is missing; all=true removes all");
        }
        if (query.prefix !== "" && query.all === "true") {
          const got = `got prefix=${quote(query.prefix)} and all=true`;
          throw new HttpRefusal(400, `give either prefix or all, ${got}`);
        }
        let removed = 0;
        for await (const count of removeAll(service, query.prefix, signal)) {
          removed = count;
        }
        return { removed };
      },
    }),
    defineEndpoint({
      method: "GET",
      path: "/v1/plans/export",
      id: "export",
      summary: "All plans that go on, one a line, in key order",
      description:
        "POST /v1/plans takes it back, here or elsewhere. Plans without a next occurrence are left out. Passwords are masked, and then not taken back, unless the header X-Forsun-Reveal is yes.",
      statuses: "plain",
      query: exportQuery,
      reply: { kind: "lines", schema: planJson },
      handle: (call) => Promise.resolve(linesResponse(exported(call, context))),
    }),
  ];
}

type PageQuery = v.InferOutput<typeof pageQuery>;

async function pageByKey(
  { query: { prefix, limit, cursor }, toJson }: Call<PageQuery>,
  { service }: ApiContext,
): Promise<unknown> {
  const after = cursor === "" ? undefined : readKeyCursor(cursor);
  const found = await service.page({ prefix, after, limit: limit + 1 });
  const plans = found.slice(0, limit);
  const last = found.length > limit ? plans.at(-1) : undefined;
  return {
    plans: plans.map(toJson),
    next_cursor: last === undefined ? null : encodeCursor(last.plan.key),
  };
}

async function pageByTime(
  { query: { prefix, limit, cursor }, toJson }: Call<PageQuery>,
  { service }: ApiContext,
): Promise<unknown> {
  const after = cursor === "" ? undefined : readDueCursor(cursor);
  const { plans, next } = await service.pageDue({ prefix, after, limit });
  return {
    plans: plans.map(toJson),
    next_cursor: next === undefined ? null : encodeCursor(next),
  };
}

function createMany(
  { request, query, signal }: Call<v.InferOutput<typeof bulkQuery>>,
  context: ApiContext,
): Response {
  const format = formatOf(request);
  const results = createInBulk(request, { context, format, signal });
  return linesResponse(
    query.report === "all" ? results : onlyRefused(results),
  );
}

function formatOf(request: Request): "json" | "crontab" {
  const type = mediaTypeOf(request);
  switch (type) {
    case "application/x-ndjson":
    case "application/ndjson":
    case "application/jsonl":
      return "json";
    case "application/crontab":
      return "crontab";
    default: {
      const got = type === undefined ? "none" : quote(type);
      throw new HttpRefusal(
        415,
        `Content-Type must be application/x-ndjson or application/crontab, got ${got}`,
      );
    }
  }
}

async function* onlyRefused(
  results: AsyncIterable<readonly LineResult[]>,
): AsyncGenerator<readonly unknown[]> {
  let created = 0;
  let refused = 0;
  for await (const batch of results) {
    const errors = batch.filter(({ errcode }) => errcode !== 0);
    refused += errors.length;
    created += batch.length - errors.length;
    yield errors;
  }
  yield [{ created, refused }];
}

async function* exported(
  { query: { prefix }, signal, toJson }: Call<{ readonly prefix: string }>,
  { service }: ApiContext,
): AsyncGenerator<readonly unknown[]> {
  let after: string | undefined;
  while (!signal.aborted) {
    const plans = await service.page({ prefix, after, limit: plansPerStep });
    yield plans.filter(({ state }) => state.nextAt !== undefined).map(toJson);
    if (plans.length < plansPerStep) return;
    after = plans.at(-1)?.plan.key;
  }
}

const plansPerStep = 500;
