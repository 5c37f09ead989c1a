import assert from "node:assert/strict";
import { HttpServer } from "../../src/http/server.ts";
import { createCounters } from "../../src/telemetry/counters.ts";
import { eventually } from "../support/eventually.ts";
import { startApi } from "./api_client.ts";
import { exchange } from "./raw_http.ts";

const limits = {
  maxConnections: 100,
  maxHeadMs: 60_000,
  maxIdleMs: 60_000,
  maxStuckMs: 60_000,
};

Deno.test("HttpServer ends a connection whose head comes too slowly", async () => {
  const environment = { HTTP_HEAD_SECONDS: "0.2" };
  await using api = await startApi({ environment });
  const head = "GET /v1/ping HTTP/1.1\r\nHost: localhost\r\n";
  const { text, isClosed } = await exchange(api.httpPort, [head]);
  assert.equal(isClosed, true);
  assert.match(text, /^HTTP\/1.1 408 |^$/);
});

Deno.test("HttpServer ends a connection that is idle for too long", async () => {
  const environment = { HTTP_IDLE_SECONDS: "0.2" };
  await using api = await startApi({ environment });
  const head = "GET /v1/ping HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const { text, isClosed } = await exchange(api.httpPort, [head]);
  assert.equal(isClosed, true);
  assert.match(text, /^HTTP\/1.1 200 /);
});

Deno.test("HttpServer closes connections beyond the most there may be, and counts", async () => {
  const environment = { HTTP_MAX_CONNECTIONS: "3" };
  await using api = await startApi({ environment });
  const { httpPort: port } = api;
  const ping = "GET /v1/ping HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const open: Deno.Conn[] = [];
  const buffer = new Uint8Array(1000);
  for (let at = 0; at < 3; at++) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    open.push(connection);
    await connection.write(new TextEncoder().encode(ping));
    assert.ok(await connection.read(buffer));
  }
  const { text, isClosed } = await exchange(port, [ping]);
  assert.deepEqual([text, isClosed], ["", true]);
  for (const connection of open) connection.close();
  await eventually(async () => {
    try {
      return (await api.call("GET", "/v1/ping")).errcode === 0;
    } catch {
      return false;
    }
  });
});

Deno.test("HttpServer answers what is no HTTP with 400, and a head that is too long with 431", async () => {
  await using api = await startApi();
  const long = `GET / HTTP/1.1\r\nHost: localhost\r\nA: ${
    "a".repeat(70_000)
  }\r\n\r\n`;
  const sent = [
    ["\x00\x01\x02 nonsense\r\n\r\n", /^HTTP\/1.1 400 /],
    ["GET /v1/ping HTTP/1.1\r\nHost: a b\r\n\r\n", /^HTTP\/1.1 400 /],
    ["GET http://[/ HTTP/1.1\r\nHost: localhost\r\n\r\n", /^HTTP\/1.1 400 /],
    [
      "POST /v1/plan HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n" +
      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      /^HTTP\/1.1 400 /,
    ],
    [long, /^HTTP\/1.1 431 |^$/],
  ] as const;
  for (const [bytes, status] of sent) {
    const { text, isClosed } = await exchange(api.httpPort, [bytes]);
    assert.equal(isClosed, true, bytes.slice(0, 60));
    assert.match(text, status, bytes.slice(0, 60));
    assert.ok(!text.includes(" at "), text);
  }
  assert.equal((await api.call("GET", "/v1/ping")).errcode, 0);
});

