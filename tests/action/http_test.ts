import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  deliver,
  execute,
  failedForGood,
  failedForNow,
  http,
} from "./http_actions.ts";
import { hangup, RawServer, write } from "./raw_server.ts";

const okReply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

function answering(reply: string): RawServer {
  return new RawServer((connection) => write(connection, reply));
}

Deno.test("action http sends what the plan says and which execution it is", async () => {
  await using server = answering(okReply);
  const result = await deliver({
    url: `${server.origin}/a?b=c`,
    method: "post",
    body: "x=é",
    "header_X-Mine": "ü",
    header_Host: "other.example",
    auth_username: "u",
    auth_password: "p",
  });
  deepStrictEqual(result, { kind: "succeeded", detail: "HTTP 200 OK: ok" });
  const [head, body] = server.requests[0].split("\r\n\r\n");
  const [line, ...headers] = head.split("\r\n");
  strictEqual(line, "POST /a?b=c HTTP/1.1");
  strictEqual(body, "x=\xc3\xa9");
  const expected = [
    "authorization: Basic dTpw",
    "content-length: 4",
    "content-type: application/x-www-form-urlencoded",
    "host: other.example",
    "user-agent: forsun-test/1",
    "x-forsun-attempt: 2",
    "x-forsun-key: order:1",
    "x-forsun-timestamp: 1700000000",
    "x-mine: \xc3\xbc",
  ];
  const sent = headers.filter((header) => !header.startsWith("accept"));
  deepStrictEqual(sent.sort(), expected);
});

Deno.test("action http sends an empty body with a post that has none", async () => {
  await using server = answering(okReply);
  await deliver({ url: server.origin, method: "post" });
  match(server.requests[0], /\r\ncontent-length: 0\r\n/);
});

Deno.test("action http sends bodies of megabytes", async () => {
  let length = 0;
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      length = (await request.bytes()).length;
      return new Response();
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const body = "x".repeat(20_000_000);
  strictEqual((await deliver({ url, method: "put", body })).kind, "succeeded");
  strictEqual(length, body.length);
});

Deno.test("action http keeps connections for the next request", async () => {
  await using server = new RawServer(async (connection) => {
    const buffer = new Uint8Array(4096);
    do await write(connection, okReply); while (
      await connection.read(buffer) !== null
    );
  });
  await using action = http();
  for (let i = 0; i < 20; i++) await execute(action, { url: server.origin });
  strictEqual(server.accepted, 1);
});

Deno.test("action http goes straight to the server whatever HTTP_PROXY says", async () => {
  await using proxy = answering(okReply);
  await using server = answering(okReply);
  Deno.env.set("HTTP_PROXY", proxy.origin);
  Deno.env.set("http_proxy", proxy.origin);
  try {
    strictEqual((await deliver({ url: server.origin })).kind, "succeeded");
    strictEqual(Deno.env.get("HTTP_PROXY"), proxy.origin);
  } finally {
    Deno.env.delete("HTTP_PROXY");
    Deno.env.delete("http_proxy");
  }
  deepStrictEqual([proxy.accepted, server.accepted], [0, 1]);
});

Deno.test("action http accepts no cookies", async () => {
  const reply =
    "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n";
  await using server = answering(reply);
  await using action = http();
  for (let i = 0; i < 2; i++) await execute(action, { url: server.origin });
  ok(!/cookie/i.test(server.requests[1]));
});

const outcomes = [
  [200, "succeeded"],
  [204, "succeeded"],
  [299, "succeeded"],
  [304, "succeeded"],
  [400, "for good"],
  [401, "for good"],
  [404, "for good"],
  [408, "for now"],
  [410, "for good"],
  [422, "for good"],
  [429, "for now"],
  [499, "for good"],
  [500, "for now"],
  [501, "for now"],
  [503, "for now"],
  [599, "for now"],
] as const;

for (const [status, outcome] of outcomes) {
  Deno.test(`action http takes status ${status} as ${outcome}`, async () => {
    await using server = answering(
      `HTTP/1.1 ${status} \r\nContent-Length: 0\r\n\r\n`,
    );
    const result = await deliver({ url: server.origin });
    match(result.detail, new RegExp(`^HTTP ${status}`));
    strictEqual(
      result.kind === "succeeded"
        ? "succeeded"
        : result.retryable
        ? "for now"
        : "for good",
      outcome,
    );
  });
}

for (const status of [408, 429, 503]) {
  Deno.test(`action http passes on Retry-After with status ${status}`, async () => {
    const of = (wish: string) =>
      answering(
        `HTTP/1.1 ${status} \r\nRetry-After: ${wish}\r\nContent-Length: 0\r\n\r\n`,
      );
    const wishes = [["7", 7], ["Sun, 06 Nov 1994 08:49:37 GMT", 7], [
      "?",
      undefined,
    ]];
    for (const [wish, seconds] of wishes) {
      await using server = of(String(wish));
      const result = await deliver({ url: server.origin });
      strictEqual(
        result.kind === "failed" && result.retryAfterSeconds,
        seconds,
      );
    }
  });
}

Deno.test("action http keeps the status and the beginning of the body", async () => {
  const body = `${"€".repeat(20_000)}end`;
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(body, { status: 503 }),
  );
  const { detail } = await deliver({
    url: `http://127.0.0.1:${server.addr.port}`,
  });
  const status = "HTTP 503 Service Unavailable: ";
  const euros = Math.floor((4096 - status.length) / 3);
  strictEqual(detail, status + "€".repeat(euros));
});

Deno.test("action http reads compressed bodies", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => {
      const packed = new Blob(["hello ".repeat(100)]).stream()
        .pipeThrough(new CompressionStream("gzip"));
      return new Response(packed, { headers: { "content-encoding": "gzip" } });
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  match((await deliver({ url })).detail, /^HTTP 200 OK: hello hello /);
});

