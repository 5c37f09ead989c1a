import { testStoreContract } from "../../contract/store_contract.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import { hasRedis, startRedis } from "../../support/redis_server.ts";

if (hasRedis) {
  testStoreContract("RedisStore", async ({ keepSeconds }) => {
    const server = await startRedis();
    const open = () => openRedisForTest(server.port, { keepSeconds });
    let store = await open();
    return {
      store,
      async reopen() {
        await store[Symbol.asyncDispose]();
        return store = await open();
      },
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  });
}
