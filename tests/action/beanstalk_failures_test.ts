import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { takeJobs } from "../support/beanstalk_jobs.ts";
import {
  hasBeanstalkd,
  startBeanstalkd,
} from "../support/beanstalkd_server.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/server_program.ts";
import { RawServer, send } from "../thrift/raw_server.ts";
import { beanstalk, putInto } from "./beanstalk_actions.ts";
import { FullServer } from "./full_server.ts";
import { failedForGood, failedForNow } from "./http_actions.ts";

const ignore = !hasBeanstalkd;

/** A server that lets a tube be used, and then replies `reply` to whatever comes. */
function fakeBeanstalkd(reply: string, isLast = false): RawServer {
  return new RawServer(async (socket, over) => {
    const buffer = new Uint8Array(65_536);
    let next = "USING default\r\n";
    for (;;) {
      const read = await Promise.race([socket.read(buffer), over]);
      if (typeof read !== "number") return;
      await send(socket, new TextEncoder().encode(next));
      if (isLast && next === reply) return;
      next = reply;
    }
  });
}

Deno.test("action beanstalk fails for now when nobody listens, or no name resolves", async () => {
  await using action = beanstalk();
  const port = freePort();
  const put = putInto(action, { port });
  deepStrictEqual(
    await put("a"),
    failedForNow(`no connection to 127.0.0.1:${port}: connection refused`),
  );
  deepStrictEqual(
    await put("a", { host: "jobs.invalid" }),
    failedForNow(
      `no connection to jobs.invalid:${port}: the host's name does not resolve`,
    ),
  );
});

Deno.test("action beanstalk fails for now when no connection is made in time", async () => {
  using server = await FullServer.create();
  const port = Number(server.address.split(":")[1]);
  await using action = beanstalk({ connectTimeoutMs: 300 });
  deepStrictEqual(
    await putInto(action, { port })("a"),
    failedForNow(`no connection to ${server.address} within 0.3 s`),
  );
});

Deno.test({
  name:
    "action beanstalk fails for now when a server hangs, and goes on when it does",
  ignore,
  async fn() {
    await using server = await startBeanstalkd();
    await using action = beanstalk({
      connectTimeoutMs: 600,
      replyTimeoutMs: 1000,
    });
    const put = putInto(action, server);
    strictEqual((await put("a")).kind, "succeeded");
    server.send("SIGSTOP");
    const address = `127.0.0.1:${server.port}`;
    deepStrictEqual(
      await Promise.all([put("b"), put("c")]),
      Array(2).fill(failedForNow(`no reply from ${address} within 1 s`)),
    );
    deepStrictEqual(
      await put("d"),
      failedForNow(`no reply from ${address} within 0.6 s`),
    );
    server.send("SIGCONT");
    await eventually(async () => (await put("e")).kind === "succeeded");
  },
});

Deno.test("action beanstalk gives those a result whose reply was there before the connection broke", async () => {
  await using server = fakeBeanstalkd(
    "INSERTED 1\r\nJOB_TOO_BIG\r\nINSER",
    true,
  );
  await using action = beanstalk();
  const put = putInto(action, server);
  deepStrictEqual(await Promise.all(["a", "b", "c"].map((body) => put(body))), [
    { kind: "succeeded", detail: "job 1" },
    failedForGood("beanstalkd replied JOB_TOO_BIG"),
    failedForNow(`connection to 127.0.0.1:${server.port} lost`),
  ]);
});

Deno.test("action beanstalk waits as long as a plan says", async () => {
  await using server = new RawServer(async (socket, over) => {
    await socket.read(new Uint8Array(65_536));
    await send(socket, new TextEncoder().encode("USING default\r\n"));
    await over;
  });
  await using action = beanstalk();
  deepStrictEqual(
    await putInto(action, server)("a", { reply_timeout: "0.2" }),
    failedForNow(`no reply from 127.0.0.1:${server.port} within 0.2 s`),
  );
});

