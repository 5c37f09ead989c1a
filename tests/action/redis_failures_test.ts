import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { hasRedis, startRedis } from "../support/redis_server.ts";
import { freePort } from "../support/server_program.ts";
import { eventually } from "../support/eventually.ts";
import { RawServer, receive, send } from "../thrift/raw_server.ts";
import { FullServer } from "./full_server.ts";
import { failedForGood, failedForNow } from "./http_actions.ts";
import { hangup } from "./raw_server.ts";
import { executeOn, redis, succeeded } from "./redis_actions.ts";

const ignore = !hasRedis;

/** A server that greets like Redis, and then has each request followed by `bytes`. */
function fakeRedis(bytes: string, isLast = false): RawServer {
  return new RawServer(async (socket, over) => {
    const buffer = new Uint8Array(65_536);
    let reply = "+OK\r\n";
    for (;;) {
      const read = await Promise.race([socket.read(buffer), over]);
      if (typeof read !== "number") return;
      await send(socket, new TextEncoder().encode(reply));
      if (isLast && reply === bytes) return;
      reply = bytes;
    }
  });
}

Deno.test("action redis fails for now when nobody listens, or no name resolves", async () => {
  await using action = redis();
  const port = freePort();
  const execute = executeOn(action, { port });
  deepStrictEqual(
    await execute("PING"),
    failedForNow(`no connection to 127.0.0.1:${port}: connection refused`),
  );
  deepStrictEqual(
    await execute("PING", { host: "cache.invalid" }),
    failedForNow(
      `no connection to cache.invalid:${port}: the host's name does not resolve`,
    ),
  );
});

Deno.test("action redis fails for now when no connection is made in time", async () => {
  using server = await FullServer.create();
  const port = Number(server.address.split(":")[1]);
  await using action = redis({ connectTimeoutMs: 300 });
  const execute = executeOn(action, { port });
  const expected = failedForNow(
    `no connection to ${server.address} within 0.3 s`,
  );
  deepStrictEqual(await execute("PING"), expected);
});

Deno.test({
  name:
    "action redis fails for now when a server hangs, and goes on when it does",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis({ connectTimeoutMs: 600, replyTimeoutMs: 1000 });
    const execute = executeOn(action, server);
    deepStrictEqual(await execute("SET a 1"), succeeded("OK"));
    server.send("SIGSTOP");
    const address = `127.0.0.1:${server.port}`;
    deepStrictEqual(
      await Promise.all([execute("GET a"), execute("GET a")]),
      Array(2).fill(failedForNow(`no reply from ${address} within 1 s`)),
    );
    deepStrictEqual(
      await execute("GET a"),
      failedForNow(`no reply from ${address} within 0.6 s`),
    );
    server.send("SIGCONT");
    await eventually(async () => (await execute("GET a")).kind === "succeeded");
  },
});

Deno.test("action redis gives those a result whose reply was there before a server hung", async () => {
  const silence = new RawServer(async (socket, over) => {
    const buffer = new Uint8Array(65_536);
    await socket.read(buffer);
    await send(socket, new TextEncoder().encode("+OK\r\n"));
    await socket.read(buffer);
    await send(socket, new TextEncoder().encode(":1\r\n:2\r\n:3\r\n$2"));
    await over;
  });
  await using server = silence;
  await using action = redis({ replyTimeoutMs: 1500 });
  const execute = executeOn(action, server);
  const commands = ["INCR a", "INCR a", "INCR a; INCR a"];
  deepStrictEqual(await Promise.all(commands.map((it) => execute(it))), [
    succeeded("1"),
    succeeded("2"),
    failedForNow(`no reply from 127.0.0.1:${server.port} within 1.5 s`),
  ]);
});

Deno.test("action redis waits as long as a plan says", async () => {
  await using server = new RawServer(async (socket, over) => {
    await socket.read(new Uint8Array(65_536));
    await send(socket, new TextEncoder().encode("+OK\r\n"));
    await over;
  });
  await using action = redis();
  deepStrictEqual(
    await executeOn(action, server)("GET a", { reply_timeout: "0.2" }),
    failedForNow(`no reply from 127.0.0.1:${server.port} within 0.2 s`),
  );
});

Deno.test("action redis fails for now when the connection breaks in the middle of a reply", async () => {
  await using server = fakeRedis("$5\r\nab", true);
  await using action = redis();
  const execute = executeOn(action, server);
  const lost = failedForNow(`connection to 127.0.0.1:${server.port} lost`);
  deepStrictEqual(await execute("GET a"), lost);
  deepStrictEqual(await execute("GET a"), lost);
});

Deno.test("action redis fails when what replies is no Redis", async () => {
  await using server = fakeRedis("HTTP/1.1 400 Bad Request\r\n\r\n");
  await using action = redis();
  const result = await executeOn(action, server)("GET a");
  match(
    result.detail,
    /^connection to 127.0.0.1:\d+ lost: .*unexpected|Protocol/i,
  );
});

Deno.test({
  name:
    "action redis fails for now at a reply that is nested too deeply to be read",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis();
    const execute = executeOn(action, server);
    const nested = (depth: number) =>
      execute(
        `EVAL 'local t={} for i=1,${depth} do t={t} end return t' 0`,
      );
    deepStrictEqual(await execute("SET a 1"), succeeded("OK"));
    const results = await Promise.all([
      execute("GET a"),
      nested(7000),
      execute("GET a"),
    ]);
    deepStrictEqual(results[0], succeeded("1"));
    for (const result of results.slice(1)) {
      strictEqual(result.kind === "failed" && result.retryable, true);
      match(
        result.detail,
        /^connection to 127\.0\.0\.1:\d+ lost: Maximum call/,
      );
    }
    deepStrictEqual(await execute("GET a"), succeeded("1"));
    const { detail } = await nested(500);
    strictEqual(detail, `${"[".repeat(20)}[…]${"]".repeat(20)}`);
  },
});

