import { SteeredClock } from "../../src/core/steered_clock.ts";
import { systemClock } from "../../src/core/system_clock.ts";
import type { ConnectionOptions } from "../../src/store/redis/connection_options.ts";
import {
  openRedisStore,
  type RedisStoreOptions,
} from "../../src/store/redis/open_redis_store.ts";
import type { NodeIdentity } from "../../src/store/store.ts";
import type { RedisStore } from "../../src/store/redis/redis_store.ts";

/** How a Redis on a port of this machine is reached; `to` goes over the defaults. */
export function connectionForTest(
  port: number,
  to: Partial<ConnectionOptions> = {},
): ConnectionOptions {
  return {
    url: undefined,
    host: "127.0.0.1",
    port,
    database: 0,
    user: undefined,
    password: undefined,
    sentinels: [],
    sentinelName: "primary",
    sentinelPassword: undefined,
    clusterNodes: [],
    isTls: false,
    caPem: undefined,
    timeoutMs: 10_000,
    ...to,
  };
}

export const nodeForTest: NodeIdentity = {
  name: "test",
  version: "0",
  mode: "TIMER",
  timeZone: "UTC",
  actions: ["shell"],
  startedAt: 1,
};

/** Opens a redis store for a test; `options` go over the defaults. */
export function openRedisForTest(
  port: number,
  options: Partial<RedisStoreOptions> & {
    readonly to?: Partial<ConnectionOptions>;
  } = {},
): Promise<RedisStore> {
  return openRedisStore({
    connection: connectionForTest(port, options.to),
    keys: { prefix: "forsun", serverId: 0, partitions: 16 },
    clock: new SteeredClock(systemClock),
    timeZone: "UTC",
    keepSeconds: 0,
    leaseMs: 10_000,
    waitReplicas: 0,
    node: nodeForTest,
    signal: new AbortController().signal,
    ...options,
  });
}
