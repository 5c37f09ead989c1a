import { HttpRefusal } from "./envelope.ts";

/**
 * Refuses what a browser sends on behalf of another site's page: whoever can
 * create plans can run commands, and a browser reaches what listens on
 * loopback. Programs send none of these headers. Of a page under a name of this
 * daemon's a token is asked for.
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
  const { host, hostname } = new URL(origin);
  if (host !== new URL(request.url).host) return false;
  return isAddress(hostname) || request.headers.has("authorization");
}

/** A name may be made to lead here by whoever owns it (DNS rebinding); an address can't. */
function isAddress(hostname: string): boolean {
  return hostname === "localhost" || hostname.startsWith("[") ||
    /^[\d.]+$/.test(hostname);
}