Deno.test("action beanstalk tells refusals that pass from those that don't", async () => {
  for (const word of ["DRAINING", "OUT_OF_MEMORY", "BURIED 7"]) {
    await using server = fakeBeanstalkd(`${word}\r\n`);
    await using action = beanstalk();
    deepStrictEqual(
      await putInto(action, server)("a"),
      failedForNow(`beanstalkd replied ${word.split(" ")[0]}`),
    );
  }
  for (
    const word of [
      "BAD_FORMAT",
      "EXPECTED_CRLF",
      "INTERNAL_ERROR",
      "UNKNOWN_COMMAND",
    ]
  ) {
    await using server = fakeBeanstalkd(`${word}\r\n`);
    await using action = beanstalk();
    deepStrictEqual(
      await putInto(action, server)("a"),
      failedForGood(`beanstalkd replied ${word}`),
    );
  }
});

Deno.test({
  name: "action beanstalk fails for now when the server is draining",
  ignore,
  async fn() {
    await using server = await startBeanstalkd();
    await using action = beanstalk();
    const put = putInto(action, server);
    strictEqual((await put("a")).kind, "succeeded");
    server.send("SIGUSR1");
    await eventually(async () => (await put("b")).kind === "failed");
    deepStrictEqual(
      await put("c"),
      failedForNow("beanstalkd replied DRAINING"),
    );
  },
});

Deno.test("action beanstalk fails for now at a reply that breaks the client", async () => {
  await using server = fakeBeanstalkd("OK 5\r\n---\n:\r\n");
  await using action = beanstalk();
  const result = await putInto(action, server)("a");
  strictEqual(result.kind === "failed" && result.retryable, true);
  match(result.detail, /^connection to 127\.0\.0\.1:\d+ lost: .+$/);
});

Deno.test("action beanstalk takes no reply without a job's id for one", async () => {
  await using server = fakeBeanstalkd("INSERTED\r\n");
  await using action = beanstalk();
  deepStrictEqual(
    await putInto(action, server)("a"),
    failedForGood("beanstalkd replied INSERTED without an id"),
  );
});

Deno.test("action beanstalk hangs up on what talks without end before it is asked", async () => {
  await using server = new RawServer(async (socket, over) => {
    await socket.read(new Uint8Array(65_536));
    await send(socket, new Uint8Array(200_000).fill(0x61)).catch(() => {});
    await over;
  });
  await using action = beanstalk();
  deepStrictEqual(
    await putInto(action, server)("a"),
    failedForGood(`127.0.0.1:${server.port} is no beanstalkd`),
  );
});

Deno.test("action beanstalk hangs up on what talks without end", async () => {
  await using server = new RawServer(async (socket, over) => {
    const buffer = new Uint8Array(65_536);
    await socket.read(buffer);
    await send(socket, new TextEncoder().encode("USING default\r\n"));
    await socket.read(buffer);
    await send(socket, new Uint8Array(200_000).fill(0x61)).catch(() => {});
    await over;
  });
  await using action = beanstalk();
  deepStrictEqual(
    await putInto(action, server)("a"),
    failedForGood(`127.0.0.1:${server.port} is no beanstalkd`),
  );
});

Deno.test({
  name: "action beanstalk finds a server again that was killed and started",
  ignore,
  async fn() {
    await using server = await startBeanstalkd();
    await using action = beanstalk();
    const put = putInto(action, server);
    await put("before");
    await server.end("SIGKILL");
    const lost = await put("lost");
    strictEqual(lost.kind === "failed" && lost.retryable, true);
    match(lost.detail, /^(connection to|no connection to) 127\.0\.0\.1:\d+/);
    await server.start();
    await eventually(async () => (await put("after")).kind === "succeeded");
    deepStrictEqual(await takeJobs(server, "default"), ["before", "after"]);
  },
});

Deno.test({
  name:
    "action beanstalk gives up when its signal aborts, or its action is disposed",
  ignore,
  async fn() {
    await using server = await startBeanstalkd();
    const action = beanstalk();
    const abort = new AbortController();
    const put = putInto(action, server, abort.signal);
    strictEqual((await put("a")).kind, "succeeded");
    server.send("SIGSTOP");
    const waiting = [put("b"), put("c", { name: "other" })];
    abort.abort();
    deepStrictEqual(
      await Promise.all(waiting),
      Array(2).fill(failedForNow("given up")),
    );
    const others = ["default", "third"].map((name) =>
      putInto(action, server)("d", { name })
    );
    await action[Symbol.asyncDispose]();
    deepStrictEqual(
      await Promise.all(others),
      Array(2).fill(failedForNow("given up")),
    );
  },
});
