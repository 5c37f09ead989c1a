import type { Caller } from "../access/caller.ts";
import type { Endpoint } from "./endpoint.ts";

/**
 * Lets a request through when its client may have it: by the token that it bears,
 * or without one where it needs none.
 * @throws {ForsunError} 1009 or 1010
 */
export function admit(
  { method, headers }: Request,
  endpoint: Endpoint,
  caller: Caller,
): void {
  if (endpoint.isPublic) return;
  const authorization = headers.get("authorization");
  const [, token] = /^bearer +(\S+)\s*$/i.exec(authorization ?? "") ?? [];
  if (token !== undefined) caller.login(token);
  const isLook = method === "GET" || method === "HEAD";
  caller.demand(isLook ? "read" : "write");
}
