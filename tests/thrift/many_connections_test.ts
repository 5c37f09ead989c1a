import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { expectPong } from "./messages.ts";
import { RawClient } from "./raw_client.ts";
import { startServerProcess } from "./server_process.ts";

Deno.test("The server outlives that there are no file descriptors left, and then goes on accepting", async () => {
  await using server = await startServerProcess([
    "sh",
    "-c",
    'ulimit -n 64; exec "$@"',
    "sh",
  ]);
  using first = await RawClient.connect(server.port);
  await expectPong(first);
  using others = new DisposableStack();
  const clients: RawClient[] = [];
  for (let count = 0; count < 60; count++) {
    clients.push(others.use(await RawClient.connect(server.port)));
  }
  const line =
    "Cannot accept a connection: Error: Too many open files (os error 24)\n";
  await eventually(() => server.log().includes(line));
  await expectPong(first);
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(server.log().split(line).length, 2, "It is logged once");
  for (const client of clients.splice(0, 40)) client[Symbol.dispose]();
  for (const client of clients) await expectPong(client);
  await expectPong(first);
});

Deno.test("The server answers a thousand connections at a time", async () => {
  await using server = await startServerProcess();
  using stack = new DisposableStack();
  const clients: RawClient[] = [];
  for (let count = 0; count < 1000; count++) {
    clients.push(stack.use(await RawClient.connect(server.port)));
  }
  await Promise.all(clients.map((client) => expectPong(client)));
  assert.equal(clients.length, 1000);
});
