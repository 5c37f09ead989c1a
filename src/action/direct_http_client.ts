/** Where Deno looks for proxies whenever a client is made. */
const proxyNames = [
  "ALL_PROXY",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "all_proxy",
  "https_proxy",
  "http_proxy",
];

/**
 * How long an unused connection is kept, in milliseconds. Common servers close
 * theirs after 5 s (Node) or more; a request that is sent at that very moment
 * fails, so ours go first.
 */
const idleMs = 4000;

export interface DirectHttpClientOptions {
  /** How many unused connections are kept to each server. */
  readonly maxIdle: number;
  /** A SOCKS5 proxy to connect through, if any. */
  readonly proxyUrl?: string;
}

/**
 * A client for fetch that connects to the servers themselves: HTTP_PROXY and its
 * like in the daemon's environment are ignored, so that callbacks go where
 * their URLs say. It keeps connections alive, lets a request set its Host header,
 * and has no cookies. HTTP/2 is off: with it all requests to a server share
 * one connection, and when that server vanishes silently they all go on failing
 * until TCP gives up, a quarter of an hour later.
 */
export function createDirectHttpClient(
  { maxIdle, proxyUrl: url }: DirectHttpClientOptions,
): Deno.HttpClient {
  const hidden = proxyNames.map((name) => [name, Deno.env.get(name)] as const);
  try {
    for (const name of proxyNames) Deno.env.delete(name);
    return Deno.createHttpClient({
      ...url === undefined ? {} : { proxy: { transport: "socks5", url } },
      allowHost: true,
      http2: false,
      poolIdleTimeout: idleMs,
      poolMaxIdlePerHost: maxIdle,
    });
  } finally {
    for (const [name, value] of hidden) {
      if (value !== undefined) Deno.env.set(name, value);
    }
  }
}
