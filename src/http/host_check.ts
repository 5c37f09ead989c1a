import type { Caller } from "../access/caller.ts";
import { isLoopback, parseIpAddress } from "../core/network.ts";
import { quote } from "../core/quote.ts";
import { HttpRefusal } from "./envelope.ts";

/** Knows the names under which clients may reach the HTTP port without a token. */
export class HostCheck {
  readonly #names: ReadonlySet<string>;

  /** @param names besides `localhost` and addresses */
  constructor(names: Iterable<string>) {
    this.#names = new Set([...names].map((name) => name.toLowerCase()));
  }

  /**
   * Refuses a request to any other name, unless its client has shown a token: a
   * name may be made to lead here by whoever owns it, so that a browser takes
   * the API for a part of that owner's page (DNS rebinding).
   * @throws {HttpRefusal} 403
   */
  check(url: URL, caller: Caller): void {
    const { hostname } = url;
    if (caller.isProven || this.#isOwn(hostname)) return;
    throw new HttpRefusal(
      403,
      `The host ${
        quote(hostname)
      } is none of this daemon's: add it to http_hosts, or send a token`,
    );
  }

  #isOwn(hostname: string): boolean {
    return hostname.endsWith(".localhost") || isLoopback(hostname) ||
      parseIpAddress(hostname) !== undefined || this.#names.has(hostname);
  }
}
