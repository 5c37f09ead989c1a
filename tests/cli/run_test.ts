import assert from "node:assert/strict";
import { version } from "../../src/version.ts";
import { stillClock } from "../support/still_clock.ts";
import { startTestDaemon } from "../support/test_daemon.ts";
import { runInProcess, type RunResult } from "./in_process.ts";

const clock = stillClock("2026-11-23T08:31:55Z");
const timeZone = "Asia/Shanghai";

/** A daemon at that time, and a way to run commands with it. */
async function setUp() {
  const daemon = await startTestDaemon({ clock });
  const { port } = daemon;
  return {
    forsun: (...args: string[]): Promise<RunResult> =>
      runInProcess(args, { clock, timeZone, port }),
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  };
}

function printed(...lines: string[]): RunResult {
  return {
    status: 0,
    stdout: lines.map((line) => `${line}\n`).join(""),
    stderr: "",
  };
}

function refused(line: string): RunResult {
  return { status: 1, stdout: "", stderr: `forsun: ${line}\n` };
}

const soon = `2026-11-23 16:32:00+08:00 soon */5/1 * * * * * shell "cmd='ls'"`;
const daily =
  `2026-11-23 17:00:00+08:00 daily TZ=UTC 0 0 9 * * * http "url='http://x/';auth_username='me';auth_password=***"`;
const shownDaily = daily.replace("***", "'hunter2'");
const setDaily = [
  ...["set", "daily", "--daily", "09:00", "--tz", "UTC", "--http", "http://x/"],
  ...["--param", "auth_username=me", "--param", "auth_password=hunter2"],
];

Deno.test("run() runs a line of commands and prints what comes of each", async () => {
  await using daemon = await setUp();
  const { forsun } = daemon;
  const line = "set soon */5/1 * * * * * sh 'cmd=ls'; get soon; ls s*; rm soon";
  assert.deepEqual(await forsun(line), printed(soon, soon, soon, "success"));
  assert.deepEqual(await forsun("ls"), printed());
});

Deno.test("run() runs a command in words and with flags", async () => {
  await using daemon = await setUp();
  const { forsun } = daemon;
  const words = [
    "set",
    "soon",
    "*/5/1",
    "*",
    "*",
    "*",
    "*",
    "*",
    "shell",
    "cmd=ls",
  ];
  assert.deepEqual(await forsun(...words), printed(soon));
  assert.deepEqual(await forsun(...setDaily), printed(daily));
  assert.deepEqual(await forsun("ls"), printed(daily, soon));
  assert.deepEqual(await forsun("ls", "*"), printed(daily, soon));
  assert.deepEqual(await forsun("ls", "so*"), printed(soon));
  assert.deepEqual(await forsun("ls", "--prefix", "d"), printed(daily));
  assert.deepEqual(await forsun("ls", "--prefix", "d*"), printed());
  assert.deepEqual(await forsun("ls", "--limit", "1"), printed(daily));
  assert.deepEqual(await forsun("ls", "s", "--limit", "1"), printed(soon));
  assert.deepEqual(await forsun("get", "soon"), printed(soon));
  const time = "2026-11-23 16:32:00";
  assert.deepEqual(await forsun("time", time), printed(soon));
  assert.deepEqual(await forsun("time", ...time.split(" ")), printed(soon));
  assert.deepEqual(await forsun("time", "1795422720"), printed(soon));
  assert.deepEqual(await forsun("time"), printed());
  assert.deepEqual(await forsun("current"), printed());
  assert.deepEqual(await forsun("rm", "soon"), printed("success"));
  assert.deepEqual(await forsun("--exe", "ls d"), printed(daily));
});

Deno.test("run() prints JSON", async () => {
  await using daemon = await setUp();
  const { forsun } = daemon;
  const set =
    '{"is_time_out":true,"key":"soon","second":5,"minute":0,"hour":0,"day":0,"month":0,"week":-1,"next_time":1795422720,"status":0,"count":1,"current_count":0,"last_timeout":0,"action":"shell","params":{"cmd":"ls"}}';
  const listed = set.replace(/\}$/, ',"created_time":1795422715}');
  assert.deepEqual(
    await forsun("set", "soon", "--in", "5", "--shell", "ls", "--json"),
    printed(set),
  );
  assert.deepEqual(await forsun("ls", "--json"), printed(listed));
  assert.deepEqual(
    await forsun("--json", "ls; get soon"),
    printed(listed, listed),
  );
  assert.deepEqual(await forsun("time", "1795422720", "--json"), printed(set));
  assert.deepEqual(await forsun("rm", "soon", "--json"), printed(set));
  assert.deepEqual(
    await forsun("version", "--json"),
    printed(`{"version":"${version}"}`),
  );
  const { stdout } = await forsun("info", "--json");
  assert.equal(JSON.parse(stdout).forsun_version, version);
});

