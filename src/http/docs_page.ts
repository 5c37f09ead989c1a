import { version } from "../version.ts";
import { Html, markup } from "./markup.ts";
import type { JsonObject } from "./openapi.ts";
import style from "./pages/style.css" with { type: "text" };

/** A page that shows an OpenAPI document of ours, with all that it needs in it. */
export function renderDocs(document: JsonObject): string {
  const { paths, components, info } = document as unknown as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      renderOperation(method.toUpperCase(), path, operation)
    )
  );
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    markup`
<details class="card" id="${name}"><summary><span class="path mono">${name}</span></summary>
<div class="body">${renderFields(schema)}</div></details>`
  );
  return String(markup`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>forsun: HTTP API</title>
<style>${new Html(style)}</style>
<main>
<h1>forsun <small>HTTP API · ${version}</small></h1>
<p>${info.description} <a href="/openapi.json">OpenAPI document</a> · <a href="/">dashboard</a></p>
<pre>curl -X PUT -H 'Content-Type: application/json' http://HOST:PORT/v1/plan \\
  -d '{"key": "order:1", "in": "30m", "action": "http", "params": {"url": "http://localhost:8080/unpaid"}}'</pre>
<h2>Requests</h2>
${operations}
<h2>Objects</h2>
${schemas}
</main>
</html>
`);
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: Content }>
  >;
}

interface OpenApi {
  readonly info: { readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

function renderOperation(
  method: string,
  path: string,
  { summary, description = "", parameters = [], requestBody, responses }:
    Operation,
): Html {
  const rows = parameters.map(({ name, required, description = "", schema }) =>
    renderField(name, { ...schema, description }, required)
  );
  const bodies = Object.entries(requestBody?.content ?? {}).map(renderContent);
  const replies = Object.entries(responses).map(([status, reply]) =>
    markup`<p><code>${status}</code> ${reply.description}</p>${
      Object.entries(reply.content).map(renderContent)
    }`
  );
  return markup`
<details class="card"><summary><span class="method mono ${method}">${method}</span>
<span class="path mono">${path}</span><span class="soft">${summary}</span></summary>
<div class="body"><p>${description}</p>
${rows.length === 0 ? "" : markup`<h3>Query</h3><table>${rows}</table>`}
${bodies.length === 0 ? "" : markup`<h3>Body</h3>${bodies}`}
<h3>Reply</h3>${replies}</div></details>`;
}

function renderContent([type, { schema }]: [string, { schema: Schema }]): Html {
  return markup`<p class="mono">${type}: ${typeOf(schema)}</p>`;
}

function renderFields({ properties = {}, required = [] }: Schema): Html {
  const rows = Object.entries(properties).map(([name, field]) =>
    renderField(name, field, required.includes(name))
  );
  return markup`<table>${rows}</table>`;
}

function renderField(name: string, field: Schema, isRequired: boolean): Html {
  const { description = "", default: usual } = field;
  const notes = [
    ...(isRequired ? ["required"] : []),
    ...(usual === undefined || usual === "" ? [] : [`default ${usual}`]),
  ].join(", ");
  return markup`<tr><td class="mono">${name}</td><td class="mono">${
    typeOf(field)
  }</td><td>${description} <span class="soft">${notes}</span></td></tr>`;
}

/** A type in few words; null is left out, as is what a type allows besides. */
function typeOf(schema: Schema): Html {
  const { $ref, anyOf, items, properties, additionalProperties } = schema;
  if ($ref !== undefined) {
    const name = $ref.split("/").at(-1) ?? "";
    return markup`<a href="#${name}">${name}</a>`;
  }
  if (anyOf !== undefined) {
    const types = anyOf.filter(({ type }) => type !== "null").map(typeOf);
    const unique = [...new Set(types.map(String))];
    return new Html(unique.join(" or "));
  }
  if (schema.enum !== undefined) return markup`${schema.enum.join(" or ")}`;
  if (schema.const !== undefined) {
    return markup`${JSON.stringify(schema.const)}`;
  }
  if (items !== undefined) return markup`array of ${typeOf(items)}`;
  if (properties !== undefined) {
    const fields = Object.entries(properties).map(([name, field], at) =>
      markup`${at === 0 ? "" : ", "}${name}: ${typeOf(field)}`
    );
    return markup`{${fields}}`;
  }
  if (additionalProperties?.type !== undefined) {
    return markup`object of ${typeOf(additionalProperties)}`;
  }
  const { minimum, maximum, type = "anything" } = schema;
  const isBounded = minimum !== undefined && maximum !== undefined &&
    maximum < Number.MAX_SAFE_INTEGER;
  return markup`${type}${isBounded ? ` ${minimum} to ${maximum}` : ""}`;
}
