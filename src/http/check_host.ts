import type { Caller } from "../access/caller.ts";
import { parseIpAddress } from "../core/network.ts";
import { quote } from "../core/quote.ts";
import { HttpRefusal } from "./envelope.ts";

/**
 * Refuses a request under a name that is none of this daemon's, unless it bears
 * one of its tokens: whoever owns a name can make it lead here for a while, and
 * to a browser a page of that name is then one of this daemon's (DNS rebinding).
 * `localhost` and addresses can't be made to.
 * @param names in small letters
 * @throws {HttpRefusal} 403
 */
export function checkHost(
  { hostname }: URL,
  caller: Caller,
  names: readonly string[],
): void {
  if (caller.isOnUnixSocket || caller.hasToken) return;
  const name = hostname.replace(/\.$/, "");
  const isOwn = /^(.+\.)?localhost$/.test(name) ||
    parseIpAddress(name) !== undefined || names.includes(name);
  if (isOwn) return;
  throw new HttpRefusal(
    403,
    `Host must be an address, localhost or a name in access.http_hosts where no token is sent, got ${
      quote(hostname)
    }`,
  );
}