Deno.test("run() shows passwords only when it is asked to", async () => {
  await using daemon = await setUp();
  const { forsun } = daemon;
  assert.deepEqual(await forsun(...setDaily), printed(daily));
  assert.deepEqual(
    await forsun(...setDaily, "--show-secrets"),
    printed(shownDaily),
  );
  for (
    const args of [["ls"], ["get", "daily"], ["get daily; ls"], [
      "time",
      "1795424400",
    ]]
  ) {
    const hidden = await forsun(...args);
    assert.match(hidden.stdout, /auth_password=\*\*\*/);
    assert.doesNotMatch(hidden.stdout, /hunter2/);
    const inJson = await forsun(...args, "--json");
    assert.match(inJson.stdout, /"auth_password":"\*\*\*"/);
    assert.doesNotMatch(inJson.stdout, /hunter2/);
    const shown = await forsun(...args, "--show-secrets", "--json");
    assert.match(shown.stdout, /"auth_password":"hunter2"/);
  }
});

Deno.test("run() refuses in one line, with status 1 and nothing on standard output", async () => {
  await using daemon = await setUp();
  const { forsun } = daemon;
  const cases: readonly (readonly [string[], string])[] = [
    [["get", "a"], 'No plan has the key "a" (error 1003)'],
    [["rm a"], 'No plan has the key "a" (error 1003)'],
    [["get"], "get: KEY is missing (error 1007)"],
    [["get", "a", "b"], 'get: takes one argument, got "b" too (error 1007)'],
    [["get a b"], 'get: takes one argument, got "b" too (error 1007)'],
    [["ls", "a", "b"], 'ls: takes one argument, got "b" too (error 1007)'],
    [
      ["ls", "a", "--prefix", "b"],
      "ls: give either PREFIX or --prefix (error 1007)",
    ],
    [
      ["ls", "--limit", "0"],
      `--limit must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}, got "0" (error 1007)`,
    ],
    [
      ["time", "4294967295"],
      "time: TIME must be at most 2147483647, got 4294967295 (error 1007)",
    ],
    [["lss"], "unknown command 'lss' (Did you mean ls?)"],
    [["sl", "a"], "unknown command 'sl' (Did you mean ls?)"],
    [["xyz"], "unknown command 'xyz'"],
    [["lss;"], 'no command is called "lss", did you mean "ls"? (error 1007)'],
    [["ls", "--jsno"], "unknown option '--jsno' (Did you mean --json?)"],
    [["--jsno"], "unknown option '--jsno' (Did you mean --json?)"],
    [["ls", "--limit"], "option '--limit <N>' argument missing"],
    [["--exe"], "option '--exe <LINE>' argument missing"],
    [
      ["--exe", "ls", "ls", "--limit", "1"],
      "--exe gives the commands already (error 1007)",
    ],
    [
      ["set"],
      "set: give one of --in, --every, --at, --daily and --cron, got none (error 1007)",
    ],
    [
      ["set", "a", "5m", "--in", "5m", "--shell", "ls"],
      "set: flags take the place of all words but KEY (error 1007)",
    ],
    [
      ["set", "a", "--in", "5m", "--action", "nosuch"],
      /^Cannot create plan "a": action must be one of .+, got "nosuch" \(error 1006\)$/
        .source,
    ],
    [
      ["set a */5 * * * * * nosuch x=1"],
      /^Cannot create plan "a": action must be one of .+, got "nosuch" \(error 1006\)$/
        .source,
    ],
    [
      ["set a 75 * * * * * shell ls"],
      'Cannot create plan "a": second must be 0 to 59, got 75 (error 1007)',
    ],
    [
      ["ls", "--timeout", "x"],
      '--timeout must be a whole number from 1 to 86400, got "x" (error 1007)',
    ],
    [["ls", "--host", ""], '--host must not be empty, got "" (error 1007)'],
    [
      ["help", "sett"],
      'help: no command or topic is called "sett", did you mean "set"? (error 1007)',
    ],
    [["serve"], "serve: its flags must stand behind it (error 1007)"],
    [
      ["get", "a\u001b[31m\nb", "c\u001b[31m\nd"],
      'get: takes one argument, got "c\\u001b[31m\\nd" too (error 1007)',
    ],
    [["x\u001b[31m\ny", "z"], "unknown command 'x [31m y'"],
  ];
  for (const [args, line] of cases) {
    const result = await forsun(...args);
    if (line.startsWith("^")) {
      assert.match(
        result.stderr,
        new RegExp(`^forsun: ${line.slice(1, -1)}\n$`),
      );
      assert.deepEqual([result.status, result.stdout], [1, ""]);
    } else {
      assert.deepEqual(result, refused(line), args.join(" "));
    }
  }
});

