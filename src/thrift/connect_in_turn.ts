import { within } from "../core/within.ts";

export interface ConnectOptions {
  /** A name or an address. */
  readonly hostname: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** Finds the addresses of a name; asks the system unless given. */
  readonly lookup?: (name: string) => Promise<readonly string[]>;
}

/**
 * Connects, to another address of a name when the first one doesn't accept. That
 * has half the time, each of the others its share of what is left.
 * @throws {Error} why the first attempt failed; Deno.errors.TimedOut when it took too long
 */
export async function connectInTurn(
  { hostname, port, timeoutMs, lookup = systemLookup }: ConnectOptions,
): Promise<Deno.TcpConn> {
  const endMs = performance.now() + timeoutMs;
  const attempt = (address: string, ms: number) =>
    Deno.connect({ hostname: address, port, signal: AbortSignal.timeout(ms) });
  // node:net knows better, and takes longer to load than listing plans.
  const isName = !/^[\d.]+$|:/.test(hostname);
  try {
    return await attempt(hostname, isName ? timeoutMs / 2 : timeoutMs);
  } catch (first) {
    // Who may connect to nothing but the name may not look it up either.
    const looking = isName ? lookup(hostname) : Promise.resolve([]);
    const addresses = await within(
      Math.max(endMs - performance.now(), 0),
      looking.catch(() => []),
    ) ?? [];
    const isRefused = !isTimeout(first);
    for (const [index, address] of addresses.entries()) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0 || (isRefused && addresses.length === 1)) break;
      try {
        return await attempt(address, leftMs / (addresses.length - index));
      } catch {
        // Why the first attempt failed tells most.
      }
    }
    if (isRefused) throw first;
    const reason = `no connection within ${timeoutMs / 1000} s`;
    throw new Deno.errors.TimedOut(reason, { cause: first });
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

async function systemLookup(name: string): Promise<readonly string[]> {
  const { lookupAddresses } = await import("../core/lookup_addresses.ts");
  return await lookupAddresses(name);
}
