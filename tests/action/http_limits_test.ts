import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { deliver, execute, failedForNow, http } from "./http_actions.ts";
import { FullServer } from "./full_server.ts";
import { hangup, RawServer, write } from "./raw_server.ts";
import { SingleServer } from "./single_server.ts";

const okReply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("action http fails for now when no connection is made in time", async () => {
  using server = await FullServer.create();
  const start = performance.now();
  const result = await deliver({
    url: `http://${server.address}/`,
    connect_timeout: "0.4",
  });
  const tookMs = performance.now() - start;
  deepStrictEqual(
    result,
    failedForNow(`no connection to ${server.address} within 0.4 s`),
  );
  ok(tookMs > 390 && tookMs < 5000, `${tookMs} ms`);
});

Deno.test("action http takes the default time to connect where the plan has none", async () => {
  using server = await FullServer.create();
  const url = `http://${server.address}/`;
  deepStrictEqual(
    await deliver({ url }, { connectTimeoutMs: 100 }),
    failedForNow(`no connection to ${server.address} within 0.1 s`),
  );
});

Deno.test("action http finds the connection missing also when the host is a name", async () => {
  using server = await FullServer.create();
  const address = server.address.replace("127.0.0.1", "localhost");
  deepStrictEqual(
    await deliver({ url: `http://${address}/`, connect_timeout: "0.4" }),
    failedForNow(`no connection to ${address} within 0.4 s`),
  );
});

Deno.test("action http leaves no attempt to connect behind when it is disposed", async () => {
  using server = await FullServer.create();
  const action = http({ connectTimeoutMs: 100 });
  const abort = new AbortController();
  const url = `http://${server.address}/`;
  const running = execute(action, { url }, abort.signal);
  await pause(75);
  abort.abort();
  deepStrictEqual(await running, failedForNow("given up"));
  await action[Symbol.asyncDispose]();
});

Deno.test("action http waits for a slow reply longer than for a connection", async () => {
  await using server = new RawServer(async (connection) => {
    await pause(300);
    await write(connection, okReply);
  });
  const params = { url: server.origin, connect_timeout: "0.1" };
  strictEqual((await deliver(params)).kind, "succeeded");
});

Deno.test("action http tries once for all who wait for the same server", async () => {
  await using server = new RawServer(async (connection) => {
    await pause(300);
    await write(connection, okReply);
  });
  await using action = http({ connectTimeoutMs: 100 });
  const results = await Promise.all(
    Array.from({ length: 20 }, () => execute(action, { url: server.origin })),
  );
  strictEqual(results.filter(({ kind }) => kind === "succeeded").length, 20);
  ok(server.accepted > 20, "no other connection was tried");
  ok(server.accepted < 30, `${server.accepted} connections`);
});

Deno.test("action http waits for a server that takes requests one by one and whose queue is full", async () => {
  await using server = new SingleServer(() => pause(300));
  await using action = http({ connectTimeoutMs: 200 });
  const results = await Promise.all(
    Array.from({ length: 10 }, () => execute(action, { url: server.origin })),
  );
  strictEqual(results.filter(({ kind }) => kind === "succeeded").length, 10);
  strictEqual(server.served, 10);
});

Deno.test("action http waits for the reply of a server that stops listening", async () => {
  await using server = new RawServer(async (connection) => {
    server.stopListening();
    await pause(300);
    await write(connection, okReply);
  });
  const params = { url: server.origin, connect_timeout: "0.1" };
  strictEqual((await deliver(params)).kind, "succeeded");
});

Deno.test("action http fails for now when no reply comes in time", async () => {
  await using server = new RawServer(hangup);
  const address = server.origin.slice("http://".length);
  const expected = (seconds: string) =>
    failedForNow(`no reply from ${address} within ${seconds} s`);
  const url = server.origin;
  deepStrictEqual(
    await deliver({ url, request_timeout: "0.2" }),
    expected("0.2"),
  );
  deepStrictEqual(
    await deliver({ url }, { requestTimeoutMs: 100 }),
    expected("0.1"),
  );
});

Deno.test("action http fails for now when the head of the reply drips", async () => {
  await using server = new RawServer(async (connection) => {
    await write(connection, "HTTP/1.1 200 OK\r\nA: ");
    for (;;) {
      await pause(10);
      await write(connection, "b");
    }
  });
  const address = server.origin.slice("http://".length);
  deepStrictEqual(
    await deliver({ url: server.origin, request_timeout: "0.2" }),
    failedForNow(`no reply from ${address} within 0.2 s`),
  );
});

Deno.test("action http counts redirections into the time for the request", async () => {
  await using server = new RawServer(async (connection) => {
    await pause(60);
    await write(
      connection,
      "HTTP/1.1 302 \r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
    );
  });
  const address = server.origin.slice("http://".length);
  deepStrictEqual(
    await deliver({ url: server.origin, request_timeout: "0.2" }),
    failedForNow(`no reply from ${address} within 0.2 s`),
  );
});

Deno.test("action http ends a body at the time for the request", async () => {
  await using server = new RawServer(async (connection) => {
    await write(connection, "HTTP/1.1 200 OK\r\n\r\nab");
    await hangup(connection);
  });
  const start = performance.now();
  const params = { url: server.origin, request_timeout: "0.2" };
  deepStrictEqual(await deliver(params), {
    kind: "succeeded",
    detail: "HTTP 200 OK: ab",
  });
  ok(performance.now() - start < 900);
});
