import { HttpRefusal } from "./envelope.ts";

/**
 * Refuses what a browser sends on behalf of another site's page: whoever can
 * create plans can run commands, and a browser reaches what listens on
 * loopback. Programs send none of these headers.
 * @throws {HttpRefusal} 403
 */
export function checkOrigin(request: Request): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers.get("sec-fetch-site");
  const isForeign = site !== null && site !== "same-origin" && site !== "none";
  if (!isForeign && isSameOrigin(request)) return;
  throw new HttpRefusal(403, "Pages of other sites must not change plans");
}

function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) return true;
  if (!URL.canParse(origin)) return false;
  return new URL(origin).host === new URL(request.url).host;
}
