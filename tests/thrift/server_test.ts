import fc from "fast-check";
import assert from "node:assert/strict";
import { connectToDaemon } from "../../src/thrift/client.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { randomRuns } from "../support/random.ts";
import { startThriftDaemon } from "../support/thrift_daemon.ts";
import type { Message, Value } from "./any_message.ts";
import { captureLog } from "./captured_log.ts";
import { toHex } from "./hex.ts";
import { eventually } from "../support/eventually.ts";
import {
  call,
  createCall,
  expectMessage,
  expectPong,
  planReply,
  pong,
  type Style,
  styles,
  text,
  toWire,
} from "./messages.ts";
import { RawClient } from "./raw_client.ts";

const nowMs = 1_700_000_000_000;
const createdAt = nowMs / 1000;
const cmd = text("ls");

function keysReply(seqid: number, keys: readonly string[]): Message {
  const values = keys.map(text);
  const list: Value = { type: "list", of: "string", values };
  return { name: "getKeys", type: 2, seqid, fields: [{ id: 0, value: list }] };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

Deno.test("The server answers each connection in its own style, on one port", async () => {
  const clock = new FakeClock(nowMs);
  await using daemon = await startThriftDaemon({ clock });
  using stack = new DisposableStack();
  const clients: [RawClient, Style][] = [];
  for (const style of [...styles, ...styles]) {
    clients.push([stack.use(await RawClient.connect(daemon.port)), style]);
  }
  await Promise.all(clients.map(async ([client, style], index) => {
    const key = `key ${index}`;
    for (let seqid = 1; seqid < 50; seqid++) {
      await client.send(toWire(createCall(seqid, key, cmd), style));
      const expected = { key, cmd, createdAt };
      const reply = planReply("createTimeout", seqid, expected);
      await expectMessage(client, reply, style);
    }
  }));
  assert.equal(daemon.counters.connecting_count, 8);
  assert.equal(daemon.counters.connected_count, 8);
  assert.equal(daemon.counters.requested_count, 8 * 49);
  assert.equal(daemon.counters.create_timeouted_count, 8 * 49);
  assert.equal(daemon.counters.requested_error_count, 0);
});

for (const style of styles) {
  Deno.test(`Replies to ${style.name} requests come in order, although an earlier one takes longer`, async () => {
    const clock = new FakeClock(nowMs);
    await using daemon = await startThriftDaemon({ clock, isShut: true });
    using client = await RawClient.connect(daemon.port);
    const requests = [
      call("ping", 1),
      createCall(2, "a", cmd),
      call("ping", 3),
      call("ping", 4),
      createCall(5, "b", cmd),
      call("ping", 6),
    ];
    await client.send(join(requests.map((one) => toWire(one, style))));
    await expectMessage(client, pong(1), style);
    const { counters } = daemon;
    await eventually(() => counters.requested_count === 4);
    assert.equal(counters.requesting_count, 2);
    daemon.letIn();
    for (
      const reply of [
        planReply("createTimeout", 2, { key: "a", cmd, createdAt }),
        pong(3),
        pong(4),
        planReply("createTimeout", 5, { key: "b", cmd, createdAt }),
        pong(6),
      ]
    ) await expectMessage(client, reply, style);
  });

  Deno.test(`A ${style.name} request may come byte by byte`, async () => {
    const clock = new FakeClock(nowMs);
    await using daemon = await startThriftDaemon({ clock });
    using client = await RawClient.connect(daemon.port);
    for (const byte of toWire(createCall(1, "a", cmd), style)) {
      await client.send(Uint8Array.of(byte));
    }
    const reply = planReply("createTimeout", 1, { key: "a", cmd, createdAt });
    await expectMessage(client, reply, style);
  });

  Deno.test(`Thousands of ${style.name} requests in one go are all answered, in order`, async () => {
    await using daemon = await startThriftDaemon();
    using client = await RawClient.connect(daemon.port);
    const seqids = Array.from({ length: 5000 }, (_, index) => index);
    const requests = seqids.map((seqid) => toWire(call("ping", seqid), style));
    const sending = client.send(join(requests));
    for (const seqid of seqids) await expectMessage(client, pong(seqid), style);
    await sending;
  });

  Deno.test(`Large params that are not UTF-8 come back in ${style.name} replies as they were`, async () => {
    const clock = new FakeClock(nowMs);
    await using daemon = await startThriftDaemon({ clock });
    using client = await RawClient.connect(daemon.port);
    const value = new Uint8Array(300_000)
      .map((_, index) => (index * index) >> 3);
    const large: Value = { type: "string", value };
    const plan = { key: "a", cmd: large, createdAt };
    const sending = client.send(toWire(createCall(1, "a", large), style));
    await expectMessage(client, planReply("createTimeout", 1, plan), style);
    await sending;
    const get = call("get", 2, [{ id: 1, value: text("a") }]);
    await client.send(toWire(get, style));
    await expectMessage(client, planReply("get", 2, plan), style);
  });
}

Deno.test("Any bytes in a param are the same after create and get", async () => {
  const clock = new FakeClock(nowMs);
  await using daemon = await startThriftDaemon({ clock });
  using client = await RawClient.connect(daemon.port);
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 100 });
  await fc.assert(
    fc.asyncProperty(bytes, async (value) => {
      const any: Value = { type: "string", value };
      const plan = { key: "a", cmd: any, createdAt };
      await client.send(toWire(createCall(1, "a", any), styles[0]));
      await expectMessage(client, planReply("createTimeout", 1, plan));
      const get = call("get", 2, [{ id: 1, value: text("a") }]);
      await client.send(toWire(get, styles[0]));
      await expectMessage(client, planReply("get", 2, plan));
    }),
    randomRuns(300),
  );
});

