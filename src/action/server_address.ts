import type { ParamReader } from "./params.ts";

/** Where a server listens. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads the params host, 127.0.0.1 when it isn't there, and port.
 * @throws {ForsunError} 1007, naming the param and its value
 */
export function readServerAddress(
  reader: ParamReader,
  usualPort: number,
): ServerAddress {
  const host = (reader.optional("host") ?? "127.0.0.1").trim();
  const bare = /^\[.*\]$/.test(host) ? host.slice(1, -1) : host;
  if (!/^[^\s/@[\]]{1,255}$/.test(bare)) {
    throw reader.refusal("host", "must be a name or an IP address");
  }
  const port = reader.integer("port", { min: 1, max: 65_535 }) ?? usualPort;
  return { host: bare, port };
}

/** `host:port`, as messages name a server. */
export function showAddress({ host, port }: ServerAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
