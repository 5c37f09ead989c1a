import assert from "node:assert/strict";
import { join } from "node:path";
import type { Params } from "../../src/core/plan.ts";
import type { WireError } from "../../src/thrift/generated.ts";
import {
  type DaemonProcess,
  programCommand,
  startDaemon,
} from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/server_program.ts";
import { tempFolder } from "../support/temp_folder.ts";

const none = [-1, -1, -1, -1, -1] as const;
const secret = "hunter2";

/** What is wrong with a plan, and what its creator is told. */
const refusals: readonly (readonly [
  action: string,
  params: Params,
  code: number,
  message: RegExp,
])[] = [
  ["mail", {}, 1006, /: action must be one of shell, .*thrift.*, got "mail"$/],
  ["", {}, 1006, /: action must be one of /],
  ["shell", {}, 1007, /: Param "cmd" of action "shell" is missing$/],
  ["shell", { cmd: "a\0b" }, 1007, /: Param "cmd" .* must not hold a NUL/],
  ["http", {}, 1007, /: Param "url" of action "http" is missing$/],
  ["http", { url: "ftp://x/" }, 1007, /: Param "url" .*, got "ftp:\/\/x\/"$/],
  [
    "http",
    { url: `http://u:${secret}@/`, auth_password: secret },
    1007,
    /: Param "url" of action "http" must be an http or https URL/,
  ],
  ["redis", {}, 1007, /: Param "command" of action "redis" is missing$/],
  [
    "redis",
    { command: "GET 'a", password: secret },
    1007,
    /: Param "command" of action "redis" has a quote at 5 that is not closed/,
  ],
  ["beanstalk", {}, 1007, /: Param "body" of action "beanstalk" is missing$/],
  [
    "mysql",
    { passwd: secret },
    1007,
    /: Param "sql" of action "mysql" is missing$/,
  ],
  [
    "mysql",
    { sql: "do 0", passwd: secret, reply_timeout: "x" },
    1007,
    /: Param "reply_timeout" of action "mysql" must be a number of seconds .*, got "x"$/,
  ],
  ...["redis", "beanstalk", "mysql", "thrift"].flatMap((action) => {
    const params = { command: "PING", body: "{}", sql: "do 0", passwd: secret };
    return [
      [
        action,
        { ...params, port: "99999" },
        1007,
        /: Param "port" of action "\w+" must be a whole number from 1 to 65535, got "99999"$/,
      ],
      [
        action,
        { ...params, port: "http" },
        1007,
        /: Param "port" of action "\w+" must be a whole number from 1 to 65535, got "http"$/,
      ],
      [
        action,
        { ...params, host: "a b" },
        1007,
        /: Param "host" of action "\w+" must be a name or an IP address, got "a b"$/,
      ],
      [
        action,
        { ...params, retry_max_count: "-1" },
        1007,
        /: Param "retry_max_count" must be a whole number from 0 to 1000, got "-1"$/,
      ],
    ] as const;
  }),
];

