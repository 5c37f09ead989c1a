import assert from "node:assert/strict";
import { join } from "node:path";
import { startDaemon } from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp_folder.ts";

const none = [-1, -1, -1, -1, -1] as const;

/** An HTTP server that refuses everything with 503, and remembers which attempts came. */
function refusingServer() {
  const attempts: number[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ headers }) => {
      attempts.push(Number(headers.get("x-forsun-attempt")));
      return new Response("no room", { status: 503 });
    },
  );
  return {
    attempts,
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("retries go on where they were after each kill -9, and end where they should", async () => {
  await using folder = await tempFolder();
  await using server = refusingServer();
  const file = join(folder.path, "store");
  const env = { STORE_STATUS_EXPRIED: "600" };
  const params = {
    url: server.url,
    retry_max_count: "4",
    retry_delay_seconds: "0.4",
  };
  {
    await using daemon = await startDaemon({ file, env });
    using connection = await daemon.connect();
    await connection.client.createTimeout("a", 1, ...none, 1, "http", params);
    await eventually(() => server.attempts.length >= 1);
  }
  for (const attempts of [2, 3]) {
    await using daemon = await startDaemon({ file, env });
    using connection = await daemon.connect();
    const { client } = connection;
    await eventually(async () =>
      ((await client.inspect("a")).outcome?.attempt ?? 0) >= attempts
    );
    const { outcome, status, current_count } = await client.inspect("a");
    assert.equal(outcome?.detail, "HTTP 503 Service Unavailable: no room");
    assert.deepEqual([status, current_count], [-1, 1]);
    const { action_retried_count } = await client.info();
    assert.notEqual(action_retried_count, "0");
  }
  await using daemon = await startDaemon({ file, env });
  using connection = await daemon.connect();
  const { client } = connection;
  await eventually(async () =>
    (await client.inspect("a")).outcome?.attempt === 5
  );
  // A kill may come before its attempt was sent, or before it was written down.
  const { attempts } = server;
  assert.deepEqual(attempts, attempts.toSorted((a, b) => a - b));
  assert.equal(attempts.at(-1), 5);
  const kills = 3;
  assert.ok(new Set(attempts).size >= 5 - kills, `${attempts}`);
  assert.ok(attempts.length <= 5 + kills, `${attempts}`);
  const info = await client.info();
  assert.equal(info.action_executed_error_count, info.action_executed_count);
  assert.equal(info.retry_waiting_count, "0");
});