Deno.test("run() runs nothing of a line that can't be read, and stops at what fails", async () => {
  await using daemon = await setUp();
  const { forsun } = daemon;
  const set = "set soon */5/1 * * * * * shell ls";
  assert.equal((await forsun(`${set}; get`)).status, 1);
  assert.deepEqual(await forsun("ls"), printed());
  assert.deepEqual(await forsun(`${set}; get a; rm soon`), {
    status: 1,
    stdout: `${soon}\n`,
    stderr: 'forsun: No plan has the key "a" (error 1003)\n',
  });
  assert.deepEqual(await forsun("ls; exit; rm soon"), printed(soon));
  assert.deepEqual(await forsun("ls"), printed(soon));
});

Deno.test("run() does without a daemon what it can", async () => {
  const port = closedPort();
  for (const args of [["exit"], [""], [";"], ["exit; ls"]]) {
    assert.deepEqual(await runInProcess(args, { port }), printed());
  }
  assert.deepEqual(await runInProcess(["version"], { port }), printed(version));
  const { status, stdout } = await runInProcess(["help;"], { port });
  assert.equal(status, 0);
  assert.match(stdout, /^help \[COMMAND\] /);
  const none = await runInProcess(["version; ls"], { port });
  assert.deepEqual([none.status, none.stdout], [1, `${version}\n`]);
  assert.match(
    none.stderr,
    /^forsun: Cannot connect to 127\.0\.0\.1:\d+: Connection refused[^\n]*\n$/,
  );
});

Deno.test("run() gives up on a daemon that does not answer", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr as Deno.NetAddr;
  const accepted = silent.accept();
  assert.deepEqual(
    await runInProcess(["ls", "--timeout", "1"], { port }),
    refused("The daemon did not answer within 1 s"),
  );
  (await accepted).close();
});

Deno.test("run() lists all plans in the order of their keys, page by page", async () => {
  await using daemon = await setUp();
  const { forsun } = daemon;
  const keys = Array.from({ length: 2100 }, (_, i) => `key:${i}`);
  const lines = keys.map((key) => `set ${key} */500 * * * * * shell ls`);
  assert.equal((await forsun(lines.join(";"))).status, 0);
  const listed = async (...args: string[]) =>
    (await forsun("ls", ...args)).stdout.trimEnd().split("\n")
      .map((line) => line.split(" ")[2]);
  assert.deepEqual(await listed(), keys.toSorted());
  assert.deepEqual(
    await listed("--limit", "1001"),
    keys.toSorted().slice(0, 1001),
  );
  assert.deepEqual(
    await listed("key:20"),
    keys.filter((key) => key.startsWith("key:20")).toSorted(),
  );
});

Deno.test("run() helps with the language, flags and subcommands", async () => {
  const [help, set, flags, own, serve, exit, version] = await Promise.all([
    runInProcess(["help"]),
    runInProcess(["help", "set"]),
    runInProcess(["--help"]),
    runInProcess(["set", "--help"]),
    runInProcess(["help", "serve"]),
    runInProcess(["help", "exit"]),
    runInProcess(["--version"]),
  ]);
  for (const { status, stderr } of [help, set, flags, own, serve, exit]) {
    assert.deepEqual([status, stderr], [0, ""]);
  }
  assert.match(help.stdout, /^help \[COMMAND\] .+\n\nIn a shell, /s);
  assert.match(help.stdout, /forsun help TOPIC explains .+\.\n$/);
  assert.match(
    set.stdout,
    /^set KEY .+\n\nforsun set --help lists its flags\.\n$/s,
  );
  assert.match(
    flags.stdout,
    /^Usage: forsun \[options\] .+Commands:\n {2}serve +run/s,
  );
  assert.match(own.stdout, /\nExamples:\n {2}forsun "set ls .+ --in 30m /s);
  assert.match(serve.stdout, /^Usage: forsun serve .+--mem-fsync <WHEN>/s);
  assert.match(serve.stdout, /\nWho may do what:\n {2}--token-file <FILE> /);
  assert.match(exit.stdout, /^exit\n\n {2}leave the prompt\n/);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});

Deno.test("run() is the daemon under the name forsund, with its flags", async () => {
  const name = "/usr/local/bin/forsund";
  const { stdout } = await runInProcess(["--help"], { name });
  assert.match(stdout, /^Usage: forsun serve /);
  assert.deepEqual(
    await runInProcess(["--nodemon", "--drvier", "mem"], { name }),
    refused("unknown option '--drvier' (Did you mean --driver?)"),
  );
  assert.deepEqual(
    await runInProcess(["--nodemon", "--demon"], { name }),
    refused("--demon and --nodemon exclude each other (error 1007)"),
  );
  assert.deepEqual(
    await runInProcess(["ls"], { name }),
    refused(
      "too many arguments for 'serve'. Expected 0 arguments but got 1: ls.",
    ),
  );
});

/** A port that nobody listens on. */
function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