Deno.test("A plan whose params are named like an object's own methods is as good as any", async () => {
  await using daemon = await startThriftDaemon();
  const { port } = daemon;
  const address = { hostname: "127.0.0.1", port, timeoutMs: 10_000 };
  using connection = await connectToDaemon(address);
  const { client } = connection;
  const params = { cmd: "x", hasOwnProperty: "y", constructor: "z" };
  const fields = [1, -1, -1, -1, -1, -1] as const;
  const plan = await client.create("a", ...fields, "shell", params);
  assert.deepEqual(plan.params, params);
  assert.deepEqual((await client.get("a")).params, params);
  assert.deepEqual((await client.getPlans("", "", 10))[0].params, params);
  assert.deepEqual((await client.remove("a")).params, params);
});

Deno.test("A client that says it is done gets the replies that are due, then the end", async () => {
  const clock = new FakeClock(nowMs);
  await using daemon = await startThriftDaemon({ clock, isShut: true });
  using client = await RawClient.connect(daemon.port);
  await client.send(toWire(call("ping", 1), styles[0]));
  await client.send(toWire(createCall(2, "a", cmd), styles[0]));
  await client.send(toWire(call("ping", 3), styles[0]));
  await client.closeWrite();
  await expectMessage(client, pong(1));
  await eventually(() => daemon.counters.requested_count === 2);
  daemon.letIn();
  const plan = { key: "a", cmd, createdAt };
  await expectMessage(client, planReply("createTimeout", 2, plan));
  await expectMessage(client, pong(3));
  assert.equal(await client.end(), "");
  await eventually(() => daemon.counters.connecting_count === 0);
});

Deno.test("A client that goes without waiting leaves nothing behind but its plan", async () => {
  const clock = new FakeClock(nowMs);
  await using daemon = await startThriftDaemon({ clock, isShut: true });
  const client = await RawClient.connect(daemon.port);
  await client.send(toWire(createCall(1, "a", cmd), styles[0]));
  await client.send(toWire(call("ping", 2), styles[0]));
  await eventually(() => daemon.counters.requested_count === 1);
  client[Symbol.dispose]();
  daemon.letIn();
  await eventually(() => daemon.counters.connecting_count === 0);
  using other = await RawClient.connect(daemon.port);
  await other.send(toWire(call("getKeys", 3), styles[0]));
  await expectMessage(other, keysReply(3, ["a"]));
});

const deep = (levels: number): Value =>
  levels === 0
    ? { type: "bool", value: true }
    : { type: "struct", fields: [{ id: 9, value: deep(levels - 1) }] };

