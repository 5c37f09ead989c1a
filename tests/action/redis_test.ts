import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { hasRedis, startRedis } from "../support/redis_server.ts";
import { eventually } from "../support/eventually.ts";
import { failedForGood } from "./http_actions.ts";
import { type Execute, executeOn, redis, succeeded } from "./redis_actions.ts";

const ignore = !hasRedis;

/** How many connections of ours a server has, the one that asks included. */
async function countConnections(execute: Execute): Promise<number> {
  const { detail } = await execute("CLIENT LIST");
  return detail.match(/name=forsun/g)?.length ?? 0;
}

Deno.test({
  name:
    "action redis runs the commands in their order, a line of the detail each",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis();
    const execute = executeOn(action, server);
    deepStrictEqual(await execute("SET b 1 EX 300"), succeeded("OK"));
    deepStrictEqual(
      await execute("incr b; TTL b;GET none; LPUSH l x 'y;z'; LRANGE l 0 -1;"),
      succeeded("2\n300\n(nil)\n2\n[y;z, x]"),
    );
  },
});

Deno.test({
  name:
    "action redis sends text as UTF-8, and bytes that are none as they came",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis();
    const execute = executeOn(action, server);
    await execute(
      `SET 'käse' "it's ☃"; SET raw 'a\udc80\udcffb'; SET n $'a\\nb'`,
    );
    deepStrictEqual(
      await execute("GET käse; STRLEN raw; GETRANGE raw 3 3; STRLEN n"),
      succeeded("it's ☃\n4\nb\n3"),
    );
    const bytes = "redis.call('get', 'raw'):byte(2, 3)";
    deepStrictEqual(
      await execute(`EVAL "return {${bytes}}" 0`),
      succeeded("[128, 255]"),
    );
  },
});

Deno.test({
  name:
    "action redis takes a value of 10 MB, and shows the first of a reply of 10 MB",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis();
    const execute = executeOn(action, server);
    const value = "x".repeat(10_000_000);
    deepStrictEqual(await execute(`SET big ${value}`), succeeded("OK"));
    deepStrictEqual(await execute("STRLEN big"), succeeded("10000000"));
    deepStrictEqual(await execute("GET big"), succeeded("x".repeat(4096)));
  },
});

Deno.test({
  name: "action redis keeps databases and passwords apart",
  ignore,
  async fn() {
    await using server = await startRedis("--requirepass", "hunter2");
    await using action = redis();
    const execute = executeOn(action, server);
    const password = "hunter2";
    const wrong = failedForGood(
      "WRONGPASS invalid username-password pair or user is disabled.",
    );
    await execute("SET a zero", { password });
    await execute("SET a one", { password, selected_db: "1" });
    deepStrictEqual(await execute("GET a", { password: "hunter3" }), wrong);
    deepStrictEqual(
      await Promise.all([
        execute("GET a", { password }),
        execute("GET a", { password, selected_db: "1" }),
        execute("GET a", { password: "hunter3", selected_db: "1" }),
        execute("GET a"),
        execute("GET a", { password, selected_db: "99" }),
      ]),
      [
        succeeded("zero"),
        succeeded("one"),
        wrong,
        failedForGood("NOAUTH Authentication required."),
        failedForGood("ERR DB index is out of range"),
      ],
    );
  },
});

Deno.test({
  name: "action redis takes a password that the server doesn't ask for",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis();
    const execute = executeOn(action, server);
    deepStrictEqual(
      await execute("PING", { password: "x" }),
      succeeded("PONG"),
    );
  },
});

Deno.test({
  name: "action redis has hundreds of plans share one connection",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis({ bulkSize: 7 });
    const execute = executeOn(action, server);
    const results = await Promise.all(
      Array.from(
        { length: 500 },
        (_, at) => execute(`SET k${at} ${at}; GET k${at}`),
      ),
    );
    results.forEach((result, at) =>
      deepStrictEqual(result, succeeded(`OK\n${at}`))
    );
    // CLIENT gets a second one.
    strictEqual(
      await countConnections(execute),
      2,
    );
  },
});

Deno.test({
  name: "action redis keeps what changes a connection from other plans",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis();
    const execute = executeOn(action, server);
    await execute("SET where zero");
    deepStrictEqual(
      await execute("SELECT 3; SET where three; WATCH where"),
      succeeded("OK\nOK\nOK"),
    );
    deepStrictEqual(await execute("GET where"), succeeded("zero"));
  },
});

Deno.test({
  name: "action redis lets blocking commands wait without delaying others",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis({ maxConnections: 3 });
    const execute = executeOn(action, server);
    const blocked = [1, 2, 3, 4].map(() => execute("BLPOP q 0"));
    await eventually(async () => {
      const { detail } = await execute("INFO clients");
      return /blocked_clients:2\r/.test(detail);
    });
    deepStrictEqual(await execute("RPUSH q a b c d"), succeeded("4"));
    const details = (await Promise.all(blocked)).map(({ detail }) => detail);
    deepStrictEqual(details.sort(), ["[q, a]", "[q, b]", "[q, c]", "[q, d]"]);
  },
});

Deno.test({
  name:
    "action redis runs transactions among other plans, and tells what failed inside",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis();
    const execute = executeOn(action, server);
    const results = await Promise.all([
      execute("MULTI; SET x 1; INCR x; EXEC"),
      execute("GET x"),
      execute("MULTI; SET y 1; LPUSH y 1; EXEC"),
      execute("MULTI; SET z; EXEC"),
    ]);
    deepStrictEqual(results, [
      succeeded("OK\nQUEUED\nQUEUED\n[OK, 2]"),
      succeeded("2"),
      failedForGood(
        "WRONGTYPE Operation against a key holding the wrong kind of value",
      ),
      failedForGood("ERR wrong number of arguments for 'set' command"),
    ]);
  },
});

Deno.test({
  name: "action redis closes a connection that is idle, and opens another",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis({ idleMs: 50 });
    await using observer = redis();
    const execute = executeOn(action, server);
    const observe = executeOn(observer, server);
    await execute("SET a 1");
    await eventually(async () => await countConnections(observe) === 1);
    deepStrictEqual(await execute("GET a"), succeeded("1"));
  },
});

Deno.test({
  name: "action redis opens a connection anew that the server has closed",
  ignore,
  async fn() {
    await using server = await startRedis();
    await using action = redis();
    await using observer = redis();
    const execute = executeOn(action, server);
    const observe = executeOn(observer, server);
    await execute("SET a 1");
    match((await observe("CLIENT KILL TYPE normal SKIPME yes")).detail, /^1$/);
    await eventually(async () => (await execute("GET a")).kind === "succeeded");
    ok((await observe("CLIENT LIST")).kind === "succeeded");
  },
});
