import { createConnection } from "mysql2/promise";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ActionResult } from "../../src/action/action.ts";
import type { Params } from "../../src/core/plan.ts";
import {
  hasMariadb,
  mariadbAccount,
  queryMariadb,
  startMariadb,
} from "../support/mariadb_server.ts";
import { freePort } from "../support/server_program.ts";
import { testWith } from "../support/services.ts";
import { eventually } from "../support/eventually.ts";
import { RawServer, receive, send } from "../thrift/raw_server.ts";
import { FullServer } from "./full_server.ts";
import { executeMysql, mysql, mysqlParams } from "./mysql_actions.ts";
import { hangup } from "./raw_server.ts";
import { greeting, okay } from "./mysql_packets.ts";

const needed = { "mariadb-server": hasMariadb };

function failedForNow(detail: string): ActionResult {
  return { kind: "failed", detail, retryable: true };
}

/** One execution by an action of its own, of a server that is none. */
async function deliver(
  params: Params,
  connectTimeoutMs = 20_000,
): Promise<ActionResult> {
  await using action = mysql({ connectTimeoutMs });
  return await executeMysql(action, { sql: "select 1", ...params });
}

Deno.test("action mysql fails for now when nobody listens", async () => {
  const port = freePort();
  deepStrictEqual(
    await deliver({ port: String(port) }),
    failedForNow(`no connection to 127.0.0.1:${port}: connection refused`),
  );
});

Deno.test("action mysql fails for now when the host's name does not resolve", async () => {
  deepStrictEqual(
    await deliver({ host: "nowhere.invalid" }),
    failedForNow(
      "no connection to nowhere.invalid:3306: the host's name does not resolve",
    ),
  );
});

Deno.test("All calls fail once no connection is made in time, also those that come just behind", async () => {
  using server = await FullServer.create();
  await using action = mysql({ connectTimeoutMs: 500 });
  const [host, port] = server.address.split(":");
  const start = performance.now();
  for (let turn = 0; turn < 40; turn++) {
    const results = await Promise.all(
      Array.from(
        { length: 8 },
        () => executeMysql(action, { sql: "select 1", host, port }),
      ),
    );
    const failure = failedForNow(
      `no connection to ${server.address} within 0.5 s`,
    );
    deepStrictEqual(results, results.map(() => failure));
  }
  const tookMs = performance.now() - start;
  ok(tookMs < 40 * 500 / 2, `${tookMs} ms are what trying each time takes`);
});

Deno.test("action mysql fails for now when the server lets in and says nothing", async () => {
  await using server = new RawServer((_, over) => over);
  deepStrictEqual(
    await deliver({ port: String(server.port) }, 300),
    failedForNow(`no connection to 127.0.0.1:${server.port} within 0.3 s`),
  );
});