Deno.test("HttpServer answers odd methods and targets with what HTTP has for them", async () => {
  await using api = await startApi();
  const sent = [
    ["TRACE /v1/plan", 405],
    ["OPTIONS *", 204],
    ["OPTIONS /v1/plan", 204],
    ["PATCH /v1/plan", 405],
    ["PROPFIND /v1/keys", 405],
    ["GET /../../etc/passwd", 404],
    ["GET /%ff%fe", 404],
    ["GET /v1/plan?key=%ff", 200],
    ["GET http://other:1/v1/ping", 200],
  ] as const;
  for (const [line, status] of sent) {
    const head =
      `${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    const { text } = await exchange(api.httpPort, [head]);
    assert.ok(text.startsWith(`HTTP/1.1 ${status} `), `${line}: ${text}`);
    if (status === 405) assert.match(text, /\r\nallow: .*OPTIONS\r\n/i);
  }
});

Deno.test("HttpServer answers HEAD as GET, without a body", async () => {
  await using api = await startApi();
  const { text } = await exchange(api.httpPort, [
    "HEAD /v1/ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
  ]);
  const [head, body] = text.split("\r\n\r\n");
  assert.match(head, /^HTTP\/1.1 200 OK\r\n/);
  assert.match(head, /\r\ncontent-length: 35\r\n/i);
  assert.match(head, /\r\ncontent-type: application\/json/i);
  assert.equal(body, "");
});

Deno.test("HttpServer refuses bodies that are too long or too slow", async () => {
  const environment = { HTTP_BODY_BYTES: "1024", MESSAGE_SECONDS: "0.3" };
  await using api = await startApi({ environment });
  const head = "POST /v1/plan HTTP/1.1\r\nHost: localhost\r\n";
  const announced = await exchange(api.httpPort, [
    `${head}Content-Length: 1025\r\n\r\n`,
  ]);
  assert.match(announced.text, /^HTTP\/1.1 413 [^]*at most 1024 bytes/);
  const chunk = `400\r\n${" ".repeat(1024)}\r\n`;
  const chunked = await exchange(api.httpPort, [
    `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`,
  ]);
  assert.match(chunked.text, /^HTTP\/1.1 413 /);
  const slow = await exchange(api.httpPort, [
    `${head}Content-Length: 100\r\n\r\n{`,
  ]);
  assert.match(slow.text, /^HTTP\/1.1 408 [^]*too slowly/);
  assert.equal(slow.isClosed, true);
});

Deno.test("HttpServer answers requests that share a connection in their order", async () => {
  await using api = await startApi();
  const get = (path: string, end = "") =>
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${end}\r\n`;
  const { text } = await exchange(api.httpPort, [
    get("/v1/ping") + get("/nothing") +
    get("/v1/keys", "Connection: close\r\n"),
  ]);
  const statuses = [...text.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, it]) => it);
  assert.deepEqual(statuses, ["200", "404", "200"]);
});

Deno.test("stop() lets requests that came get their replies, and no more", async () => {
  const came = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const server = new HttpServer({
    limits,
    counters: createCounters(),
    async fetch() {
      came.resolve();
      await go.promise;
      return new Response("done");
    },
  });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  const reply = fetch(`http://127.0.0.1:${port}/`).then((it) => it.text());
  await came.promise;
  const stopped = server.stop(60_000);
  await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port }));
  go.resolve();
  assert.equal(await reply, "done");
  await stopped;
});

Deno.test("stop() waits for the grace period at the most, and aborts what is left", async () => {
  const aborted = Promise.withResolvers<void>();
  const came = Promise.withResolvers<void>();
  const server = new HttpServer({
    limits,
    counters: createCounters(),
    async fetch({ signal }) {
      signal.addEventListener("abort", () => aborted.resolve());
      came.resolve();
      await aborted.promise;
      return new Response("late");
    },
  });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  const reply = fetch(`http://127.0.0.1:${port}/`).then((it) => it.text());
  const failed = assert.rejects(reply);
  await came.promise;
  await server.stop(50);
  await aborted.promise;
  await failed;
});

Deno.test("HttpServer tells in one line why it can't listen", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const flags = { http: `127.0.0.1:${taken.addr.port}` };
  await assert.rejects(
    async () => {
      await using _api = await startApi({ flags });
    },
    (error: Error) => {
      assert.match(error.message, /^Cannot serve HTTP on 127.0.0.1:\d+: .+$/);
      return true;
    },
  );
});
