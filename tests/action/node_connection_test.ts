import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { NodeConnection } from "../../src/action/node_connection.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/server_program.ts";
import { RawServer, send } from "../thrift/raw_server.ts";
import { FullServer } from "./full_server.ts";
import { openDescriptors } from "./processes.ts";

function open(port: number, timeoutMs = 20_000): Promise<NodeConnection> {
  return NodeConnection.open({ host: "127.0.0.1", port, timeoutMs });
}

Deno.test("NodeConnection passes all bytes on in their order, both ways", async () => {
  const sent = Uint8Array.from({ length: 1_000_000 }, (_, at) => at % 251);
  await using server = new RawServer(async (socket) => {
    const got = new Uint8Array(sent.length);
    for (let at = 0; at < got.length;) {
      at += await socket.read(got.subarray(at)) ?? NaN;
    }
    await send(socket, got);
  });
  const connection = await open(server.port);
  strictEqual(await connection.write(sent), sent.length);
  const got = new Uint8Array(sent.length);
  let at = 0;
  while (at < got.length) {
    at += await connection.read(got.subarray(at, at + 70_000)) ?? NaN;
  }
  strictEqual(await connection.read(got), null);
  connection.close();
  deepStrictEqual(got, sent);
});

Deno.test("NodeConnection has the other side wait for who doesn't read", async () => {
  let sent = 0;
  await using server = new RawServer(async (socket, over) => {
    const chunk = new Uint8Array(65_536);
    const flood = async () => {
      for (;;) sent += await socket.write(chunk);
    };
    await Promise.race([flood().catch(() => {}), over]);
  });
  const connection = await open(server.port);
  let before = -1;
  await eventually(async () => {
    const stalled = sent > 0 && sent === before;
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return stalled;
  });
  const stalledAt = sent;
  const buffer = new Uint8Array(65_536);
  for (let read = 0; read <= stalledAt;) {
    read += await connection.read(buffer) ?? NaN;
  }
  connection.close();
});

Deno.test("NodeConnection is gone when it is closed, though a read is pending and the server holds on", async () => {
  await using server = new RawServer((_, over) => over);
  const before = await openDescriptors();
  for (let index = 0; index < 20; index++) {
    const connection = await open(server.port);
    const reading = connection.read(new Uint8Array(1));
    connection.close();
    strictEqual(await reading, null);
  }
  await eventually(async () => await openDescriptors() - before <= 20 + 5);
});

Deno.test("NodeConnection rejects when there is no connection, or none in time", async () => {
  await rejects(open(freePort()), { code: "ECONNREFUSED" });
  using full = await FullServer.create();
  const port = Number(full.address.split(":")[1]);
  await rejects(open(port, 200), Deno.errors.TimedOut);
});
