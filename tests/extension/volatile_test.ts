import assert from "node:assert/strict";
import { join } from "node:path";
import { VolatileStore } from "../../examples/extensions/volatile.ts";
import { advance } from "../../src/core/advance.ts";
import { systemClock } from "../../src/core/system_clock.ts";
import { guardStore } from "../../src/extension/guard_store.ts";
import { connectToDaemon } from "../../src/thrift/client.ts";
import { testStoreContract } from "../contract/store_contract.ts";
import { CallbackServer } from "../support/callback_server.ts";
import { startTestDaemon } from "../support/test_daemon.ts";

testStoreContract("the volatile example", ({ keepSeconds }) => {
  const bare = new VolatileStore(advance, {
    timeZone: "UTC",
    keepSeconds,
    now: () => 0,
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  // As the daemon has it.
  const limits = { limitMs: 20_000, clock: systemClock };
  const store = guardStore(bare, { name: "volatile", ...limits });
  return Promise.resolve({
    store,
    reopen: () => Promise.resolve(store),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  });
}, { isDurable: false });

const folder = join(import.meta.dirname ?? ".", "../../examples/extensions");

Deno.test("a daemon keeps its plans in the store of an extension", async () => {
  await using server = new CallbackServer();
  await using daemon = await startTestDaemon({
    flags: {
      "extension-path": folder,
      extension: "volatile",
      driver: "volatile",
    },
  });
  using connection = await connectToDaemon({
    hostname: "127.0.0.1",
    port: daemon.port,
    timeoutMs: 20_000,
  });
  const { client } = connection;
  const fields = [0, -1, -1, -1, -1, -1] as const;
  const params = { url: server.url };
  await client.createTimeout("a", ...fields, 1, "http", params);
  await server.until(() => server.callbacks.length === 1, 20_000);
  const { stores, current_store } = await client.info();
  assert.match(stores, /^mem; .*volatile$|^mem; volatile$/);
  assert.equal(current_store, "volatile");
});

Deno.test("a daemon refuses a store that nobody has registered", async () => {
  await assert.rejects(
    startTestDaemon({ flags: { driver: "volatile" } }),
    /^Error: store\.driver must be mem(, redis)? or an extension's store, got "volatile"$/,
  );
});
