/** Where a server listens. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** How Redis is reached. */
export interface ConnectionOptions {
  /** `redis://`, `rediss://` or `unix://`; goes over host, port, database, user and password. */
  readonly url: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Sentinels to ask for the primary; none when Redis is reached directly. */
  readonly sentinels: readonly HostPort[];
  /** What Sentinels call the primary. */
  readonly sentinelName: string;
  readonly sentinelPassword: string | undefined;
  /** Some of a Cluster's nodes; none when there is no Cluster. */
  readonly clusterNodes: readonly HostPort[];
  readonly isTls: boolean;
  /** PEM of the authorities that sign the server's certificate; the system's when undefined. */
  readonly caPem: string | undefined;
  /** How long a command may take. */
  readonly timeoutMs: number;
}

/** Where an address of {@link ConnectionOptions.url} leads. */
export interface Address {
  /** A unix socket, instead of host and port. */
  readonly path?: string;
  readonly host?: string;
  readonly port?: number;
  readonly db?: number;
  readonly username?: string;
  readonly password?: string;
  readonly isTls: boolean;
}

/**
 * Reads `redis://[user[:password]@]host[:port][/database]`, `rediss://…` for
 * TLS, or `unix://[user[:password]@]/path[?db=database]`.
 * @throws {RangeError} without the address, since that may have a password
 */
export function parseAddress(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const protocol = url?.protocol;
  if (url === undefined || !protocols.includes(protocol ?? "")) {
    throw new RangeError("must begin with redis://, rediss:// or unix://");
  }
  const isUnix = protocol === "unix:";
  const database = isUnix
    ? url.searchParams.get("db") ?? ""
    : url.pathname.slice(1);
  if (!/^\d*$/.test(database)) {
    throw new RangeError("must end in the number of a database");
  }
  const path = decodeURIComponent(url.pathname);
  if (isUnix && path === "") throw new RangeError("must have a path");
  return {
    ...(isUnix ? { path } : {
      host: url.hostname.replace(/^\[|\]$/g, "") || "127.0.0.1",
      port: Number(url.port || 6379),
    }),
    ...(database === "" ? {} : { db: Number(database) }),
    ...(url.username === ""
      ? {}
      : { username: decodeURIComponent(url.username) }),
    ...(url.password === ""
      ? {}
      : { password: decodeURIComponent(url.password) }),
    isTls: protocol === "rediss:",
  };
}

const protocols = ["redis:", "rediss:", "unix:"];