Deno.test("action redis fails for now at a first reply that can't be read", async () => {
  await using server = new RawServer(async (socket, over) => {
    await receive(socket, 1);
    await send(socket, new TextEncoder().encode("*1\r\n".repeat(20_000)));
    await Promise.race([over, hangup(socket)]);
  });
  await using action = redis();
  const result = await executeOn(action, server)("GET a");
  strictEqual(result.kind === "failed" && result.retryable, true);
  match(result.detail, /^no connection to 127\.0\.0\.1:\d+: /);
});

Deno.test("action redis tells errors that pass from those that don't", async () => {
  const passing = [
    "LOADING Redis is loading the dataset in memory",
    "BUSY Redis is busy running a script.",
    "CLUSTERDOWN The cluster is down",
    "TRYAGAIN Multiple keys request during rehashing of slot",
    "MASTERDOWN Link with MASTER is down",
    "READONLY You can't write against a read only replica.",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "MISCONF Redis is configured to save RDB snapshots",
    "NOREPLICAS Not enough good replicas to write.",
    "ERR max number of clients reached",
  ];
  const lasting = [
    "ERR syntax error",
    "WRONGTYPE Operation against a key holding the wrong kind of value",
    "NOSCRIPT No matching script.",
    "BUSYKEY Target key name already exists.",
    "BUSYGROUP Consumer Group name already exists",
    "MOVED 3999 127.0.0.1:6381",
    "NOPERM this user has no permissions",
  ];
  for (const text of [...passing, ...lasting]) {
    await using server = fakeRedis(`-${text}\r\n`);
    await using action = redis();
    const failed = passing.includes(text) ? failedForNow : failedForGood;
    deepStrictEqual(await executeOn(action, server)("SET a 1"), failed(text));
  }
});

Deno.test("action redis does not try again what has an error that lasts among some that pass", async () => {
  await using server = fakeRedis(
    "-LOADING a\r\n-ERR syntax error\r\n-BUSY b\r\n",
  );
  await using action = redis();
  deepStrictEqual(
    await executeOn(action, server)("GET a; SET b; GET c"),
    failedForGood("ERR syntax error"),
  );
});

Deno.test({
  name:
    "action redis tells of a server that is busy with a script, out of memory or a replica",
  ignore,
  async fn() {
    await using server = await startRedis("--lua-time-limit", "1");
    await using action = redis();
    const execute = executeOn(action, server);
    const retryable = async (command: string) => {
      const result = await execute(command);
      return result.kind === "failed" && result.retryable && result.detail;
    };
    // In a connection of its own, so that the others' commands reach Redis.
    const loop = execute("SELECT 0; EVAL 'while true do end' 0");
    await eventually(async () => /^BUSY /.test(await retryable("GET a") || ""));
    await execute("SCRIPT KILL");
    strictEqual((await loop).kind, "failed");
    await execute("CONFIG SET maxmemory 1");
    match(await retryable("SET a 1") || "", /^OOM /);
    await execute("CONFIG SET maxmemory 0; REPLICAOF 127.0.0.1 1");
    match(await retryable("SET a 1") || "", /^READONLY /);
    await execute("REPLICAOF NO ONE");
    deepStrictEqual(await execute("SET a 1"), succeeded("OK"));
  },
});

Deno.test({
  name: "action redis finds a server again that was killed and started",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis();
    const execute = executeOn(action, server);
    await execute("SET a 1");
    const blocked = execute("BLPOP q 0");
    await eventually(async () =>
      /blocked_clients:1\r/.test((await execute("INFO clients")).detail)
    );
    await server.end("SIGKILL");
    const lost = await blocked;
    strictEqual(lost.kind === "failed" && lost.retryable, true);
    match(lost.detail, /^connection to 127\.0\.0\.1:\d+ lost/);
    const refused = await execute("GET a");
    strictEqual(refused.kind === "failed" && refused.retryable, true);
    await server.start();
    await eventually(async () => (await execute("GET a")).kind === "succeeded");
  },
});

Deno.test({
  name:
    "action redis gives up when its signal aborts, and leaves nothing when disposed",
  ignore,
  async fn() {
    await using server = await startRedis();
    const action = redis();
    const abort = new AbortController();
    const execute = executeOn(action, server, abort.signal);
    const blocked = execute("BLPOP q 0");
    await eventually(async () =>
      /blocked_clients:1\r/.test(
        (await executeOn(action, server)("INFO clients")).detail,
      )
    );
    abort.abort();
    deepStrictEqual(await blocked, failedForNow("given up"));
    deepStrictEqual(await execute("GET a"), failedForNow("given up"));
    const other = executeOn(action, server)("BLPOP q 0");
    await action[Symbol.asyncDispose]();
    deepStrictEqual(await other, failedForNow("given up"));
    await using observer = redis();
    await eventually(async () => {
      const { detail } = await executeOn(observer, server)("INFO clients");
      return /blocked_clients:0\r/.test(detail);
    });
  },
});
