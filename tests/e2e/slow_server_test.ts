import assert from "node:assert/strict";
import { join } from "node:path";
import { CallbackServer } from "../support/callback_server.ts";
import { startDaemon } from "../support/daemon_process.ts";
import { createPlans } from "../support/plan_burst.ts";
import { tempFolder } from "../support/temp_folder.ts";

const none = [-1, -1, -1, -1, -1] as const;

Deno.test("more due plans for a server that never answers than may wait don't keep out those for others", async () => {
  await using folder = await tempFolder();
  await using fast = new CallbackServer();
  // The system accepts connections to it, and nobody reads them.
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using daemon = await startDaemon({
    file: join(folder.path, "store"),
    env: { ACTION_MAX_QUEUED: "200", ACTION_HTTP_MAX_CLIENTS: "4" },
  });
  using connection = await daemon.connect();
  const { client } = connection;
  const url = `http://127.0.0.1:${silent.addr.port}/`;
  await createPlans(client, 2000, {
    key: "slow:",
    action: "http",
    params: () => ({ url, request_timeout: "30" }),
  });
  const params = { url: fast.url };
  await client.createTimeout("fast", 4, ...none, 1, "http", params);
  // The slow ones take hours.
  await fast.until(() => fast.callbacks.length === 1, 25_000);
  assert.equal((await client.info()).action_executed_error_count, "0");
});
