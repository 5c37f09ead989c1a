/** Where the daemon is. */
export interface ClientPlace {
  /** 127.0.0.1 when not given. */
  readonly host?: string;
  /** 6458 when not given. */
  readonly port?: number;
  /** A Unix socket, instead of host and port. */
  readonly path?: string;
  /** Speaks TLS; `ca` are PEM certificates to trust instead of the system's. */
  readonly tls?: { readonly ca?: string };
}

/** Where a client connects to, for messages. */
export function describePlace(
  { host = defaultHost, port = defaultPort, path }: ClientPlace,
): string {
  return path ?? (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);
}

export const defaultHost = "127.0.0.1";
export const defaultPort = 6458;
