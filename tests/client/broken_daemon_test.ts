import assert from "node:assert/strict";
import { ForsunClient } from "../../mod.ts";
import type { Message } from "../thrift/any_message.ts";
import { encode } from "../thrift/encode.ts";
import { pong } from "../thrift/messages.ts";
import { RawServer, receive, send } from "../thrift/raw_server.ts";

/** A reply to the first getKeys of a connection: a list of numbers. */
const numbers: Message = {
  name: "getKeys",
  type: 2,
  seqid: 1,
  fields: [{
    id: 0,
    value: { type: "list", of: "i32", values: [{ type: "i32", value: 1n }] },
  }],
};

/** What an old daemon says to a method that it doesn't have. */
const unknownMethod: Message = {
  name: "getKeys",
  type: 3,
  seqid: 1,
  fields: [{
    id: 1,
    value: {
      type: "string",
      value: new TextEncoder().encode("no such method"),
    },
  }],
};

/** A server that answers the first request of each connection like that. */
function answering(message: Message): RawServer {
  return new RawServer(async (socket, over) => {
    await receive(socket, 1);
    await send(socket, encode(message, "binary"));
    await over;
  });
}

Deno.test("ForsunClient loses no call to an answer that can't be read", async () => {
  await using server = answering(numbers);
  using forsun = new ForsunClient({ port: server.port });
  await assert.rejects(forsun.keys(), {
    code: "connection",
    message:
      /^The connection to the daemon was lost: its answer makes no sense: /,
  });
});

Deno.test("ForsunClient loses no call to an answer that nobody asked for", async () => {
  await using server = answering(pong(7));
  using forsun = new ForsunClient({ port: server.port });
  await assert.rejects(forsun.keys(), {
    code: "connection",
    message: /: its answer makes no sense: nobody asked for ping 7$/,
  });
});

Deno.test("ForsunClient rejects with error 1001 where the daemon has no answer", async () => {
  await using server = answering(unknownMethod);
  using forsun = new ForsunClient({ port: server.port });
  await assert.rejects(forsun.keys(), {
    name: "ForsunError",
    code: 1001,
    message: "no such method",
  });
});

Deno.test("ForsunClient tries to connect for as long as it may, not twice", async () => {
  let accepted = 0;
  await using server = new RawServer(() => {
    accepted++;
    return Promise.resolve();
  });
  using forsun = new ForsunClient({
    port: server.port,
    token: "t",
    connectTimeoutMs: 200,
  });
  await assert.rejects(forsun.ping(), { code: "connection" });
  // At 0, 50 and 150 ms at the earliest.
  assert(accepted <= 3, `${accepted} attempts`);
});

Deno.test("ForsunClient ends at once what waits for a connection when it is closed", async () => {
  await using server = new RawServer((_socket, over) => over);
  const { port } = server;
  using forsun = new ForsunClient({
    port,
    tls: {},
    connections: 20,
    connectTimeoutMs: 5000,
  });
  const calls = Array.from({ length: 40 }, () => forsun.ping());
  const ended = Promise.allSettled(calls);
  forsun.close();
  for (const one of await ended) {
    assert(one.status === "rejected");
    assert.equal(one.reason.code, "closed");
  }
});
