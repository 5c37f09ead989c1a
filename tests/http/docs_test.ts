import assert from "node:assert/strict";
import { startApi } from "./api_client.ts";
import { type OpenApi, resolve, type Schema } from "./arbitraries.ts";

async function readDocument(origin: string): Promise<OpenApi> {
  return await (await fetch(`${origin}/openapi.json`)).json();
}

Deno.test("/openapi.json names every path, and only what is there", async () => {
  await using api = await startApi();
  const { openapi, paths, components } = await readDocument(api.origin);
  assert.equal(openapi, "3.1.0");
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`)
  );
  assert.deepEqual(operations.toSorted(), [
    "delete /v1/plan",
    "delete /v1/plans",
    "get /healthz",
    "get /metrics",
    "get /readyz",
    "get /v1/info",
    "get /v1/keys",
    "get /v1/ping",
    "get /v1/plan",
    "get /v1/plans",
    "get /v1/plans/export",
    "get /v1/time",
    "post /v1/plan",
    "post /v1/plans",
    "put /v1/plan",
  ]);
  const text = JSON.stringify({ paths, components });
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    assert.ok(name in components.schemas, name);
  }
});

Deno.test("replies are what /openapi.json says", async () => {
  await using api = await startApi();
  const document = await readDocument(api.origin);
  const plan = {
    key: "a",
    cron: "0 9 * * *",
    time_zone: "Asia/Tokyo",
    params: { cmd: "true" },
  };
  await api.call("POST", "/v1/plan", plan);
  const calls = [
    ["put", "/v1/plan", { key: "b", second: 90, params: { cmd: "true" } }],
    ["post", "/v1/plan", [{ key: "c", second: 90, params: { cmd: "true" } }]],
    ["get", "/v1/plan?key=a"],
    ["get", "/v1/plan?key=none"],
    ["get", "/v1/plans?limit=1"],
    ["get", "/v1/time"],
    ["get", "/v1/keys"],
    ["get", "/v1/info"],
    ["get", "/v1/ping"],
    ["delete", "/v1/plan?key=a"],
    ["delete", "/v1/plans?all=true"],
  ] as const;
  for (const [method, path, body] of calls) {
    const { status: _, ...reply } = await api.call(
      method.toUpperCase(),
      path,
      body,
    );
    const { responses } = document.paths[path.split("?")[0]][method];
    const { schema } = responses[200].content["application/json"];
    assert.equal(mismatch(reply, schema, document), undefined, path);
  }
});

/** Where a value is not what a schema says. */
function mismatch(
  value: unknown,
  given: Schema,
  document: OpenApi,
  at = "",
): string | undefined {
  const schema = resolve(given, document);
  if (schema.anyOf !== undefined) {
    const found = schema.anyOf.map((one) => mismatch(value, one, document, at));
    return found.includes(undefined) ? undefined : found.join("; ");
  }
  if (schema.const !== undefined) {
    return value === schema.const ? undefined : `${at}: ${value}`;
  }
  if (schema.type === "object") {
    if (typeof value !== "object" || value === null) return `${at}: no object`;
    const { properties = {}, required = [], additionalProperties } = schema;
    const missing = required.find((name) => !(name in value));
    if (missing !== undefined) return `${at}.${missing} is missing`;
    for (const [name, one] of Object.entries(value)) {
      const field = properties[name] ?? additionalProperties;
      if (field === undefined) continue;
      const wrong = mismatch(one, field, document, `${at}.${name}`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  if (schema.type === "array") {
    if (!Array.isArray(value)) return `${at}: no array`;
    return value.map((one) => mismatch(one, schema.items ?? {}, document, at))
      .find((wrong) => wrong !== undefined);
  }
  const type = value === null ? "null" : typeof value;
  const wanted = schema.type === "integer" ? "number" : schema.type;
  return wanted === undefined || type === wanted ? undefined : `${at}: ${type}`;
}

Deno.test("/docs shows every operation and needs nothing from elsewhere", async () => {
  await using api = await startApi();
  const response = await fetch(`${api.origin}/docs`);
  assert.equal(
    response.headers.get("content-type"),
    "text/html; charset=utf-8",
  );
  assert.match(
    response.headers.get("content-security-policy") ?? "",
    /^default-src 'none'/,
  );
  const page = await response.text();
  const { paths } = await readDocument(api.origin);
  for (const path of Object.keys(paths)) assert.ok(page.includes(path), path);
  assert.ok(!/(src|href)="(https?:)?\/\//.test(page));
  assert.ok(!/@import|url\(/.test(page));
});