Deno.test("action http doesn't unpack what grows beyond measure", async () => {
  const packed = await new Response(
    new Blob(Array.from({ length: 60 }, () => "x".repeat(1_000_000))).stream()
      .pipeThrough(new CompressionStream("gzip")),
  ).bytes();
  strictEqual(packed.length < 65_536, true);
  const head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" +
    `Content-Length: ${packed.length}\r\n\r\n`;
  await using server = new RawServer(async (connection) => {
    await write(connection, head);
    await connection.write(packed);
    await hangup(connection);
  });
  const before = Deno.memoryUsage().rss;
  let max = 0;
  const watch = setInterval(
    () => max = Math.max(max, Deno.memoryUsage().rss),
    1,
  );
  const { detail } = await deliver({ url: server.origin });
  clearInterval(watch);
  const grown = Math.max(max, Deno.memoryUsage().rss) - before;
  strictEqual(detail, `HTTP 200 OK: ${"x".repeat(4096 - 13)}`);
  ok(grown < 30_000_000, `grew by ${grown} bytes`);
});

Deno.test("action http fails for now when nobody listens", async () => {
  const server = answering(okReply);
  await server[Symbol.asyncDispose]();
  const address = server.origin.slice("http://".length);
  const result = await deliver({ url: `${server.origin}/?token=hunter2` });
  strictEqual(result.kind === "failed" && result.retryable, true);
  ok(result.detail.startsWith(`no connection to ${address}: `), result.detail);
  ok(result.detail.includes("Connection refused"));
  ok(!result.detail.includes("hunter2"));
});

Deno.test("action http fails for now when the name can't be resolved", async () => {
  const result = await deliver({ url: "http://u:hunter2@none.invalid/" });
  strictEqual(result.kind === "failed" && result.retryable, true);
  match(result.detail, /^no connection to none\.invalid:80: dns error/);
});

Deno.test("action http fails for now when TLS meets plain HTTP", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(),
  );
  const url = `https://127.0.0.1:${server.addr.port}`;
  const result = await deliver({ url });
  strictEqual(result.kind === "failed" && result.retryable, true);
  match(result.detail, /^no connection to 127\.0\.0\.1:\d+: /);
});

const brokenReplies = {
  "nothing": "",
  "half a status line": "HTTP/1.",
  "half a head": "HTTP/1.1 200 OK\r\nContent-Le",
  "garbage": "SSH-2.0-OpenSSH_9.2\r\n\r\n",
};

for (const [what, reply] of Object.entries(brokenReplies)) {
  Deno.test(`action http fails for now when the server sends ${what}`, async () => {
    await using server = answering(reply);
    const result = await deliver({ url: `${server.origin}/?token=hunter2` });
    strictEqual(result.kind === "failed" && result.retryable, true);
    match(result.detail, /^no reply from 127\.0\.0\.1:\d+: /);
    ok(!result.detail.includes("hunter2"));
  });
}

const brokenBodies = {
  "breaks off": "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok",
  "is no chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  "is no gzip":
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
};

for (const [what, reply] of Object.entries(brokenBodies)) {
  Deno.test(`action http goes by the status when the body ${what}`, async () => {
    await using server = answering(reply);
    deepStrictEqual(await deliver({ url: server.origin }), {
      kind: "succeeded",
      detail: "HTTP 200 OK",
    });
  });
}

Deno.test("action http doesn't read endless bodies to their end", async () => {
  let sent = 0;
  await using server = new RawServer(async (connection) => {
    await write(connection, "HTTP/1.1 200 OK\r\n\r\n");
    for (;;) {
      await write(connection, "x".repeat(10_000));
      sent += 10_000;
    }
  });
  const { kind, detail } = await deliver({ url: server.origin });
  strictEqual(kind, "succeeded");
  strictEqual(detail, `HTTP 200 OK: ${"x".repeat(4096 - 13)}`);
  ok(sent < 50_000_000);
});

Deno.test("action http waits a second at the most for a body that drips", async () => {
  await using server = new RawServer(async (connection) => {
    await write(connection, "HTTP/1.1 500 Oh\r\n\r\nab");
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await write(connection, "c");
    }
  });
  const start = performance.now();
  const result = await deliver({ url: server.origin });
  const tookMs = performance.now() - start;
  strictEqual(result.kind === "failed" && result.retryable, true);
  match(result.detail, /^HTTP 500 Internal Server Error: abc+$/);
  ok(tookMs > 900 && tookMs < 5000, `${tookMs} ms`);
});

Deno.test("action http fails for good with params that check() refuses", async () => {
  deepStrictEqual(
    await deliver({ url: "nonsense" }),
    failedForGood(
      'Param "url" of action "http" must be an http or https URL, got "nonsense"',
    ),
  );
});

Deno.test("action http gives up when its signal aborts", async () => {
  const arrived = Promise.withResolvers<void>();
  await using server = new RawServer((connection) => {
    arrived.resolve();
    return hangup(connection);
  });
  await using action = http();
  const abort = new AbortController();
  const running = execute(action, { url: server.origin }, abort.signal);
  await arrived.promise;
  abort.abort();
  deepStrictEqual(await running, failedForNow("given up"));
  deepStrictEqual(
    await execute(action, { url: server.origin }, abort.signal),
    failedForNow("given up"),
  );
});

Deno.test("destination() is the server that a URL leads to", async () => {
  await using action = http();
  const of = (url: string) => action.destination({ url });
  strictEqual(of("http://u:p@A.example:80/b?c"), "http://a.example");
  strictEqual(of("https://a.example:8443/"), "https://a.example:8443");
  strictEqual(of("nonsense"), "");
});
