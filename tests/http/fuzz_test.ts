import fc from "fast-check";
import assert from "node:assert/strict";
import { randomRuns } from "../support/random.ts";
import { startApi } from "./api_client.ts";
import { type OpenApi, type Operation, valuesOf } from "./arbitraries.ts";

/** Plans of any content must not be executed. */
const environment = { SERVER_MODE: "AGENT", MESSAGE_SECONDS: "20" };

interface AnyRequest {
  readonly path: string;
  readonly init: RequestInit;
}

Deno.test("every endpoint answers whatever its OpenAPI document allows, and near to it, without a 500", async (t) => {
  await using api = await startApi({ environment });
  const document: OpenApi = await (await fetch(`${api.origin}/openapi.json`))
    .json();
  let tried = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      tried++;
      await t.step(`${method} ${path}`, async () => {
        const requests = requestsOf({ path, method, operation }, document);
        await fc.assert(
          fc.asyncProperty(
            requests,
            ({ path, init }) => check(`${api.origin}${path}`, init),
          ),
          {
            ...randomRuns(operation.requestBody ? 150 : 40),
            endOnFailure: true,
          },
        );
      });
    }
  }
  assert.ok(tried >= 15, String(tried));
  // Not all of it was refused.
  const { data } = await api.call("GET", "/v1/info");
  assert.ok(Number(data.created_count) > 0, data.created_count);
  assert.ok(Number(data.create_timeouted_count) > 0);
});

async function check(url: string, init: RequestInit): Promise<void> {
  const response = await fetch(url, init);
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  assert.ok(response.status < 500, `${response.status} ${text}`);
  assert.ok(!/\n\s+at |file:\/\//.test(text), text);
  if (type === "application/x-ndjson") {
    for (const line of text.split("\n").slice(0, -1)) {
      assert.notEqual(JSON.parse(line).errcode, 1001, line);
    }
  } else if (type === "application/json" && !url.endsWith("/openapi.json")) {
    const { errcode, errmsg } = JSON.parse(text);
    assert.notEqual(errcode, 1001, text);
    assert.equal(typeof errmsg, "string");
    assert.equal(errmsg === "", errcode === 0, text);
    assert.ok(!/[\r\n]/.test(errmsg), text);
    if (response.status >= 400) assert.notEqual(errcode, 0);
  }
}

function requestsOf(
  { path, method, operation }: {
    readonly path: string;
    readonly method: string;
    readonly operation: Operation;
  },
  document: OpenApi,
): fc.Arbitrary<AnyRequest> {
  const { parameters = [] } = operation;
  const query = fc.record(
    Object.fromEntries(
      parameters.map(({ name, schema }) => [name, valuesOf(schema, document)]),
    ),
    { requiredKeys: [] },
  );
  return fc.record({ query, body: bodiesOf(operation, document) }).map(
    ({ query, body }) => {
      const values = Object.entries(query).map(([name, value]) =>
        [name, typeof value === "string" ? value : JSON.stringify(value)] as [
          string,
          string,
        ]
      );
      const init: RequestInit = { method: method.toUpperCase() };
      if (body !== undefined) {
        init.headers = { "content-type": body.type };
        init.body = body.text;
      }
      return { path: `${path}?${new URLSearchParams(values)}`, init };
    },
  );
}

interface AnyBody {
  readonly type: string;
  readonly text: BodyInit;
}

function bodiesOf(
  { requestBody }: Operation,
  document: OpenApi,
): fc.Arbitrary<AnyBody | undefined> {
  if (requestBody === undefined) return fc.constant(undefined);
  const bodies = Object.entries(requestBody.content).flatMap((
    [type, { schema }],
  ) => {
    const value = fc.tuple(valuesOf(schema, document), repairs).map((
      [one, repair],
    ) => Array.isArray(one) ? one.map(repair) : repair(one));
    const texts = type === "application/crontab"
      ? crontabs
      : type === "application/x-ndjson"
      ? fc.array(value, { maxLength: 5 }).map((lines) =>
        lines.map((line) => JSON.stringify(line)).join("\n")
      )
      : value.map((one) => JSON.stringify(one));
    return [
      { weight: 10, arbitrary: texts.map((text): AnyBody => ({ type, text })) },
      {
        weight: 1,
        arbitrary: garbage.map((text): AnyBody => ({ type, text })),
      },
    ];
  });
  return fc.oneof(...bodies);
}

/** Most of what is drawn is refused for want of an action: some of it gets one, and no second schedule. */
const repairs = fc.constantFrom<((one: unknown) => unknown)[]>(
  (one) => one,
  (one) => isObject(one) ? { ...one, ...works } : one,
  (one) => isObject(one) ? { ...works, key: one.key, second: one.second } : one,
);
const works = { action: "shell", params: { cmd: "true" } };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const field = fc.constantFrom("*", "*/5", "*/5/1", "0", "30", "-1", "99", "x");
const crontabs = fc.array(
  fc.oneof(
    fc.tuple(
      fc.string({ maxLength: 6 }),
      fc.array(field, { minLength: 5, maxLength: 7 }),
      fc.constantFrom("shell", "http", "nope"),
      fc.string({ unit: "binary", maxLength: 20 }),
    ).map(([key, fields, action, params]) =>
      [key, ...fields, action, params].join(" ")
    ),
    fc.string({ unit: "binary", maxLength: 40 }),
  ),
  { maxLength: 4 },
).map((lines) => lines.join("\n"));
const garbage: fc.Arbitrary<BodyInit> = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => new Uint8Array(bytes)),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    ...["", "{", "[", "null", "[[]]", '{"__proto__":{"second":1}}', "\ufeff{}"],
    "[".repeat(100_000),
    `{"params":${'{"a":'.repeat(10_000)}`,
  ),
);
