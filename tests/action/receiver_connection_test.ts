import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ReceiverConnection } from "../../src/action/receiver_connection.ts";
import { TimerLists } from "../../src/action/timer_lists.ts";
import { encode } from "../thrift/encode.ts";
import { eventually } from "../support/eventually.ts";
import { RawServer, receive, send } from "../thrift/raw_server.ts";

const call = { key: "k", second: 1, params: {} };
/** Of that call. */
const callBytes = 4 + 4 + 11 + 4 + (3 + 5) + (3 + 4) + (3 + 6) + 1;

function reply(id: number): Uint8Array {
  const message = { name: "forsun_call", type: 2, seqid: id, fields: [] };
  return encode({ ...message, type: 2 }, "binary");
}

async function connect(
  { port }: RawServer,
  timers: TimerLists,
): Promise<ReceiverConnection> {
  return await ReceiverConnection.open({
    address: { host: "127.0.0.1", port },
    connectTimeoutMs: 20_000,
    timers,
    onChange: () => {},
  });
}

Deno.test("call() is answered by its own reply, in whatever order they come", async () => {
  await using server = new RawServer(async (socket) => {
    await receive(socket, 10 * callBytes);
    for (let id = 10; id > 0; id--) await send(socket, reply(id));
  });
  using timers = new TimerLists();
  const connection = await connect(server, timers);
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      strictEqual(await connection.call(call, 20_000), undefined);
      order.push(index);
    }),
  );
  deepStrictEqual(order, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  connection.close();
});

Deno.test("room is for one call until replies are quick, then for many", async () => {
  await using server = new RawServer(async (socket) => {
    const bytes = new Uint8Array(callBytes);
    for (let id = 1; await socket.read(bytes) !== null; id++) {
      await send(socket, reply(id));
    }
  });
  using timers = new TimerLists();
  const connection = await connect(server, timers);
  strictEqual(connection.room, 1);
  strictEqual(connection.isProven, false);
  await eventually(async () => {
    const answered = connection.call(call, 20_000);
    strictEqual(connection.room === 0 || connection.room === 63, true);
    await answered;
    return connection.room === 64;
  });
  strictEqual(connection.isProven, true);
  connection.close();
  strictEqual(connection.room, 0);
});

Deno.test("room is for one call while replies are slow", async () => {
  await using server = new RawServer(async (socket) => {
    for (let id = 1; id <= 3; id++) {
      await receive(socket, callBytes);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await send(socket, reply(id));
    }
  });
  using timers = new TimerLists();
  const connection = await connect(server, timers);
  for (let turn = 0; turn < 3; turn++) {
    const answered = connection.call(call, 20_000);
    strictEqual(connection.room, 0);
    await answered;
    strictEqual(connection.room, 1);
  }
  connection.close();
});