/** Runs the command line with `line`; what it printed, errors too. */
async function forsun({ port }: DaemonProcess, line: string): Promise<string> {
  const [command, ...rest] = programCommand();
  const { stdout, stderr } = await new Deno.Command(command, {
    args: [...rest, "--port", String(port), line],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return decoder.decode(stdout) + decoder.decode(stderr);
}

Deno.test("bad plans are refused when they are created, in one line without passwords, and leave nothing", async () => {
  await using folder = await tempFolder();
  await using daemon = await startDaemon({
    file: join(folder.path, "store"),
    args: ["--log-level", "DEBUG"],
  });
  using connection = await daemon.connect();
  const { client } = connection;
  for (const [action, params, code, message] of refusals) {
    const what = `${action} ${JSON.stringify(params)}`;
    await assert.rejects(
      client.createTimeout("bad", 5, ...none, 1, action, params),
      (error: WireError) => {
        assert.equal(error.code, code, what);
        assert.match(error.message, /^Cannot create plan "bad": [^\n]*$/);
        assert.match(error.message, message, what);
        assert.doesNotMatch(error.message, /hunter/, what);
        return true;
      },
    );
  }
  assert.deepEqual(await client.getKeys(""), []);
  const line = "set k */5/1 * * * * * mysql";
  const told = [
    await forsun(daemon, `${line} 'passwd=${secret};port=99999;sql=do 0'`),
    await forsun(daemon, `${line} 'passwd=${secret}'`),
    await forsun(daemon, `set k */x * * * * * thrift 'passwd=${secret}'`),
  ];
  assert.match(told[0], /Param "port" .*, got "99999" \(error 1007\)\n$/);
  assert.match(told[1], /Param "sql" .* is missing \(error 1007\)\n$/);
  for (const text of [...told, daemon.log()]) {
    assert.doesNotMatch(text, /hunter/);
  }
});

Deno.test("hosts that don't resolve fail their plans, and no password shows anywhere", async () => {
  await using folder = await tempFolder();
  await using daemon = await startDaemon({
    file: join(folder.path, "store"),
    args: ["--log-level", "DEBUG"],
    env: { STORE_STATUS_EXPRIED: "600", ACTION_MYSQL_PASSWD: secret },
  });
  using connection = await daemon.connect();
  const { client } = connection;
  const common = { host: "nowhere.invalid", retry_max_count: "0" };
  const plans: Readonly<Record<string, Params>> = {
    redis: { ...common, command: "PING", password: secret },
    beanstalk: { ...common, body: "{}" },
    mysql: { ...common, sql: "do 0", passwd: secret },
    thrift: common,
    http: {
      ...common,
      url: `http://u:${secret}@nowhere.invalid/`,
      auth_password: secret,
    },
  };
  for (const [action, params] of Object.entries(plans)) {
    await client.createTimeout(action, 1, ...none, 1, action, params);
  }
  // Its password is the daemon's own.
  const port = String(freePort());
  const own = { port, sql: "do 0", retry_max_count: "0" };
  await client.createTimeout("own", 1, ...none, 1, "mysql", own);
  await eventually(async () =>
    (await client.getPlans("", "", 10)).every(({ outcome }) => outcome)
  );
  for (const action of Object.keys(plans)) {
    const { outcome } = await client.inspect(action);
    assert.equal(outcome?.status, -1);
    assert.match(
      outcome?.detail ?? "",
      /^no connection to nowhere\.invalid:\d+: [^\n]+$/,
      action,
    );
  }
  const told = [
    await forsun(daemon, "ls"),
    await forsun(daemon, "get mysql"),
    await forsun(daemon, "info"),
    JSON.stringify(await client.info()),
    ...await Promise.all(
      [...Object.keys(plans), "own"].map(async (key) =>
        (await client.inspect(key)).outcome?.detail ?? ""
      ),
    ),
  ];
  assert.match(told[0], / mysql .*passwd=\*\*\*/);
  await daemon.end("SIGTERM");
  for (const text of [...told, daemon.log()]) {
    assert.doesNotMatch(text, /hunter/);
  }
});

Deno.test("10 MB of params arrive where the action takes them, and the daemon goes on", async () => {
  await using folder = await tempFolder();
  await using daemon = await startDaemon({ file: join(folder.path, "store") });
  using connection = await daemon.connect();
  const { client } = connection;
  const received = Promise.withResolvers<string>();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      received.resolve(await request.text());
      return new Response();
    },
  );
  const body = "x".repeat(10 * 1024 * 1024);
  await assert.rejects(
    client.createTimeout("shell", 1, ...none, 1, "shell", { cmd: `: ${body}` }),
    {
      code: 1007,
      message:
        'Cannot create plan "shell": Param "cmd" of action "shell" must be at most 131071 bytes long, got ": ' +
        "x".repeat(98) + '…"',
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const post = { url, method: "post", body };
  await client.createTimeout("http", 1, ...none, 1, "http", post);
  assert.ok(await received.promise === body);
  const port = String(freePort());
  const others: Readonly<Record<string, Params>> = {
    redis: { port, command: `SET a ${body}` },
    beanstalk: { port, body },
    mysql: { port, sql: `select length('${body}')` },
    thrift: { port, body },
  };
  for (const [action, params] of Object.entries(others)) {
    await client.createTimeout(action, 1, ...none, 1, action, {
      ...params,
      retry_max_count: "0",
    });
  }
  await eventually(async () => (await client.info()).plan_count === "0");
  const { action_executed_error_count } = await client.info();
  assert.equal(action_executed_error_count, "4");
  assert.ok(daemon.log().length < 20_000);
});
