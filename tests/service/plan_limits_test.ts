import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { connectToDaemon } from "../../src/thrift/client.ts";
import type { ThriftClient } from "../../src/thrift/generated.ts";
import { startTestDaemon } from "../support/test_daemon.ts";

async function withLimits(
  environment: Readonly<Record<string, string>>,
  use: (client: ThriftClient) => Promise<void>,
): Promise<void> {
  await using daemon = await startTestDaemon({ environment });
  using connection = await connectToDaemon({
    hostname: "127.0.0.1",
    port: daemon.port,
    timeoutMs: 20_000,
  });
  await use(connection.client);
}

function create(
  client: ThriftClient,
  key: string,
  params: Readonly<Record<string, string>> = {},
) {
  const all = { url: "http://127.0.0.1:1/", method: "post", ...params };
  return client.createTimeout(key, 0, 0, 9, 0, 0, -1, 1, "http", all);
}

Deno.test("a plan can't raise the limits that the daemon sets", async () => {
  const environment = {
    LIMITS_TIMEOUT_SECONDS: "30",
    LIMITS_BODY_BYTES: "10",
    LIMITS_PARAMS_BYTES: "100",
  };
  await withLimits(environment, async (client) => {
    await create(client, "a", { request_timeout: "30", body: "0123456789" });
    const refuse = (params: Record<string, string>, message: string) =>
      assert.rejects(create(client, "a", params), {
        code: 1011,
        message: `Cannot create plan "a": ${message}`,
      });
    await refuse(
      { request_timeout: "30.5" },
      'param "request_timeout" may be 30 s (limits.timeout_seconds), got "30.5"',
    );
    await refuse(
      { reply_timeout: "31" },
      'param "reply_timeout" may be 30 s (limits.timeout_seconds), got "31"',
    );
    await refuse(
      { body: "01234567\u00e4\u00e4" },
      "body may have 10 bytes (limits.body_bytes), got 12",
    );
    await refuse(
      { header_a: "x".repeat(100) },
      "params may have 100 bytes (limits.params_bytes), got 140",
    );
  });
});

Deno.test("a plan that names no timeout has none that is longer than the daemon's limit", async () => {
  const environment = {
    LIMITS_TIMEOUT_SECONDS: "0.2",
    STORE_STATUS_EXPRIED: "60",
  };
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr;
  const address = { host: "127.0.0.1", port: String(port) };
  const plans: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    shell: { cmd: "sleep 60" },
    http: { url: `http://127.0.0.1:${port}/` },
    redis: { ...address, command: "PING" },
    thrift: address,
    beanstalk: { ...address, name: "tube", body: "x" },
  };
  await withLimits(environment, async (client) => {
    for (const [action, params] of Object.entries(plans)) {
      const all = { ...params, retry_max_count: "0" };
      await client.createTimeout(action, 1, 0, 0, 0, 0, -1, 1, action, all);
    }
    for (const action of Object.keys(plans)) {
      await eventually(async () => {
        const { outcome } = await client.inspect(action, false);
        return /0\.2 s/.test(outcome?.detail ?? "");
      });
    }
  });
});

Deno.test("a daemon takes as many plans as its limits say, and makes room when they go", async () => {
  const environment = {
    LIMITS_PLANS: "4",
    LIMITS_PLANS_PER_PREFIX: "order:=2; a=b=1",
  };
  await withLimits(environment, async (client) => {
    const results = await Promise.allSettled(
      ["order:1", "order:2", "order:3", "order:4"].map((key) =>
        create(client, key)
      ),
    );
    const made = results.filter(({ status }) => status === "fulfilled");
    assert.equal(made.length, 2);
    const [first, ...keys] = await client.getKeys("order:");
    assert.equal(keys.length, 1);
    await create(client, first);
    await assert.rejects(create(client, "order:5"), {
      code: 1011,
      message:
        'Cannot create plan "order:5": there may be 2 plans that begin with "order:" (limits.plans_per_prefix)',
    });
    await create(client, "a=b1");
    await create(client, "b");
    await assert.rejects(create(client, "c"), {
      code: 1011,
      message: 'Cannot create plan "c": there may be 4 plans (limits.plans)',
    });
    await client.remove(first);
    await eventually(async () => {
      try {
        await create(client, "order:6");
        return true;
      } catch {
        return false;
      }
    });
  });
});
