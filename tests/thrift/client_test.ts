import assert from "node:assert/strict";
import {
  connectToDaemon,
  type DaemonConnection,
} from "../../src/thrift/client.ts";
import { FullServer } from "../action/full_server.ts";
import { startThriftDaemon } from "../support/thrift_daemon.ts";
import type { Message, Value } from "./any_message.ts";
import { encode } from "./encode.ts";
import { eventually } from "../support/eventually.ts";
import { hex } from "./hex.ts";
import { call, pong, text } from "./messages.ts";
import { RawServer, receive, send } from "./raw_server.ts";

const hostname = "127.0.0.1";
const timeoutMs = 10_000;
/** The client's ping, whatever its number. */
const pingBytes = encode(call("ping", 1), "binary").length;

function connect(
  port: number,
  patienceMs = timeoutMs,
): Promise<DaemonConnection> {
  return connectToDaemon({ hostname, port, timeoutMs: patienceMs });
}

/** A server that reads one ping, answers with `bytes` and hangs up. */
function answering(bytes: Uint8Array): RawServer {
  return new RawServer(async (socket) => {
    await receive(socket, pingBytes);
    await send(socket, bytes);
  });
}

function reply(name: string, seqid: number, value: Value): Message {
  return { name, type: 2, seqid, fields: [{ id: 0, value }] };
}

Deno.test("connectToDaemon() gives a client with all methods", async () => {
  await using daemon = await startThriftDaemon();
  using connection = await connect(daemon.port);
  const { client } = connection;
  assert.equal(await client.ping(), 0);
  const fields = [0, 32, 16, -1, -1, -1] as const;
  const params = { cmd: "echo 'ü'" };
  const a = await client.create("a", ...fields, "shell", params);
  const b = await client.createTimeout("b", ...fields, 2, "shell", params);
  const c = await client.createCron("c", "@daily", "shell", params);
  assert.deepEqual([a, b, c].map((plan) => [plan.key, plan.cron]), [
    ["a", null],
    ["b", null],
    ["c", "@daily"],
  ]);
  assert.deepEqual([b.is_time_out, b.minute, b.count], [true, 32, 2]);
  assert.deepEqual(await client.get("a"), a);
  const { created_time: createdTime, ...known } = await client.inspect("b");
  assert.ok((createdTime ?? 0) > 1_700_000_000);
  assert.deepEqual({ ...known, created_time: null }, { ...b });
  assert.deepEqual(await client.getKeys(""), ["a", "b", "c"]);
  const page = await client.getPlans("", "a", 1);
  assert.deepEqual(page.map((plan) => plan.key), ["b"]);
  assert.deepEqual(await client.getTime(b.next_time), [b]);
  assert.deepEqual(await client.getCurrent(), []);
  assert.match((await client.info()).current_time, /^\d{10}$/);
  assert.deepEqual(await client.remove("a"), a);
  assert.deepEqual(await client.getKeys(""), ["b", "c"]);
});

Deno.test("connectToDaemon() has calls under way answered whatever their order", async () => {
  await using server = new RawServer(async (socket, over) => {
    await receive(socket, 3 * pingBytes);
    for (const seqid of [3, 1, 2]) {
      for (const byte of encode(pong(seqid), "binary")) {
        await send(socket, Uint8Array.of(byte));
      }
    }
    await over;
  });
  using connection = await connect(server.port);
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3].map(async (number) => {
      await connection.client.ping();
      order.push(number);
    }),
  );
  assert.deepEqual(order, [3, 1, 2]);
});

Deno.test("connectToDaemon() rejects when nobody listens", async () => {
  const listener = Deno.listen({ hostname, port: 0 });
  const { port } = listener.addr;
  listener.close();
  await assert.rejects(connect(port), {
    message:
      `Cannot connect to 127.0.0.1:${port}: Connection refused (os error 111)`,
  });
});

Deno.test("connectToDaemon() rejects when the connection takes too long", async () => {
  using server = await FullServer.create();
  const port = Number(server.address.split(":")[1]);
  await assert.rejects(connect(port, 50), {
    message: `Cannot connect to 127.0.0.1:${port}: no connection within 0.05 s`,
  });
});

Deno.test("All calls reject when the daemon does not answer in time, and those that come later", async () => {
  await using server = new RawServer((_, over) => over);
  using connection = await connect(server.port, 50);
  const { client } = connection;
  const late = { message: "The daemon did not answer within 0.05 s" };
  await Promise.all([
    assert.rejects(client.ping(), late),
    assert.rejects(client.get("a"), late),
  ]);
  assert.equal(connection.isClosed, true);
  await assert.rejects(client.ping(), late);
});

