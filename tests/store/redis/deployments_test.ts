import { testStoreContract } from "../../contract/store_contract.ts";
import { startRedisCluster } from "../../support/redis_cluster.ts";
import { startRedisSentinels } from "../../support/redis_sentinels.ts";
import { hasRedis } from "../../support/redis_server.ts";
import type { ServerProgram } from "../../support/server_program.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import type { ConnectionOptions } from "../../../src/store/redis/connection_options.ts";

/** Servers that all tests of this file share, each under a prefix of its own. */
class Deployment<Servers extends AsyncDisposable> {
  readonly #start: () => Promise<Servers>;
  readonly #to: (servers: Servers) => Partial<ConnectionOptions>;
  #servers: Servers | undefined;
  #storeCount = 0;

  constructor({ start, to }: {
    readonly start: () => Promise<Servers>;
    /** How the servers are reached. */
    readonly to: (servers: Servers) => Partial<ConnectionOptions>;
  }) {
    this.#start = start;
    this.#to = to;
    Deno.test.beforeAll(async () => {
      this.#servers = await this.#start();
    });
    Deno.test.afterAll(async () => {
      await this.#servers?.[Symbol.asyncDispose]();
    });
  }

  testContract(name: string): void {
    testStoreContract(name, async ({ keepSeconds }) => {
      if (this.#servers === undefined) throw new Error("No servers");
      const prefix = `${name}-${this.#storeCount++}`;
      const options = {
        keepSeconds,
        to: this.#to(this.#servers),
        keys: { prefix, serverId: 0, partitions: 16 },
      };
      let store = await openRedisForTest(0, options);
      return {
        store,
        async reopen() {
          await store[Symbol.asyncDispose]();
          return store = await openRedisForTest(0, options);
        },
        [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
      };
    });
  }
}

function addresses(servers: readonly ServerProgram[]) {
  return servers.map(({ port }) => ({ host: "127.0.0.1", port }));
}

if (hasRedis) {
  new Deployment({
    start: startRedisSentinels,
    to: ({ sentinels }) => ({
      sentinels: addresses(sentinels),
      sentinelName: "mymaster",
    }),
  }).testContract("RedisStore with Sentinels");
  new Deployment({
    start: startRedisCluster,
    to: ({ servers }) => ({ clusterNodes: addresses(servers) }),
  }).testContract("RedisStore in a Cluster");
}
