import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { Params } from "../../src/core/plan.ts";
import {
  hasMariadb,
  mariadbAccount,
  queryMariadb,
  startMariadb,
} from "../support/mariadb_server.ts";
import { testWith } from "../support/services.ts";
import { eventually } from "../support/eventually.ts";
import { executeMysql, mysql, mysqlParams } from "./mysql_actions.ts";

const needed = { "mariadb-server": hasMariadb };

function succeeded(detail: string) {
  return { kind: "succeeded", detail } as const;
}

function failedForGood(detail: string) {
  return { kind: "failed", detail, retryable: false } as const;
}

Deno.test("check() takes what the defaults stand for", () => {
  mysql().check({ sql: "select 1" });
  mysql().check({
    host: "db.example",
    port: "3307",
    db: "shop",
    user: "forsun",
    passwd: "",
    max_connections: "20",
    reply_timeout: "600",
    sql: "select 1; select 2;",
  });
});

const refusals: readonly (readonly [Params, string])[] = [
  [{}, 'Param "sql" of action "mysql" is missing'],
  [
    { sql: " \n" },
    'Param "sql" of action "mysql" must be a statement, got " \\n"',
  ],
  [
    { sql: "select 1", port: "99999" },
    'Param "port" of action "mysql" must be a whole number from 1 to 65535, got "99999"',
  ],
  [
    { sql: "select 1", max_connections: "many" },
    'Param "max_connections" of action "mysql" must be a whole number from 1 to 1000, got "many"',
  ],
  [
    { sql: "select 1", user: "a\0b" },
    'Param "user" of action "mysql" must not hold a NUL, got "a\\u0000b"',
  ],
];

for (const [params, message] of refusals) {
  Deno.test(`check() refuses ${JSON.stringify(params)}`, () => {
    throws(() => mysql().check(params), { code: 1007, message });
  });
}

Deno.test("destination() is server, database and user, and no password", () => {
  const action = mysql();
  strictEqual(
    action.destination({ sql: "x", passwd: "p" }),
    "root@127.0.0.1:3306/mysql",
  );
  strictEqual(
    action.destination({ host: "h", port: "1", db: "d", user: "u", sql: "y" }),
    "u@h:1/d",
  );
});

Deno.test("concurrencyOf() is how many connections the plan asks for", () => {
  const action = mysql();
  strictEqual(action.concurrencyOf?.({}), 8);
  strictEqual(action.concurrencyOf?.({ max_connections: "20" }), 20);
  strictEqual(action.concurrencyOf?.({ max_connections: "-1" }), 1);
});

