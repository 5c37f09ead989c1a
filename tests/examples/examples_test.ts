import assert from "node:assert/strict";
import { join } from "node:path";
import { buildNpm } from "../../scripts/build_npm.ts";
import {
  requireCommand,
  requireSuccess,
  testWith,
} from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { startTestDaemon } from "../support/test_daemon.ts";

const root = join(import.meta.dirname ?? ".", "../..");
const examples = join(root, "examples");
const python = "/usr/bin/python3";
const isNode20 = "process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)";

/** Runs a program to its end, which has to be a good one; gives what it printed. */
async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    env,
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  const decoder = new TextDecoder();
  assert.equal(decoder.decode(stderr), "");
  assert.equal(code, 0);
  return decoder.decode(stdout);
}

testWith(
  {
    "thrift-compiler": await requireCommand("thrift"),
    "python3-thrift": await requireSuccess(python, "-c", "import thrift"),
  },
  "examples/python works",
  async () => {
    await using folder = await tempFolder();
    await using daemon = await startTestDaemon();
    const idl = join(root, "forsun.thrift");
    await run("thrift", ["--gen", "py", "-o", folder.path, idl]);
    const script = join(examples, "python/order_timeout.py");
    const env = {
      FORSUN_GEN_PY: join(folder.path, "gen-py"),
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const port = String(daemon.port);
    assert.equal(
      await run(python, [script, "127.0.0.1", port], env),
      "order:17 runs in 30 minutes\nplans: order:17\npaid in time: True\npaid in time: False\n",
    );
  },
);

testWith(
  {
    "php-curl": await requireSuccess(
      ...["php", "-r", "exit(extension_loaded('curl') ? 0 : 1);"] as const,
    ),
  },
  "examples/php works",
  async () => {
    await using daemon = await startTestDaemon({
      flags: { http: "127.0.0.1:0" },
    });
    const url = `http://127.0.0.1:${daemon.httpPort}`;
    const script = join(examples, "php/order_timeout.php");
    assert.equal(
      await run("php", [script, url]),
      [
        "order:17 runs in 1800 s",
        "plans: order:17",
        "paid in time: yes",
        "paid in time: no",
        "found: no",
        '1007 Cannot create plan "report": hour must be 0 to 23, got 25',
        "",
      ].join("\n"),
    );
  },
);

testWith(
  { curl: await requireCommand("curl") },
  "examples/curl works",
  async () => {
    await using daemon = await startTestDaemon({
      flags: { http: "127.0.0.1:0" },
    });
    const url = `http://127.0.0.1:${daemon.httpPort}`;
    const text = await run("/bin/sh", [join(examples, "curl/plans.sh"), url]);
    const [created, crontab, keys, plan, none] = text.trimEnd().split("\n").map(
      (line) => JSON.parse(line),
    );
    assert.deepEqual([created.errcode, created.data.minute], [0, 30]);
    const keysOf = (plans: readonly { readonly key: string }[]) =>
      plans.map(({ key }) => key);
    assert.deepEqual(keysOf(crontab.data), ["report", "ping"]);
    assert.deepEqual(keys.data, ["order:17", "ping", "report"]);
    assert.equal(plan.data.params.method, "post");
    assert.deepEqual(none, { errcode: 0, errmsg: "", data: [] });
  },
);

testWith(
  { "node 20": await requireSuccess("node", "-e", isNode20) },
  "examples/node works",
  async () => {
    await using folder = await tempFolder();
    await using daemon = await startTestDaemon();
    const modules = join(folder.path, "node_modules");
    await Deno.mkdir(modules);
    await buildNpm(join(modules, "forsun-client"));
    const script = join(folder.path, "orders.mjs");
    await Deno.copyFile(join(examples, "node/orders.mjs"), script);
    assert.equal(
      await run("node", [script, "127.0.0.1", String(daemon.port)]),
      [
        "plans: order:17, order:18, order:19",
        "paid in time: true",
        "paid in time: false",
        "order:18 calls http://localhost:8080/orders/18/unpaid",
        "order:19 calls http://localhost:8080/orders/19/unpaid",
        "",
      ].join("\n"),
    );
  },
);

/** Marks of signatures that are none, in the hands of whoever wants to see an error. */
const strange = (now: number) => [
  "",
  "t=",
  "t=\u00b2,a=",
  `t=${now},a=\u00fc`,
  `t=${now},a=\ud800`,
  `t=${now},t=x,a`,
  `t=${now}e0,a=00`,
];

testWith(
  { python3: await requireSuccess(python, "-c", "") },
  "examples/verify_signature/verify.py takes strange signatures for wrong ones",
  async () => {
    const marks = strange(Math.floor(Date.now() / 1000));
    const script = `
import json, sys
sys.path.insert(0, sys.argv[1])
from verify import is_genuine
for marks in json.loads(sys.argv[2]):
    headers = {"x-forsun-signature": marks}
    print(is_genuine({"a": "secret"}, "GET", "http://a/", headers, b""))
`;
    const folder = join(examples, "verify_signature");
    const env = { PYTHONDONTWRITEBYTECODE: "1" };
    const printed = await run(
      python,
      ["-c", script, folder, JSON.stringify(marks)],
      env,
    );
    assert.equal(printed, "False\n".repeat(marks.length));
  },
);

Deno.test("examples/verify_signature/verify.mjs takes strange signatures for wrong ones", async () => {
  const { isGenuine } = await import(
    "../../examples/verify_signature/verify.mjs"
  );
  for (const marks of strange(Math.floor(Date.now() / 1000))) {
    const request = {
      method: "GET",
      url: "http://a/",
      headers: { "x-forsun-signature": marks },
      body: new Uint8Array(),
    };
    assert.equal(isGenuine({ a: "secret" }, request), false);
  }
});

testWith(
  { php: await requireSuccess("php", "-r", "") },
  "examples/verify_signature/verify.php takes strange signatures for wrong ones",
  async () => {
    const marks = strange(Math.floor(Date.now() / 1000));
    const script = `
require $argv[1];
foreach (json_decode($argv[2], true, 512, JSON_INVALID_UTF8_SUBSTITUTE) ?? [] as $marks) {
  $headers = ['x-forsun-signature' => $marks];
  echo is_genuine(['a' => 'secret'], 'GET', 'http://a/', $headers, '') ? 'yes' : 'no', "\\n";
}`;
    const file = join(examples, "verify_signature/verify.php");
    const sent = JSON.stringify(marks.filter((one) => one.isWellFormed()));
    const printed = await run("php", ["-r", script, file, sent]);
    assert.equal(printed, "no\n".repeat(marks.length - 1));
  },
);