Deno.test("The daemon has its time for each reply anew", async () => {
  await using server = new RawServer(async (socket, over) => {
    for (let seqid = 1; seqid <= 4; seqid++) {
      await receive(socket, pingBytes);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await send(socket, encode(pong(seqid), "binary"));
    }
    await over;
  });
  using connection = await connect(server.port, 600);
  const { client } = connection;
  const pings = [client.ping(), client.ping(), client.ping(), client.ping()];
  assert.deepEqual(await Promise.all(pings), [0, 0, 0, 0]);
});

const badReplies: readonly [
  name: string,
  bytes: Uint8Array,
  error: string,
][] = [
  ["nothing", hex(""), "The daemon closed the connection"],
  [
    "a part of a reply",
    encode(pong(1), "binary").subarray(0, 20),
    "The daemon closed the connection",
  ],
  [
    "HTTP",
    hex("'HTTP/1.1 400 Bad Request'"),
    "The answer makes no sense: the bytes are not Thrift",
  ],
  [
    "a reply in another style",
    encode(pong(1), "compact"),
    "The answer makes no sense: the message has the version 33345",
  ],
  [
    "a reply to a call that there is not",
    encode(reply("unheard of", 1, text("")), "binary"),
    'The answer makes no sense: nobody asked for "unheard of" 1',
  ],
  [
    "a reply to a call that was not made",
    encode(pong(7), "binary"),
    'The answer makes no sense: nobody asked for "ping" 7',
  ],
  [
    "a list of billions",
    hex("80010002 00000004 'ping' 00000001 0f0000 02 7fffffff"),
    "The answer makes no sense: a length is 2147483647",
  ],
  [
    "an exception",
    hex(`80010003 00000004 'ping' 00000001
      0b0001 00000004 'hoho' 08 0002 00000006 00`),
    "hoho",
  ],
  [
    "a reply without a result",
    hex("80010002 00000004 'ping' 00000001 00"),
    "ping failed: unknown result",
  ],
];

for (const [name, bytes, message] of badReplies) {
  Deno.test(`A call rejects when the daemon answers with ${name}`, async () => {
    await using server = answering(bytes);
    using connection = await connect(server.port);
    await assert.rejects(connection.client.ping(), (error) => {
      assert.ok(error instanceof Error);
      assert.equal(error.message, message);
      return true;
    });
    await eventually(() => connection.isClosed);
    await assert.rejects(connection.client.ping(), Error);
  });
}

Deno.test("A call rejects when the list that the daemon answers with can't be read", async () => {
  const numbers: Value = {
    type: "list",
    of: "i32",
    values: [{ type: "i32", value: 1n }],
  };
  await using server = new RawServer(async (socket, over) => {
    await receive(socket, 1);
    await send(socket, encode(reply("getKeys", 1, numbers), "binary"));
    await over;
  });
  using connection = await connect(server.port);
  await assert.rejects(connection.client.getKeys(""), {
    message: /^The answer makes no sense: /,
  });
});

Deno.test("A request that the daemon would hang up on is refused, and others go on", async () => {
  await using daemon = await startThriftDaemon();
  using connection = await connect(daemon.port);
  const { client } = connection;
  const huge = { cmd: "x".repeat(17 * 1024 * 1024) };
  const [first, refused, last] = await Promise.allSettled([
    client.ping(),
    client.createCron("a", "@daily", "shell", huge),
    client.ping(),
  ]);
  assert.equal(first.status, "fulfilled");
  assert.equal(last.status, "fulfilled");
  assert.ok(refused.status === "rejected");
  assert.equal(refused.reason.code, 1007);
  assert.match(
    refused.reason.message,
    /^Cannot send: a request must have at most 16777216 bytes, got 178\d{5}$/,
  );
});

Deno.test("Calls under way reject when the connection is disposed, and the daemon is told", async () => {
  await using daemon = await startThriftDaemon({ isShut: true });
  const connection = await connect(daemon.port);
  const closed = { message: "The connection was closed" };
  const rejected = assert.rejects(connection.client.getKeys(""), closed);
  await eventually(() => daemon.counters.requesting_count === 1);
  connection[Symbol.dispose]();
  await rejected;
  assert.equal(connection.isClosed, true);
  await assert.rejects(connection.client.ping(), closed);
  daemon.letIn();
  await eventually(() => daemon.counters.connecting_count === 0);
});

Deno.test("Lists may be longer than any request", async () => {
  const key = text("k".repeat(1024 * 1024));
  const values = Array<Value>(20).fill(key);
  const list: Value = { type: "list", of: "string", values };
  await using server = new RawServer(async (socket, over) => {
    await receive(
      socket,
      encode(call("getKeys", 1, [{ id: 1, value: text("") }]), "binary").length,
    );
    await send(socket, encode(reply("getKeys", 1, list), "binary"));
    await over;
  });
  using connection = await connect(server.port);
  const keys = await connection.client.getKeys("");
  assert.equal(keys.length, 20);
  assert.equal(keys[19].length, 1024 * 1024);
});
