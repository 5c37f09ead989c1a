import assert from "node:assert/strict";
import {
  type AccessRules,
  parseAllowed,
} from "../../src/access/access_policy.ts";
import { parseTokens } from "../../src/access/tokens.ts";
import { connectToDaemon } from "../../src/thrift/client.ts";
import type { ThriftClient } from "../../src/thrift/generated.ts";
import { eventually } from "../support/eventually.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { startThriftDaemon } from "../support/thrift_daemon.ts";
import { neededRole } from "../../src/thrift/needed_role.ts";
import { type Method, methods } from "./generated_calls.ts";

const tokens = {
  read: "read-0123456789abcdef",
  write: "write-0123456789abcdef",
  admin: "admin-0123456789abcdef",
};
const rules: AccessRules = {
  tokens: parseTokens(
    Object.entries(tokens).map((entry) => entry.join(" ")).join("\n"),
  ),
  allowed: [],
};
const params = { url: "http://me:hunter2@host/", auth_password: "hunter2" };
const masked = { url: "http://me:***@host/", auth_password: "***" };

function connect(port: number, token?: string) {
  const hostname = "127.0.0.1";
  return connectToDaemon({ hostname, port, token, timeoutMs: 20_000 });
}

function create(client: ThriftClient, key: string) {
  return client.createTimeout(key, 60, 0, 0, 0, 0, -1, 1, "http", params);
}

const calls: Readonly<
  Record<Method, (client: ThriftClient) => Promise<unknown>>
> = {
  ping: (client) => client.ping(),
  create: (client) =>
    client.create("a", 1, -1, -1, -1, -1, -1, "shell", { cmd: "ls" }),
  createTimeout: (client) => create(client, "a"),
  createCron: (client) =>
    client.createCron("a", "@hourly", "shell", { cmd: "ls" }),
  remove: (client) => client.remove("nobody"),
  get: (client) => client.get("nobody"),
  inspect: (client) => client.inspect("nobody"),
  getCurrent: (client) => client.getCurrent(),
  getTime: (client) => client.getTime(1),
  getKeys: (client) => client.getKeys(""),
  getPlans: (client) => client.getPlans("", "", 1),
  getDuePlans: (client) => client.getDuePlans("", 0, "", 1),
  restore: async (client) => {
    const plan = {
      is_time_out: true,
      key: "a",
      ...{ second: 60, minute: 0, hour: 0, day: 0, month: 0, week: -1 },
      ...{ next_time: 2_000_000_000, status: 0, count: 1, current_count: 0 },
      ...{ last_timeout: 0, action: "shell", params: { cmd: "ls" } },
    };
    await client.restore(plan, true, true);
  },
  info: (client) => client.info(),
  getNodes: (client) => client.getNodes(),
  auth: (client) => client.auth(tokens.read),
  forsun_call: () => Promise.resolve(),
};

/** How the daemon refused, if it did so for who asked. */
async function refusalOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    return /^(Not authorized|Forbidden)/.exec(message)?.[0];
  }
}

for (const method of methods) {
  Deno.test(`${method} is answered to those who may call it`, async () => {
    await using daemon = await startThriftDaemon({ rules });
    const role = neededRole[method];
    for (const given of [undefined, "read", "write", "admin"] as const) {
      using connection = await connect(daemon.port, given && tokens[given]);
      const order = ["read", "write", "admin"];
      const isEnough = role === undefined ||
        (given !== undefined && order.indexOf(given) >= order.indexOf(role));
      const refusal = given === undefined ? "Not authorized" : "Forbidden";
      assert.equal(
        await refusalOf(calls[method](connection.client)),
        isEnough ? undefined : refusal,
        `${method} for ${given}`,
      );
    }
  });
}

Deno.test("a refusal is a ForsunPlanError where the method declares it", async () => {
  await using daemon = await startThriftDaemon({ rules });
  using connection = await connect(daemon.port);
  const { client } = connection;
  const message = "Not authorized: a token is needed";
  await assert.rejects(client.get("a"), { code: 1009, message });
  await assert.rejects(client.getKeys(""), {
    name: "TApplicationException",
    message,
  });
  await assert.rejects(client.auth("wrong"), {
    code: 1009,
    message: "Not authorized: the token is wrong",
  });
  assert.equal(await client.auth(tokens.write), "write");
  await create(client, "a");
});

Deno.test("old methods show plans byte for byte without tokens, and masked with one", async () => {
  await using daemon = await startThriftDaemon();
  using connection = await connect(daemon.port);
  const { client } = connection;
  const shown = async (plans: Promise<{ params: unknown }>) =>
    (await plans).params;
  assert.deepEqual(await shown(create(client, "a")), params);
  assert.deepEqual(await shown(client.get("a")), params);
  assert.deepEqual(await shown(client.inspect("a")), masked);
  assert.deepEqual(await shown(client.inspect("a", true)), params);

  daemon.policy.replace(rules);
  assert.equal(await client.auth(tokens.write), "write");
  assert.deepEqual(await shown(create(client, "b")), masked);
  assert.deepEqual(await shown(client.get("b")), masked);
  assert.deepEqual(await shown(client.inspect("b", true)), masked);
  assert.deepEqual(await shown(client.remove("b")), masked);
  assert.equal(await client.auth(tokens.admin), "admin");
  assert.deepEqual(await shown(client.get("a")), masked);
  assert.deepEqual(await shown(client.inspect("a", true)), params);
  const [first] = await client.getPlans("", "", 10, true);
  assert.deepEqual(first.params, params);
});

Deno.test("a plan that comes back with its mask is refused", async () => {
  await using daemon = await startThriftDaemon();
  using connection = await connect(daemon.port);
  const { client } = connection;
  await assert.rejects(
    client.createTimeout("a", 60, 0, 0, 0, 0, -1, 1, "http", masked),
    {
      code: 1007,
      message:
        `Cannot create plan "a": param "url" must be the real value, got a mask`,
    },
  );
});

Deno.test("clients of an allowed network need no token, others do", async () => {
  const allowed = parseAllowed("127.0.0.0/8=read");
  await using daemon = await startThriftDaemon({
    rules: { tokens: [], allowed },
  });
  using connection = await connect(daemon.port);
  const { client } = connection;
  assert.deepEqual(await client.getKeys(""), []);
  await assert.rejects(client.remove("a"), { code: 1010 });
  daemon.policy.replace({
    tokens: [],
    allowed: parseAllowed("192.0.2.0/24"),
  });
  await assert.rejects(client.remove("a"), { code: 1009 });
});

Deno.test("a client that shows no token is sent away after a while, and has no room for long messages", async () => {
  const clock = new FakeClock(0);
  await using daemon = await startThriftDaemon({
    rules,
    clock,
    limits: { maxStuckMs: 5000 },
  });
  using silent = await connect(daemon.port);
  using known = await connect(daemon.port, tokens.write);
  await silent.client.ping();
  await clock.advance(6000);
  await eventually(() => silent.isClosed);
  await known.client.ping();

  using large = await connect(daemon.port);
  const body = "x".repeat(1024 * 1024);
  const ask = (client: ThriftClient) =>
    client.createTimeout("a", 60, 0, 0, 0, 0, -1, 1, "http", {
      url: "http://host/",
      body,
    });
  await assert.rejects(ask(large.client));
  assert.ok(large.isClosed);
  await ask(known.client);
});
