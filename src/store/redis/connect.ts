import { getLogger } from "@logtape/logtape";
import type { Cluster, Redis, RedisOptions } from "ioredis";
import { type ConnectionOptions, parseAddress } from "./connection_options.ts";

export interface Connection {
  readonly client: Redis | Cluster;
  /** Why it can't connect, when it tried last and failed. */
  readonly reason: () => string;
}

/**
 * A client that connects, and connects again, by itself. Its commands fail at
 * once while it is not connected, so that nothing is sent that nobody waits
 * for any more.
 */
export async function connect(
  options: ConnectionOptions,
): Promise<Connection> {
  const { Cluster, Redis } = await import("ioredis");
  const { timeoutMs, clusterNodes, sentinels, sentinelName } = options;
  const common = { ...credentialsOf(options), ...limitsOf(timeoutMs) };
  const client = clusterNodes.length > 0
    ? new Cluster([...clusterNodes], {
      redisOptions: common,
      enableOfflineQueue: false,
      clusterRetryStrategy: waitMs,
      retryDelayOnTryAgain: 100,
      retryDelayOnClusterDown: 100,
      retryDelayOnFailover: 100,
      maxRedirections: 16,
      slotsRefreshTimeout: Math.min(timeoutMs, 2000),
    })
    : sentinels.length > 0
    ? new Redis({
      ...common,
      sentinels: [...sentinels],
      name: sentinelName,
      sentinelPassword: options.sentinelPassword,
      sentinelRetryStrategy: waitMs,
      sentinelCommandTimeout: Math.min(timeoutMs, 2000),
      enableTLSForSentinelMode: options.isTls,
      failoverDetector: true,
    })
    : new Redis({ ...common, ...addressOf(options) });
  return { client, reason: report(client) };
}

function limitsOf(timeoutMs: number): RedisOptions {
  return {
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: waitMs,
    connectionName: "forsun",
    disableClientInfo: true,
  };
}

function credentialsOf(options: ConnectionOptions): RedisOptions {
  const { user: username, password, database: db, caPem } = options;
  const address = options.url === undefined
    ? undefined
    : parseAddress(options.url);
  const isTls = options.isTls || address?.isTls;
  return {
    db: address?.db ?? db,
    ...definedOf({
      username: address?.username ?? username,
      password: address?.password ?? password,
      tls: isTls ? definedOf({ ca: caPem }) : undefined,
    }),
  };
}

function addressOf({ url, host, port }: ConnectionOptions): RedisOptions {
  if (url === undefined) return { host, port };
  const address = parseAddress(url);
  return address.path === undefined
    ? definedOf({ host: address.host, port: address.port })
    : { path: address.path };
}

/** Without what is undefined, which the client would take for a value. */
function definedOf<Fields extends Record<string, unknown>>(
  fields: Fields,
): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>;
}

/** How long to wait before try number `times` to connect. */
function waitMs(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 10), 1000);
}

/** Says when the connection is lost and when it is back, once each; returns what it said last. */
function report(client: Redis | Cluster): () => string {
  let isUp = false;
  let lastReason = "";
  client.on("ready", () => {
    if (lastReason !== "") logger.info("Redis is there again");
    isUp = true;
    lastReason = "";
  });
  client.on("error", (error: Error) => {
    if (error.message !== "") tell(error.message);
  });
  client.on("close", () => {
    if (isUp) tell("the connection was closed");
    isUp = false;
  });
  const tell = (reason: string) => {
    if (reason === lastReason) return;
    lastReason = reason;
    logger.warn("Redis is away: {reason}", { reason });
  };
  return () => lastReason;
}

const logger = getLogger(["forsun", "redis"]);