testWith(needed, "action mysql on a MariaDB server", async (context) => {
  const step = (name: string, run: () => Promise<void>) =>
    context.step(name, run);
  await using server = await startMariadb();
  await using action = mysql();
  const execute = (sql: string, others?: Params) =>
    executeMysql(action, mysqlParams(server, sql, others));
  const select = (sql: string) => queryMariadb(server, sql);

  await step(
    "runs a statement and says how many rows it was about",
    async () => {
      deepStrictEqual(
        await execute(
          "create table log (id int primary key, text varchar(99))",
        ),
        succeeded("0 rows affected"),
      );
      deepStrictEqual(
        await execute("insert into log values (1, 'one')"),
        succeeded("1 row affected"),
      );
      deepStrictEqual(await select("select * from log"), ["1\tone"]);
    },
  );

  await step(
    "runs several statements, also with quoted semicolons and comments",
    async () => {
      deepStrictEqual(
        await execute(
          "insert into log values (2, 'a;b'), (3, 'c');\n" +
            "update log set text = concat(text, '!') where id = 3; -- the last",
        ),
        succeeded("3 rows affected"),
      );
      deepStrictEqual(await select("select text from log where id > 1"), [
        "a;b",
        "c!",
      ]);
    },
  );

  await step("keeps every character", async () => {
    const text = "ü \u{1f600} 漢 ' \\";
    const literal = text.replaceAll("\\", "\\\\").replaceAll("'", "''");
    await execute(`insert into log values (4, '${literal}')`);
    deepStrictEqual(
      await select("select hex(text) from log where id = 4"),
      [hexOf(text)],
    );
  });

  await step("takes ? and : as they are", async () => {
    await execute("insert into log values (5, '? :name ??')");
    deepStrictEqual(await select("select text from log where id = 5"), [
      "? :name ??",
    ]);
  });

  await step("does not keep the rows that are returned", async () => {
    deepStrictEqual(
      await execute("select * from seq_1_to_200000; select 1"),
      succeeded("0 rows affected, 200001 rows returned"),
    );
  });

  await step(
    "rolls all back when one statement fails, and gives the server's error",
    async () => {
      deepStrictEqual(
        await execute(
          "insert into log values (6, 'six'); insert into log values (1, 'again')",
        ),
        failedForGood(
          "ERROR 1062 (23000): Duplicate entry '1' for key 'PRIMARY'",
        ),
      );
      deepStrictEqual(await select("select * from log where id = 6"), []);
    },
  );

  await step("fails for good when the SQL makes no sense", async () => {
    const result = await execute("insert in log;\n\nselect 1");
    ok(result.kind === "failed" && !result.retryable);
    ok(
      result.detail.startsWith("ERROR 1064 (42000): You have an error in"),
      result.detail,
    );
    ok(!result.detail.includes("\n"));
  });

  await step(
    "fails for good when the login is wrong, and names no password",
    async () => {
      const address = `127.0.0.1`;
      deepStrictEqual(
        await execute("select 1", { passwd: "another-s3cr3t" }),
        failedForGood(
          `ERROR 1045 (28000): Access denied for user 'forsun'@'${address}' (using password: YES)`,
        ),
      );
      deepStrictEqual(
        await execute("select 1", { db: "nowhere" }),
        failedForGood(
          `ERROR 1044 (42000): Access denied for user 'forsun'@'${address}' to database 'nowhere'`,
        ),
      );
    },
  );

  await step(
    "does not let a plan with a wrong password use the connection of another",
    async () => {
      strictEqual((await execute("select 1")).kind, "succeeded");
      strictEqual((await execute("select 1", { passwd: "" })).kind, "failed");
    },
  );

  await step(
    "leaves nothing of a transaction to the next one on its connection",
    async () => {
      await using single = mysql({ maxConnections: 1 });
      const executeThere = (sql: string) =>
        executeMysql(single, mysqlParams(server, sql));
      const outcome = await executeThere(
        `set @x = 1; set sql_mode = 'ANSI_QUOTES'; set names latin1;
       create temporary table scratch (id int);
       do get_lock('forsun', 0); set autocommit = 0`,
      );
      strictEqual(outcome.kind, "succeeded");
      deepStrictEqual(
        await executeThere(
          `insert into log select 7, concat_ws('/', ifnull(@x, 'unset'),
           "text", @@autocommit, @@character_set_client,
           ifnull(is_used_lock('forsun'), 'free'))`,
        ),
        succeeded("1 row affected"),
      );
      deepStrictEqual(
        await select("select text from log where id = 7"),
        ["unset/text/ON/utf8mb4/free"],
      );
      const gone = await executeThere("select * from scratch");
      ok(gone.kind === "failed" && gone.detail.startsWith("ERROR 1146 "));
    },
  );

  await step(
    "commits what a transaction of the plan's own left open",
    async () => {
      deepStrictEqual(
        await execute(
          "begin; insert into log values (8, ''); commit; begin; insert into log values (9, '')",
        ),
        succeeded("2 rows affected"),
      );
      deepStrictEqual(await select("select id from log where id in (8, 9)"), [
        "8",
        "9",
      ]);
    },
  );

  await step(
    "takes 10 MB of SQL, and fails with more than the server takes",
    async () => {
      deepStrictEqual(
        await execute(`select length('${"x".repeat(10_000_000)}')`),
        succeeded("0 rows affected, 1 row returned"),
      );
      const result = await execute(
        `select length('${"x".repeat(17_000_000)}')`,
      );
      strictEqual(result.kind, "failed");
      strictEqual((await execute("select 1")).kind, "succeeded");
    },
  );
});

testWith(
  needed,
  "A pool has as many connections as the first plan says, and closes them when idle",
  async () => {
    await using server = await startMariadb();
    await using action = mysql({ idleMs: 300 });
    const connections = async () => {
      const sql =
        `select count(*) from information_schema.processlist where user = '${mariadbAccount.user}'`;
      return Number((await queryMariadb(server, sql))[0]);
    };
    const running = Promise.all(
      Array.from({ length: 12 }, () =>
        executeMysql(
          action,
          mysqlParams(server, "do sleep(0.3)", { max_connections: "3" }),
        )),
    );
    await eventually(async () => await connections() >= 3);
    strictEqual(await connections(), 3);
    const results = await running;
    deepStrictEqual(results, results.map(() => succeeded("0 rows affected")));
    await eventually(async () => await connections() === 0);
    deepStrictEqual(
      await queryMariadb(server, "show global status like 'Aborted_clients'"),
      ["Aborted_clients\t0"],
    );
    strictEqual(
      (await executeMysql(action, mysqlParams(server, "select 1"))).kind,
      "succeeded",
    );
  },
);

function hexOf(text: string): string {
  return Array.from(
    new TextEncoder().encode(text),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("").toUpperCase();
}
