import { type ConversionConfig, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { version } from "../version.ts";
import type { Endpoint, Reply } from "./endpoint.ts";
import { bulkItem, manyPlansItem, planBody } from "../command/plan_body.ts";
import { planJson } from "./plan_json.ts";

/** JSON as OpenAPI 3.1 has it. */
export type JsonObject = { readonly [name: string]: unknown };

/** What is referred to by name, in what goes in and in what comes out. */
const named = {
  input: {
    PlanRequest: planBody,
    PlanItem: manyPlansItem,
    PlanLine: bulkItem,
  },
  output: { Plan: planJson },
} as const;

const failure = v.object({
  errcode: v.pipe(
    v.number(),
    v.description(
      "1001 unknown, 1002 the time never comes, 1003 no such plan, 1004 could not save, 1005 could not remove, 1006 unknown action, 1007 missing or invalid, 1008 the key exists, 1009 no token that counts, 1010 the token's role is not enough, 1011 over a limit of the daemon's",
    ),
  ),
  errmsg: v.pipe(v.string(), v.description("One line for people")),
  data: v.object({}),
});

/** The OpenAPI 3.1 document of what the endpoints take and give: of the very schemas that check it. */
export function createOpenApi(endpoints: readonly Endpoint[]): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const endpoint of endpoints) {
    const operations = paths[endpoint.path] ??= {};
    operations[endpoint.method.toLowerCase()] = toOperation(endpoint);
  }
  const schemas = {
    ...toSchemas(named.input, "input"),
    ...toSchemas(named.output, "output"),
    ...toSchemas({ Failure: failure }, "output"),
  };
  return {
    openapi: "3.1.0",
    info: {
      title: "forsun",
      version,
      description:
        'A timer service. Times are UTC epoch seconds. Replies are {"errcode", "errmsg", "data"}; where errcode is not 0 the request was refused, and errmsg says why.',
    },
    paths,
    components: { schemas },
  };
}

function toOperation(endpoint: Endpoint): JsonObject {
  const { id, summary, description, query, bodies, reply } = endpoint;
  return {
    operationId: id,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(query === undefined ? {} : { parameters: toParameters(query) }),
    ...(bodies === undefined ? {} : {
      requestBody: { required: true, content: toContent(bodies) },
    }),
    responses: {
      ...toReplies(reply, endpoint),
      default: {
        description: endpoint.statuses === "compat"
          ? "Refused. The status is 200 where the request could be read, as clients of the first daemon expect; 400 where not; 503 when the store can't be reached."
          : "Refused.",
        content: {
          "application/json": {
            schema: { $ref: "#/components/schemas/Failure" },
          },
        },
      },
    },
  };
}

function toReplies(reply: Reply, { statuses }: Endpoint): JsonObject {
  switch (reply.kind) {
    case "envelope": {
      const schema = {
        type: "object",
        properties: {
          errcode: { const: 0 },
          errmsg: { const: "" },
          data: toSchema(reply.schema, "output"),
        },
        required: ["errcode", "errmsg", "data"],
      };
      const refused = { $ref: "#/components/schemas/Failure" };
      const either = statuses === "compat"
        ? { anyOf: [schema, refused] }
        : schema;
      const content = { "application/json": { schema: either } };
      return { 200: { description: "Done", content } };
    }
    case "lines": {
      const schema = toSchema(reply.schema, "output");
      const content = { "application/x-ndjson": { schema } };
      return { 200: { description: "A JSON object a line", content } };
    }
    case "text": {
      const content = { [reply.mediaType]: { schema: { type: "string" } } };
      const others = Object.entries(reply.others ?? {}).map((
        [status, description],
      ) => [status, { description, content }]);
      return {
        200: { description: "Done", content },
        ...Object.fromEntries(others),
      };
    }
    default:
      return reply satisfies never;
  }
}

function toParameters(query: v.GenericSchema): readonly JsonObject[] {
  const { entries } = query as v.ObjectSchema<v.ObjectEntries, undefined>;
  return Object.entries(entries).map(([name, entry]) => {
    const { description, ...schema } = toSchema(entry, "output");
    const usual = schema.type === "integer"
      ? { default: Number(schema.default) }
      : {};
    return {
      name,
      in: "query",
      required: entry.type !== "optional",
      description,
      schema: { ...schema, ...usual },
    };
  });
}

function toContent(
  bodies: Readonly<Record<string, v.GenericSchema>>,
): JsonObject {
  return Object.fromEntries(
    Object.entries(bodies).map((
      [type, schema],
    ) => [type, { schema: toSchema(schema, "input") }]),
  );
}

function toSchemas(
  schemas: Readonly<Record<string, v.GenericSchema>>,
  typeMode: "input" | "output",
): JsonObject {
  return Object.fromEntries(
    Object.entries(schemas).map((
      [name, schema],
    ) => [name, toSchema(schema, typeMode, name)]),
  );
}

/** JSON Schema of what goes into a schema, or comes out of it; `self` is a name that is defined, not referred to. */
function toSchema(
  schema: v.GenericSchema,
  typeMode: "input" | "output",
  self?: string,
): JsonObject {
  const definitions = Object.fromEntries(
    Object.entries(named[typeMode]).filter(([name]) => name !== self),
  );
  const config: ConversionConfig = {
    target: "draft-2020-12",
    typeMode,
    definitions,
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  };
  const { $schema: _, $defs: __, ...json } = toJsonSchema(schema, config);
  return json;
}
