import { homedir } from "node:os";
import type { Config } from "../config/load_config.ts";
import { osReason } from "../core/os_reason.ts";
import { quote } from "../core/quote.ts";
import type { SteeredClock } from "../core/steered_clock.ts";
import { currentSecond } from "../core/time.ts";
import type { LoadedExtensions } from "../extension/load_extensions.ts";
import type { StoreGate } from "../service/store_gate.ts";
import type { MemoryStoreOptions } from "../store/memory/open_memory_store.ts";
import type { HostPort } from "../store/redis/connection_options.ts";
import type { RedisStoreOptions } from "../store/redis/open_redis_store.ts";
import { isStoreName, openStore, storeNames } from "../store/registry.ts";
import type { NodeIdentity, Store } from "../store/store.ts";

interface Surroundings {
  readonly clock: SteeredClock;
  readonly gate: StoreGate;
  readonly signal: AbortSignal;
  readonly extensions: LoadedExtensions;
  readonly node: NodeIdentity;
}

/**
 * Opens the store that the configuration names, one of forsun's or of an extension.
 * @throws {Error} one line, when there is no such store or it can't be opened
 */
export async function openStoreOf(
  config: Config,
  around: Surroundings,
): Promise<Store> {
  const { driver } = config;
  const open = around.extensions.stores.get(driver);
  if (open !== undefined) return await open(commonOptions(config, around));
  if (!isStoreName(driver)) throw noStore(driver);
  const caPem = await readRedisCa(config);
  return await openStore(driver, {
    mem: () => memoryOptions(config, around),
    redis: () => redisOptions(config, { ...around, caPem }),
  });
}

/**
 * Finds what {@link openStoreOf} refuses before it opens anything.
 * @throws {Error} one line
 */
export async function checkStore(
  config: Config,
  { extensions }: Pick<Surroundings, "extensions">,
): Promise<void> {
  const { driver } = config;
  if (!extensions.stores.has(driver) && !isStoreName(driver)) {
    throw noStore(driver);
  }
  await readRedisCa(config);
}

function noStore(driver: string): Error {
  const names = storeNames.join(", ");
  const got = quote(driver);
  return new Error(
    `store.driver must be ${names} or an extension's store, got ${got}`,
  );
}

/** The authorities that sign for Redis, as PEM; undefined for the system's. */
async function readRedisCa(
  { driver, redisCa: path }: Config,
): Promise<string | undefined> {
  if (driver !== "redis" || path === undefined) return undefined;
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new Error(`Cannot read store.redis_ca ${path}: ${osReason(error)}`, {
      cause: error,
    });
  }
}

function commonOptions(
  config: Config,
  { clock, gate, signal }: Surroundings,
) {
  return {
    timeZone: config.timeZone,
    keepSeconds: config.statusExpirySeconds,
    now: () => currentSecond(clock),
    onProgress: (share: number) => void (gate.progress = share),
    signal,
  };
}

function memoryOptions(
  config: Config,
  around: Surroundings,
): MemoryStoreOptions {
  return {
    ...commonOptions(config, around),
    folder: `${config.memStoreFile.replace(/^~(?=\/|$)/, homedir())}.d`,
    sync: config.memFsync,
    isStrict: config.strictRecovery,
  };
}

function redisOptions(
  config: Config,
  { clock, signal, node, caPem }: Surroundings & {
    readonly caPem: string | undefined;
  },
): RedisStoreOptions {
  return {
    connection: {
      url: config.redisUrl,
      host: config.redisHost,
      port: config.redisPort,
      database: config.redisDb,
      user: config.redisUser,
      password: config.redisPassword,
      sentinels: config.redisSentinels.map(toHostPort),
      sentinelName: config.redisSentinelName,
      sentinelPassword: config.redisSentinelPassword,
      clusterNodes: config.redisCluster.map(toHostPort),
      isTls: config.redisTls,
      caPem,
      timeoutMs: config.redisTimeout * 1000,
    },
    keys: {
      prefix: config.redisPrefix,
      serverId: config.redisServerId,
      partitions: config.redisPartitions,
    },
    clock,
    timeZone: config.timeZone,
    keepSeconds: config.statusExpirySeconds,
    leaseMs: config.redisLease * 1000,
    node,
    waitReplicas: config.redisWaitReplicas,
    signal,
  };
}

function toHostPort(
  { hostname, port }: { readonly hostname: string; readonly port: number },
): HostPort {
  return { host: hostname, port };
}
