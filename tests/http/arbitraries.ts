import fc from "fast-check";

/** JSON Schema, as far as our OpenAPI document has it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<
    Record<string, {
      readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
    }>
  >;
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Values that a schema lets through, and now and then any others in their places. */
export function valuesOf(
  schema: Schema,
  document: OpenApi,
): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 12, arbitrary: validValuesOf(schema, document) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
}

/** The schema that is meant. */
export function resolve(schema: Schema, document: OpenApi): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.replace("#/components/schemas/", "");
  return document.components.schemas[name];
}

function validValuesOf(
  given: Schema,
  document: OpenApi,
): fc.Arbitrary<unknown> {
  const schema = resolve(given, document);
  const of = (one: Schema) => valuesOf(one, document);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(of));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case "object":
      return objectsOf(schema, of);
    case "array":
      return fc.array(of(schema.items ?? {}), { maxLength: 4 });
    case "integer": {
      const { minimum: min = -100, maximum: max = 5_000_000_000 } = schema;
      return fc.oneof(
        fc.integer({ min, max: Math.min(max, min + 70) }),
        fc.maxSafeInteger().map((value) => Math.min(Math.max(value, min), max)),
      );
    }
    case "number":
      return fc.oneof(fc.integer(), fc.double({ noNaN: true }));
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "string":
      return schema.pattern === undefined
        ? texts
        : fc.stringMatching(new RegExp(schema.pattern));
    default:
      return fc.jsonValue();
  }
}

function objectsOf(
  { properties = {}, required = [], additionalProperties }: Schema,
  of: (schema: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  if (additionalProperties?.type !== undefined || additionalProperties?.anyOf) {
    return fc.dictionary(texts, of(additionalProperties), { maxKeys: 4 });
  }
  const fields = Object.entries(properties).map(([name, schema]) =>
    [name, of(schema)] as const
  );
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
}

/** What the API gives a meaning, among any other text. */
const texts = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 300 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...["", "a", "a:1", "shell", "http", "redis", "cmd", "url", "true"],
      ...["* * * * *", "@daily", "30 4 29 2 *", "30m", "90", "1w2d3h4m5s"],
      ...["Europe/Berlin", "UTC", "2027-01-01 00:00:00", "http://127.0.0.1/"],
      ...["time_zone", "misfire", "__proto__", "constructor", "\ud800", "\0"],
    ),
  },
);
