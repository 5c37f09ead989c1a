import { renderDocs } from "./docs_page.ts";
import { defineEndpoint, type Endpoint } from "./endpoint.ts";
import { createOpenApi } from "./openapi.ts";
import { pageResponse } from "./page_response.ts";
import { textResponse } from "./watch_endpoints.ts";

/** What tells of the other endpoints: to programs, and to people. */
export function docsEndpoints(
  endpoints: readonly Endpoint[],
): readonly Endpoint[] {
  let json: string | undefined;
  let page: string | undefined;
  return [
    defineEndpoint({
      method: "GET",
      path: "/openapi.json",
      isPublic: true,
      id: "openapi",
      summary: "The OpenAPI 3.1 document",
      statuses: "plain",
      reply: { kind: "text", mediaType: "application/json" },
      handle: () => {
        json ??= JSON.stringify(createOpenApi(endpoints));
        const type = "application/json";
        return Promise.resolve(textResponse(json, { type }));
      },
    }),
    defineEndpoint({
      method: "GET",
      path: "/docs",
      isPublic: true,
      id: "docs",
      summary: "The same for people",
      statuses: "plain",
      reply: { kind: "text", mediaType: "text/html" },
      handle: () => {
        page ??= renderDocs(createOpenApi(endpoints));
        return Promise.resolve(pageResponse(page));
      },
    }),
  ];
}
