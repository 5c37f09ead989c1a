import { defineEndpoint, type Endpoint } from "./endpoint.ts";
import { pageResponse } from "./page_response.ts";
import html from "./pages/dashboard.html" with { type: "text" };
import script from "./pages/dashboard.js" with { type: "text" };
import style from "./pages/style.css" with { type: "text" };
import { textResponse } from "./watch_endpoints.ts";

/** A page for people: what is due next, and how the daemon does. What it shows it asks the API for. */
export function dashboardEndpoints(): readonly Endpoint[] {
  const page = html.replace("/*style*/", () => style);
  return [
    defineEndpoint({
      method: "GET",
      path: "/",
      isPublic: true,
      id: "dashboard",
      summary: "The dashboard",
      statuses: "plain",
      reply: { kind: "text", mediaType: "text/html" },
      handle: () => Promise.resolve(pageResponse(page)),
    }),
    defineEndpoint({
      method: "GET",
      path: "/dashboard.js",
      isPublic: true,
      id: "dashboardScript",
      summary: "Its script",
      statuses: "plain",
      reply: { kind: "text", mediaType: "text/javascript" },
      handle: () => {
        const type = "text/javascript; charset=utf-8";
        return Promise.resolve(textResponse(script, { type }));
      },
    }),
  ];
}