const badBytes: readonly [
  name: string,
  bytes: Uint8Array | string,
  reason: string,
][] = [
  ["noise", "deadbeef deadbeef", "the bytes are not Thrift"],
  ["zeros", "0000000000000000", "the bytes are not Thrift"],
  [
    "an HTTP request",
    "'GET /v1/ping HTTP/1.1' 0d0a 'Host: x' 0d0a0d0a",
    "the bytes are not Thrift",
  ],
  [
    "a TLS ClientHello",
    "16030100c8 010000c4 0303 00112233445566778899",
    "the bytes are not Thrift",
  ],
  ["an SSH greeting", "'SSH-2.0-x' 0d0a", "the bytes are not Thrift"],
  [
    "a string of 2 GiB",
    "80010001 00000003 'get' 00000001 0b0001 7fffffff",
    "a length is 2147483647",
  ],
  [
    "a map of a billion pairs",
    "80010001 00000003 'get' 00000001 0d0001 0b0b 3b9aca00",
    "a length is 1000000000",
  ],
  [
    "a message over 16 MiB",
    "80010001 00000003 'get' 00000001 0b0001 01000000",
    "the message is over 16777216 bytes",
  ],
  ["a frame of 17 MiB", "01100000 80", "a frame has 17825792 bytes"],
  [
    "a frame that is too short",
    "00000010 80010001 00000004 'ping' 00000001 00",
    "a frame holds no message of its length",
  ],
  [
    "a frame that is too long",
    "00000012 80010001 00000004 'ping' 00000001 0000",
    "a frame holds no message of its length",
  ],
  [
    "what is nested too deep",
    toWire(call("get", 1, [{ id: 9, value: deep(64) }]), styles[0]),
    "the message is nested over 64 deep",
  ],
];

for (const [name, bytes, reason] of badBytes) {
  Deno.test(`A connection that sends ${name} is closed, and others go on`, async () => {
    using log = captureLog();
    await using daemon = await startThriftDaemon();
    using good = await RawClient.connect(daemon.port);
    await expectPong(good);
    using bad = await RawClient.connect(daemon.port);
    await bad.send(bytes);
    assert.equal(await bad.end(), "");
    await expectPong(good);
    assert.equal(daemon.counters.connecting_count, 1);
    assert.deepEqual(
      log.lines.map((line) => line.replace(/127\.0\.0\.1:\d+/, "CLIENT")),
      [`warning: Closed the connection of CLIENT: ${reason}`],
    );
  });
}

const refusedMessages: readonly (readonly [
  name: string,
  bytes: string,
  reply: string,
])[] = [
  [
    "a reply",
    "80010002 00000004 'ping' 00000005 00",
    `80010003 00000004 'ping' 00000005
       0b 0001 00000018 'a message has the type 2'
       08 0002 00000002                    # invalid message type
       00`,
  ],
  [
    "an exception",
    "8261 05 04 'ping' 00",
    `8261 05 04 'ping' 18 18 'a message has the type 3' 15 04 00`,
  ],
  [
    "a map of something else than strings",
    "80010001 00000006 'create' 00000005 0d0009 0808 00000001 00000001 00000000 00",
    `80010003 00000006 'create' 00000005
       0b 0001 0000002f 'a map must be of strings, its types are 8 and 8'
       08 0002 00000007                    # protocol error
       00`,
  ],
  [
    "such a map in the compact protocol",
    "8221 05 06 'create' 9b 01 55 02 02 00",
    `8261 05 06 'create'
       18 2f 'a map must be of strings, its types are 8 and 8' 15 0e 00`,
  ],
];

for (const [name, bytes, reply] of refusedMessages) {
  Deno.test(`A connection that sends ${name} is told so, and goes on`, async () => {
    await using daemon = await startThriftDaemon();
    using client = await RawClient.connect(daemon.port);
    const { received, expected } = await client.exchange(bytes, reply);
    assert.equal(received, expected);
    const style = bytes.startsWith("82") ? styles[2] : styles[0];
    await expectPong(client, style);
  });
}

