import {
  deepStrictEqual,
  match,
  strictEqual,
  throws,
} from "node:assert/strict";
import { askBeanstalkd, takeJobs } from "../support/beanstalk_jobs.ts";
import {
  hasBeanstalkd,
  startBeanstalkd,
} from "../support/beanstalkd_server.ts";
import { eventually } from "../support/eventually.ts";
import { beanstalk, putInto } from "./beanstalk_actions.ts";
import { failedForGood } from "./http_actions.ts";

const ignore = !hasBeanstalkd;

/** How many connections a server has, the one that asks included. */
async function countConnections(server: { port: number }): Promise<number> {
  const stats = await askBeanstalkd(server, "stats");
  return Number(/^current-connections: (\d+)$/m.exec(stats)?.[1]);
}

Deno.test({
  name: "action beanstalk puts a job into the tube, with 7200 s to run",
  ignore,
  async fn() {
    await using server = await startBeanstalkd();
    await using action = beanstalk();
    const put = putInto(action, server);
    deepStrictEqual(await put("{}", { name: "etask" }), {
      kind: "succeeded",
      detail: "job 1",
    });
    const stats = await askBeanstalkd(server, "stats-job 1");
    for (
      const line of ["tube: etask", "state: ready", "delay: 0", "ttr: 7200"]
    ) {
      match(stats.replaceAll('"', ""), new RegExp(`^${line}$`, "m"));
    }
    await put("here");
    deepStrictEqual(await takeJobs(server, "etask"), ["{}"]);
    deepStrictEqual(await takeJobs(server, "default"), ["here"]);
  },
});

Deno.test({
  name:
    "action beanstalk puts text as UTF-8, line ends as they are, and bytes as they came",
  ignore,
  async fn() {
    await using server = await startBeanstalkd();
    await using action = beanstalk();
    const put = putInto(action, server);
    await put("käse\r\nput 0 0 1 1\r\n");
    await put("a\udc80\udcff\0b");
    deepStrictEqual(await takeJobs(server, "default"), [
      "k\xc3\xa4se\r\nput 0 0 1 1\r\n",
      "a\x80\xff\0b",
    ]);
  },
});

Deno.test({
  name:
    "action beanstalk puts bodies up to the server's limit, and says so beyond it",
  ignore,
  async fn() {
    await using server = await startBeanstalkd();
    await using action = beanstalk();
    const put = putInto(action, server);
    const tooBig = failedForGood("beanstalkd replied JOB_TOO_BIG");
    const results = await Promise.all([
      put("x".repeat(65_535)),
      put("y".repeat(65_536)),
      put("é".repeat(32_768)),
      put("z".repeat(10_000_000)),
      put("small"),
    ]);
    deepStrictEqual(results.map(({ kind }) => kind), [
      "succeeded",
      "failed",
      "failed",
      "failed",
      "succeeded",
    ]);
    deepStrictEqual(results.slice(1, 4), [tooBig, tooBig, tooBig]);
    const bodies = await takeJobs(server, "default");
    deepStrictEqual(bodies.map(({ length }) => length), [65_535, 5]);
  },
});

Deno.test({
  name: "action beanstalk puts 10 MB where the server takes them",
  ignore,
  async fn() {
    await using server = await startBeanstalkd("-z", "20000000");
    await using action = beanstalk();
    const put = putInto(action, server);
    strictEqual((await put("x".repeat(10_000_000))).kind, "succeeded");
    const stats = await askBeanstalkd(server, "stats-job 1");
    match(stats, /^state: "?ready"?$/m);
  },
});

Deno.test({
  name: "action beanstalk has hundreds of plans share one connection to a tube",
  ignore,
  async fn() {
    await using server = await startBeanstalkd();
    await using action = beanstalk();
    const put = putInto(action, server);
    const bodies = Array.from({ length: 300 }, (_, at) => `job ${at}`);
    const results = await Promise.all(bodies.map((body) => put(body)));
    deepStrictEqual(
      new Set(results.map(({ kind }) => kind)),
      new Set(["succeeded"]),
    );
    await put("other", { name: "other" });
    strictEqual(await countConnections(server), 3);
    deepStrictEqual(await takeJobs(server, "default"), bodies);
  },
});

Deno.test({
  name: "action beanstalk closes a connection that is idle, and opens another",
  ignore,
  async fn() {
    await using server = await startBeanstalkd();
    await using action = beanstalk({ idleMs: 50 });
    const put = putInto(action, server);
    await put("a");
    await eventually(async () => await countConnections(server) === 1);
    strictEqual((await put("b")).kind, "succeeded");
  },
});

Deno.test("check() names what it refuses", () => {
  const action = beanstalk();
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{}, 'Param "body" of action "beanstalk" is missing'],
    [
      { body: "x", port: "99999" },
      'Param "port" of action "beanstalk" must be a whole number from 1 to 65535, got "99999"',
    ],
    [
      { body: "x", host: "a b" },
      'Param "host" of action "beanstalk" must be a name or an IP address, got "a b"',
    ],
    [
      { body: "x", name: "a b" },
      'Param "name" of action "beanstalk" must be 1 to 200 letters, digits or any of -+/;.$_(), no - in front, got "a b"',
    ],
  ];
  for (const [params, message] of cases) {
    throws(() => action.check(params), { code: 1007, message });
  }
  for (const name of ["", "-a", "a\r\nput", "x".repeat(201), "ä"]) {
    throws(() => action.check({ body: "x", name }), { code: 1007 });
  }
  action.check({ body: "x", name: "a-+/;.$_()9", host: "::1" });
});