const strangers: readonly (readonly [string, Uint8Array])[] = [
  ["nothing", new Uint8Array()],
  ["an empty packet", new Uint8Array([0, 0, 0, 0])],
  ["zeros", new Uint8Array(100)],
  ["an error without words", new Uint8Array([1, 0, 0, 0, 0xff])],
  ["a handshake that is cut off", new Uint8Array([3, 0, 0, 0, 10, 53, 46])],
  [
    "random bytes in a packet",
    new Uint8Array([
      ...[60, 0, 0, 0],
      ...Array.from({ length: 60 }, (_, index) => index * 73 % 256),
    ]),
  ],
  ["HTTP", new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n")],
];

for (const [what, bytes] of strangers) {
  Deno.test(`action mysql fails when the server greets with ${what} and hangs up`, async () => {
    await using server = new RawServer(async (socket) => {
      await send(socket, bytes);
    });
    const result = await deliver({ port: String(server.port) }, 2000);
    strictEqual(result.kind, "failed");
    ok(!result.detail.includes("\n"), result.detail);
  });
}

Deno.test("action mysql leaves no connection behind to a server that answers neither sql nor KILL", async () => {
  let accepted = 0;
  let open = 0;
  await using server = new RawServer(async (socket, over) => {
    accepted++;
    open++;
    try {
      await send(socket, greeting);
      await receive(socket, 5);
      await send(socket, okay(2));
      await Promise.race([over, hangup(socket)]);
    } finally {
      open--;
    }
  });
  await using action = mysql({ connectTimeoutMs: 300, replyTimeoutMs: 100 });
  const params = { sql: "select 1", port: String(server.port) };
  deepStrictEqual(
    await executeMysql(action, params),
    failedForNow(`no reply from 127.0.0.1:${server.port} within 0.1 s`),
  );
  await eventually(() => accepted === 2 && open === 0);
});

testWith(
  needed,
  "What passes on a MariaDB server fails for now",
  async (context) => {
    await using server = await startMariadb(
      "--max-connections=10",
      "--innodb-lock-wait-timeout=1",
    );
    await using action = mysql();
    const execute = (sql: string, others?: Params) =>
      executeMysql(action, mysqlParams(server, sql, others));
    const root = (sql: string) => queryMariadb(server, sql);
    const isRunning = async (part: string) => {
      const [count] = await root(
        `select count(*) from information_schema.processlist
       where info like '%${part}%' and user = '${mariadbAccount.user}'`,
      );
      return Number(count) > 0;
    };
    await root(
      "create table account (id int primary key, amount int); insert into account values (1, 0), (2, 0)",
    );

    await context.step(
      "a deadlock, for the one of the two that loses",
      async () => {
        const transfer = (from: number, to: number) =>
          `update account set amount = amount - 1 where id = ${from};
       do sleep(1); update account set amount = amount + 1 where id = ${to}`;
        const results = await Promise.all([
          execute(transfer(1, 2)),
          execute(transfer(2, 1)),
        ]);
        const kinds = results.map(({ kind }) => kind).sort();
        deepStrictEqual(kinds, ["failed", "succeeded"]);
        deepStrictEqual(
          results.find(({ kind }) => kind === "failed"),
          failedForNow(
            "ERROR 1213 (40001): Deadlock found when trying to get lock; try restarting transaction",
          ),
        );
        deepStrictEqual(await root("select sum(amount) from account"), ["0"]);
      },
    );

    await context.step(
      "a lock that is not free in time, and nothing stays of the transaction",
      async () => {
        const holding = execute(
          "update account set amount = 5 where id = 1; do sleep(3)",
        );
        await eventually(() => isRunning("sleep(3)"));
        deepStrictEqual(
          await execute(
            "update account set amount = 7 where id = 2; update account set amount = 7 where id = 1",
          ),
          failedForNow(
            "ERROR 1205 (HY000): Lock wait timeout exceeded; try restarting transaction",
          ),
        );
        strictEqual((await holding).kind, "succeeded");
        deepStrictEqual(
          await root("select count(*) from account where amount = 7"),
          ["0"],
        );
      },
    );

    await context.step(
      "a transaction over its time, which is then ended at the server",
      async () => {
        deepStrictEqual(
          await execute(
            "insert into account values (3, 0); do sleep(600)",
            { reply_timeout: "0.3" },
          ),
          failedForNow(`no reply from 127.0.0.1:${server.port} within 0.3 s`),
        );
        await eventually(async () => !await isRunning("sleep(600)"));
        await eventually(async () =>
          (await root("select count(*) from account where id = 3"))[0] === "0"
        );
      },
    );

    await context.step("a statement over the server's own limit", async () => {
      const result = await execute(
        "set statement max_statement_time = 0.1 for select count(*) from seq_1_to_1000000 a, seq_1_to_1000000 b",
      );
      ok(result.kind === "failed" && result.retryable, result.detail);
      ok(result.detail.startsWith("ERROR 1969 "), result.detail);
    });

    await context.step("a connection that is killed", async () => {
      const running = execute("do sleep(601)");
      await eventually(() => isRunning("sleep(601)"));
      await root(`kill user ${mariadbAccount.user}`);
      const result = await running;
      ok(result.kind === "failed" && result.retryable, result.detail);
    });

    await context.step("a server that is read-only", async () => {
      await root("set global read_only = 1");
      const result = await execute("insert into account values (4, 0)");
      await root("set global read_only = 0");
      deepStrictEqual(
        result,
        failedForNow(
          "ERROR 1290 (HY000): The MariaDB server is running with the --read-only option so it cannot execute this statement",
        ),
      );
    });

    await context.step("a server with too many connections", async () => {
      await using connections = new AsyncDisposableStack();
      for (let isFull = false; !isFull;) {
        const connection = createConnection({
          ...{ host: "127.0.0.1", port: server.port },
          user: mariadbAccount.user,
          password: mariadbAccount.passwd,
        });
        try {
          const open = await connection;
          connections.defer(() => open.end());
        } catch {
          isFull = true;
        }
      }
      await using one = mysql();
      const result = await executeMysql(one, mysqlParams(server, "do 0"));
      ok(result.kind === "failed" && result.retryable);
      ok(
        /^ERROR 1040( \(08004\))?: Too many connections$/.test(result.detail),
        result.detail,
      );
    });

    await context.step("a server that is stopped in its tracks", async () => {
      strictEqual((await execute("do 0")).kind, "succeeded");
      server.send("SIGSTOP");
      const result = await execute("do 0", { reply_timeout: "0.3" });
      server.send("SIGCONT");
      deepStrictEqual(
        result,
        failedForNow(`no reply from 127.0.0.1:${server.port} within 0.3 s`),
      );
      strictEqual((await execute("do 0")).kind, "succeeded");
    });

    await context.step(
      "a server that is killed under it, which is used again once it is back",
      async () => {
        const running = execute(
          "insert into account values (5, 0); do sleep(602)",
        );
        await eventually(() => isRunning("sleep(602)"));
        await server.end();
        deepStrictEqual(
          await running,
          failedForNow(`connection to 127.0.0.1:${server.port} lost`),
        );
        const meanwhile = await execute("do 0");
        ok(
          meanwhile.kind === "failed" && meanwhile.retryable,
          meanwhile.detail,
        );
        await server.start();
        await eventually(async () =>
          (await execute("do 0")).kind === "succeeded"
        );
        deepStrictEqual(
          await root("select count(*) from account where id = 5"),
          ["0"],
        );
      },
    );

    await context.step("a server that shuts down", async () => {
      const running = execute("do sleep(603)");
      await eventually(() => isRunning("sleep(603)"));
      await server.end("SIGTERM");
      const result = await running;
      ok(result.kind === "failed" && result.retryable, result.detail);
    });
  },
);
