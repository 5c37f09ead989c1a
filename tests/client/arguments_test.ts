import assert from "node:assert/strict";
import {
  ForsunClient,
  type ForsunClientOptions,
  ForsunError,
  type NewCalendarPlan,
  type NewCronPlan,
  type NewTimeoutPlan,
} from "../../mod.ts";
import { ClientConnection } from "../../src/client/client_connection.ts";
import { connectSocket } from "../../src/client/connect_socket.ts";
import { startThriftDaemon } from "../support/thrift_daemon.ts";

/** What a program without types may pass. */
function untyped<Wanted>(value: unknown): Wanted {
  return value as Wanted;
}

const params = { cmd: "true" };

Deno.test("ForsunClient refuses values that the interface has no place for, and names them", async () => {
  await using daemon = await startThriftDaemon();
  using forsun = new ForsunClient({ port: daemon.port });
  const delay = (plan: Record<string, unknown>) =>
    forsun.createTimeout(
      untyped<NewTimeoutPlan>({ key: "a", minute: 1, params, ...plan }),
    );
  const pages = async (pageSize: unknown) => {
    await forsun.plans({ pageSize: untyped(pageSize) }).next();
  };
  const refused = [
    [
      () => delay({ key: 5 }),
      "Cannot create a plan: key must be a text, got a number",
    ],
    [
      () => delay({ params: { cmd: 5 } }),
      'Cannot create plan "a": params.cmd must be a text, got a number',
    ],
    [
      () => delay({ params: { cmd: "x", b: undefined } }),
      'Cannot create plan "a": params.b must be a text, got undefined',
    ],
    [
      () => delay({ params: "cmd=x" }),
      'Cannot create plan "a": params must be an object of texts, got a string',
    ],
    [
      () => delay({ action: {} }),
      'Cannot create plan "a": action must be a text, got an object',
    ],
    [
      () =>
        forsun.create(
          untyped<NewCalendarPlan>({ key: "a", hour: 1, timeZone: 5, params }),
        ),
      'Cannot create plan "a": timeZone must be a text, got a number',
    ],
    [
      () => forsun.createCron(untyped<NewCronPlan>({ key: "a", params })),
      'Cannot create plan "a": cron must be a text, got undefined',
    ],
    [() => forsun.get(untyped(5)), "key must be a text, got a number"],
    [() => forsun.inspect(untyped(null)), "key must be a text, got null"],
    [
      () => forsun.remove(untyped(undefined)),
      "key must be a text, got undefined",
    ],
    [() => forsun.keys(untyped(5)), "prefix must be a text, got a number"],
    [
      () => forsun.time(1795608030000),
      "second must be a whole number, 0 to 2147483647, got 1795608030000",
    ],
    [
      () => forsun.time(untyped("5")),
      'second must be a whole number, 0 to 2147483647, got "5"',
    ],
    [() => pages(0), "pageSize must be a whole number, 1 to 10000, got 0"],
    [() => pages(NaN), "pageSize must be a whole number, 1 to 10000, got NaN"],
  ] as const;
  for (const [call, message] of refused) {
    await assert.rejects(call, { name: "ForsunError", code: 1007, message });
  }
  assert.deepEqual(await forsun.keys(), []);
});

Deno.test("ForsunClient refuses a request that the daemon would hang up on, and others go on", async () => {
  await using daemon = await startThriftDaemon();
  using forsun = new ForsunClient({ port: daemon.port });
  const huge = { cmd: "x".repeat(17 * 1024 * 1024) };
  const [refused, plan] = await Promise.allSettled([
    forsun.createTimeout({ key: "a", minute: 1, params: huge }),
    forsun.createTimeout({ key: "b", minute: 1, params }),
  ]);
  assert(refused.status === "rejected");
  assert(refused.reason instanceof ForsunError);
  assert.equal(refused.reason.code, 1007);
  assert.match(
    refused.reason.message,
    /^Cannot send: a request must have at most 16777216 bytes, got 178\d{5}$/,
  );
  assert.equal(plan.status, "fulfilled");
});

Deno.test("ClientConnection sends nothing of a request that can't be written", async () => {
  await using daemon = await startThriftDaemon();
  const connection = await connectTo(daemon.port);
  const { client } = connection;
  const sent = await Promise.allSettled([
    client.ping(),
    client.createCron("a", "@daily", "shell", { cmd: untyped(5) }),
    client.createCron("b", "@daily", "shell", params),
  ]);
  assert.deepEqual(sent.map(({ status }) => status), [
    ...["fulfilled", "rejected", "fulfilled"],
  ]);
  assert.deepEqual(await client.getKeys(""), ["b"]);
  connection.close(new ForsunError("closed", "over"));
});

Deno.test("ClientConnection goes on when its sequence ids are used up", async () => {
  await using daemon = await startThriftDaemon();
  const connection = await connectTo(daemon.port);
  const { client } = connection;
  client._seqid = 2 ** 31 - 3;
  await Promise.all(Array.from({ length: 5 }, () => client.ping()));
  assert.equal(client._seqid, 3);
  connection.close(new ForsunError("closed", "over"));
});

Deno.test("ForsunClient is not made with options that make no sense", () => {
  const wrong: readonly (readonly [ForsunClientOptions, string])[] = [
    [{ port: 65_536 }, "port must be a whole number, 1 to 65535, got 65536"],
    [
      { port: untyped("6458") },
      'port must be a whole number, 1 to 65535, got "6458"',
    ],
    [{ host: "" }, 'host must be a text, got ""'],
    [{ path: untyped(5) }, "path must be a text, got a number"],
    [{ token: "" }, 'token must be a text, got ""'],
    [
      { connections: 0 },
      "connections must be a whole number, 1 to 1000, got 0",
    ],
    [{ timeoutMs: 0 }, "timeoutMs must be 1 to 86400000, got 0"],
    [{ timeoutMs: Infinity }, "timeoutMs must be 1 to 86400000, got Infinity"],
    [
      { connectTimeoutMs: NaN },
      "connectTimeoutMs must be 1 to 86400000, got NaN",
    ],
    [{ tls: untyped(true) }, "tls must be an object, got a boolean"],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => new ForsunClient(options), { message });
  }
});

async function connectTo(port: number): Promise<ClientConnection> {
  const timeoutMs = 20_000;
  const { signal } = new AbortController();
  const socket = await connectSocket({ port }, { timeoutMs, signal });
  return new ClientConnection(socket, timeoutMs);
}
