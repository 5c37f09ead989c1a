import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Action, ActionResult } from "../../src/action/action.ts";
import { createBeanstalkAction } from "../../src/action/beanstalk.ts";
import { createHttpAction } from "../../src/action/http.ts";
import { createMysqlAction } from "../../src/action/mysql.ts";
import { createRedisAction } from "../../src/action/redis.ts";
import { createShellAction } from "../../src/action/shell.ts";
import { createThriftAction } from "../../src/action/thrift.ts";
import type { Params } from "../../src/core/plan.ts";
import { freePort } from "../support/server_program.ts";
import { RawServer, send } from "../thrift/raw_server.ts";

/*
 * Which failures are followed by another attempt, for all actions side by side:
 * what can go wrong with any server, and what http and shell make of replies.
 * The replies of the others are in the tests of their own.
 */

const limits = { connectTimeoutMs: 300, replyTimeoutMs: 300, idleMs: 60_000 };

interface Subject {
  create(): Action;
  /** For a server on that port. */
  params(port: string): Params;
}

const subjects: Readonly<Record<string, Subject>> = {
  http: {
    create: () =>
      createHttpAction({
        connectTimeoutMs: 300,
        requestTimeoutMs: 300,
        userAgent: "test",
        concurrency: 4,
        clock: { wallMs: () => 0 },
      }),
    params: (port) => ({ url: `http://127.0.0.1:${port}/` }),
  },
  redis: {
    create: () =>
      createRedisAction({
        ...limits,
        concurrency: 4,
        maxConnections: 4,
        bulkSize: 16,
      }),
    params: (port) => ({ port, command: "PING" }),
  },
  beanstalk: {
    create: () => createBeanstalkAction({ ...limits, concurrency: 4 }),
    params: (port) => ({ port, body: "{}" }),
  },
  mysql: {
    create: () =>
      createMysqlAction({
        ...limits,
        user: "root",
        password: "",
        maxConnections: 4,
      }),
    params: (port) => ({ port, sql: "do 0" }),
  },
  thrift: {
    create: () => createThriftAction({ ...limits, maxConnections: 4 }),
    params: (port) => ({ port }),
  },
};

function shell(): Action {
  return createShellAction({ cwd: "/tmp", timeoutMs: 20_000, concurrency: 4 });
}

async function deliver(
  action: Action,
  params: Params,
): Promise<ActionResult> {
  await using owned = action;
  const call = { key: "k", second: 1_700_000_000, attempt: 1, params };
  return await owned.execute(call, new AbortController().signal);
}

type Misbehaviour = (
  socket: Deno.TcpConn,
  over: Promise<void>,
) => Promise<void>;

/** What a server does to each connection; it is closed afterwards. */
const misbehaviours: Readonly<Record<string, Misbehaviour>> = {
  "lets in and hangs": (_, over) => over,
  "hangs up at once": () => Promise.resolve(),
  "hangs up instead of replying": async (socket) => {
    await socket.read(new Uint8Array(65_536));
  },
  "resets in the middle of a reply": async (socket) => {
    // One byte of what any of their replies begins with; what was not read
    // makes the system reset the connection.
    await socket.read(new Uint8Array(1));
    await send(socket, new TextEncoder().encode("H"));
  },
};

for (const [name, { create, params }] of Object.entries(subjects)) {
  Deno.test(`${name} tries again when nobody listens`, async () => {
    const port = String(freePort());
    const result = await deliver(create(), params(port));
    strictEqual(result.kind === "failed" && result.retryable, true);
  });

  Deno.test(`${name} tries again when the host's name does not resolve`, async () => {
    const result = await deliver(create(), {
      ...params("80"),
      host: "nowhere.invalid",
      url: "http://nowhere.invalid/",
    });
    strictEqual(result.kind === "failed" && result.retryable, true);
  });

  for (const [what, behave] of Object.entries(misbehaviours)) {
    Deno.test(`${name} tries again when the server ${what}`, async () => {
      await using server = new RawServer((socket, over) =>
        behave(socket, over).catch(() => {})
      );
      const result = await deliver(create(), params(String(server.port)));
      strictEqual(
        result.kind === "failed" && result.retryable,
        true,
        result.detail,
      );
    });
  }
}

/** Statuses, and whether they are followed by another attempt; undefined for success. */
const statuses: readonly (readonly [number, boolean | undefined])[] = [
  [200, undefined],
  [204, undefined],
  [304, undefined],
  [400, false],
  [401, false],
  [403, false],
  [404, false],
  [408, true],
  [409, false],
  [410, false],
  [422, false],
  [429, true],
  [500, true],
  [501, true],
  [502, true],
  [503, true],
  [504, true],
];

for (const [status, isRetried] of statuses) {
  const does = isRetried === undefined
    ? "succeeds with"
    : isRetried
    ? "tries again after"
    : "gives up after";
  Deno.test(`http ${does} status ${status}`, async () => {
    await using server = new RawServer(async (socket) => {
      await socket.read(new Uint8Array(65_536));
      const head = `HTTP/1.1 ${status} x\r\nContent-Length: 0\r\n` +
        "Retry-After: 7\r\nConnection: close\r\n\r\n";
      await send(socket, new TextEncoder().encode(head));
    });
    const { create, params } = subjects.http;
    const result = await deliver(create(), params(String(server.port)));
    const outcome = result.kind === "succeeded" ? undefined : result.retryable;
    strictEqual(outcome, isRetried);
    if (result.kind === "failed" && isRetried) {
      strictEqual(result.retryAfterSeconds, 7);
    }
  });
}

const commands: readonly (readonly [string, Params, boolean])[] = [
  ["gives up when the command fails", { cmd: "exit 1" }, false],
  ["gives up when there is no such command", { cmd: "nosuchcommand" }, false],
  ["gives up when the command is killed", { cmd: "kill -9 $$" }, false],
  [
    "gives up when the command takes too long",
    { cmd: "sleep 60", timeout: "0.1" },
    false,
  ],
  [
    "tries again when the command could not start",
    { cmd: "true", cwd: "/nowhere" },
    true,
  ],
];

for (const [what, params, isRetried] of commands) {
  Deno.test(`shell ${what}`, async () => {
    const result = await deliver(shell(), params);
    deepStrictEqual(
      [result.kind, result.kind === "failed" && result.retryable],
      ["failed", isRetried],
    );
  });
}