Deno.test("A connection that calls a method of a long name is told that there is none, and goes on", async () => {
  const name = "n".repeat(1000);
  for (const style of [styles[0], styles[2]]) {
    await using daemon = await startThriftDaemon();
    using client = await RawClient.connect(daemon.port);
    await client.send(toWire(call(name, 5), style));
    const fields = [
      { id: 1, value: text(`Unknown function ${name}`) },
      { id: 2, value: { type: "i32", value: 1n } as const },
    ];
    const reply = toWire({ name, type: 3, seqid: 5, fields }, style);
    assert.equal(await client.receive(reply.length), toHex(reply));
    await expectPong(client, style);
  }
});

Deno.test("A oneway call is passed over, which is told once, and the connection goes on", async () => {
  using log = captureLog();
  await using daemon = await startThriftDaemon();
  using client = await RawClient.connect(daemon.port);
  const oneway = "80010004 00000006 'remove' 00000005 00";
  await client.send(oneway);
  await client.send(oneway);
  await expectPong(client);
  assert.deepEqual(
    log.lines.map((line) => line.replace(/127\.0\.0\.1:\d+/, "CLIENT")),
    ["warning: Passed over oneway calls of CLIENT, which have no reply"],
  );
});

Deno.test("A connection that sent good messages before bad ones is closed as well", async () => {
  await using daemon = await startThriftDaemon();
  for (const style of styles) {
    using client = await RawClient.connect(daemon.port);
    await expectPong(client, style);
    await client.send("ffffffff ffffffff");
    assert.equal(await client.end(), "");
  }
});

Deno.test("A message that is nested as deep as may be is answered, whether its method is known or not", async () => {
  await using daemon = await startThriftDaemon();
  for (const style of styles) {
    using client = await RawClient.connect(daemon.port);
    const fields = [{ id: 9, value: deep(63) }];
    await client.send(toWire(call("ping", 1, fields), style));
    await expectMessage(client, pong(1), style);
    await client.send(toWire(call("pong", 2, fields), style));
    const refusal: Message = {
      name: "pong",
      type: 3,
      seqid: 2,
      fields: [
        { id: 1, value: text("Unknown function pong") },
        { id: 2, value: { type: "i32", value: 1n } },
      ],
    };
    await expectMessage(client, refusal, style);
  }
});

Deno.test("A connection that ends in the middle of a message is closed without a word", async () => {
  using log = captureLog();
  await using daemon = await startThriftDaemon();
  const message = toWire(createCall(1, "a", cmd), styles[0]);
  for (const count of [1, 5, 20, message.length - 1]) {
    using client = await RawClient.connect(daemon.port);
    await client.send(message.subarray(0, count));
    await client.closeWrite();
    assert.equal(await client.end(), "");
  }
  await eventually(() => daemon.counters.connecting_count === 0);
  assert.equal(daemon.counters.requested_count, 0);
  assert.deepEqual(log.lines, []);
});

Deno.test("Requests under way get their replies while the server shuts down", async () => {
  await using daemon = await startThriftDaemon({
    isShut: true,
    graceMs: 60_000,
  });
  using idle = await RawClient.connect(daemon.port);
  await expectPong(idle);
  using busy = await RawClient.connect(daemon.port);
  await busy.send(toWire(call("getKeys", 1), styles[0]));
  await eventually(() => daemon.counters.requesting_count === 1);
  let isStopped = false;
  const stopping = daemon.stop().then(() => isStopped = true);
  assert.equal(await idle.end(), "");
  await assert.rejects(RawClient.connect(daemon.port), {
    name: "ConnectionRefused",
  });
  assert.equal(isStopped, false);
  daemon.letIn();
  await expectMessage(busy, keysReply(1, []));
  assert.equal(await busy.end(), "");
  await stopping;
  assert.equal(daemon.counters.connecting_count, 0);
});

Deno.test("A shutdown does not wait longer than it may", async () => {
  using log = captureLog();
  await using daemon = await startThriftDaemon({ isShut: true, graceMs: 20 });
  using client = await RawClient.connect(daemon.port);
  await client.send(toWire(call("getKeys", 1), styles[0]));
  await eventually(() => daemon.counters.requesting_count === 1);
  await daemon.stop();
  assert.equal(await client.end(), "");
  assert.match(
    log.lines.at(-1) ?? "",
    /^info: Closed the connection of 127\.0\.0\.1:\d+: the daemon stops$/,
  );
  daemon.letIn();
});
