import { textResponse } from "./watch_endpoints.ts";

/** A page that loads nothing from elsewhere, and is shown nowhere else. */
export function pageResponse(html: string): Response {
  return textResponse(html, {
    type: "text/html; charset=utf-8",
    headers: {
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    },
  });
}
