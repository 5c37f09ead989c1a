import assert from "node:assert/strict";
import { join } from "node:path";
import { formatProgress, Progress } from "../../src/cli/progress.ts";
import { eventually } from "../support/eventually.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { stillClock } from "../support/still_clock.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { startTestDaemon } from "../support/test_daemon.ts";
import { createRecordingTerminal, runInProcess } from "./in_process.ts";

const clock = stillClock("2026-11-24T10:00:00Z");

/** A daemon, a folder for files, and a way to run commands. */
async function setUp() {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await tempFolder());
  const { port } = resources.use(await startTestDaemon({ clock }));
  const owned = resources.move();
  return {
    folder: folder.path,
    forsun: (...args: string[]) => runInProcess(args, { clock, port }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function write(path: string, lines: readonly unknown[]): Promise<void> {
  const texts = lines.map((line) =>
    typeof line === "string" ? line : JSON.stringify(line)
  );
  await Deno.writeTextFile(path, `${texts.join("\n")}\n`);
}

/** The keys that a list prints. */
function keysIn(stdout: string): string[] {
  return stdout.trim().split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line).key);
}

const params = { cmd: "true" };

Deno.test("forsun import creates plans of JSON and crontab lines, and tells what it refuses", async () => {
  await using setup = await setUp();
  const path = join(setup.folder, "plans");
  await write(path, [
    { key: "a", in: "30m", params },
    "b 0 32 16 * * * shell ls",
    "# a comment",
    "",
    { key: "c", action: "nope" },
    { key: "d", second: "x" },
    "e 1 2 shell",
    { key: "f", method: "create", cron: "0 9 * * *", params },
    { key: "g", is_time_out: true, next_time: 2e9, day: 32768, params },
    { key: "h", is_time_out: false, next_time: 2e9, month: 32768, params },
  ]);
  const { status, stdout, stderr } = await setup.forsun("import", path);
  assert.equal(status, 1);
  assert.equal(stdout, "created 3 plans, refused 5\n");
  const lines = stderr.trim().split("\n");
  assert.match(lines[0], /^forsun: import: line 5: .*action must be one of/);
  assert.match(lines[1], /^forsun: import: line 6: second must be a whole/);
  assert.match(lines[2], /^forsun: import: line 7: /);
  assert.match(lines[3], /plan "g": the delay must be at most 32767 days/);
  assert.match(lines[4], /plan "h": month must be 0 to 32767, got 32768/);
  const { stdout: list } = await setup.forsun("ls", "--json");
  assert.deepEqual(keysIn(list), ["a", "b", "f"]);
  const refusals = [
    ["--clock-offset", "0", "--clock-offset is for the first daemon's plans"],
    ["--prefix", "forsun", "--prefix needs --redis"],
    ["--server-id", "0", "--server-id needs --redis"],
  ];
  for (const [flag, value, text] of refusals) {
    const refused = await setup.forsun("import", path, flag, value);
    assert.equal(refused.status, 1);
    assert.ok(refused.stderr.startsWith(`forsun: ${text}`), refused.stderr);
  }
  const missing = await setup.forsun("import", `${path}.none`);
  assert.match(missing.stderr, /^forsun: Cannot read .+: .+\n$/);
});

Deno.test("forsun export prints what forsun import takes back as it was", async () => {
  await using one = await setUp();
  await using other = await setUp();
  const commands = [
    "set a */40/3 * * * * * shell 'cmd=ls'",
    "set b 0 32 16 * * * http 'url=http://me:secret@x/;auth_password=hunter2'",
    "set c TZ=Asia/Tokyo cron '0 9 * * MON' shell 'cmd=ls'",
    "set far * * * */300/1 * * shell 'cmd=ls'",
  ];
  const set = await one.forsun(commands.join("; "));
  assert.equal(set.stderr, "");
  const { stdout, status } = await one.forsun("export");
  assert.equal(status, 0);
  assert.deepEqual(keysIn(stdout), ["a", "b", "c", "far"]);
  assert.ok(stdout.includes("hunter2") && stdout.includes("secret"));
  const path = join(other.folder, "plans");
  await Deno.writeTextFile(path, stdout);
  const imported = await other.forsun("import", path, "--json");
  assert.deepEqual(JSON.parse(imported.stdout), {
    created: 4,
    over: 0,
    refused: 0,
  });
  assert.equal((await other.forsun("export")).stdout, stdout);
  const some = await one.forsun("export", "--prefix", "f");
  assert.deepEqual(keysIn(some.stdout), ["far"]);
});

Deno.test("forsun export leaves out what is over, and forsun import passes it over", async () => {
  await using daemon = await startTestDaemon({
    flags: { http: "127.0.0.1:0" },
    environment: { STORE_STATUS_EXPRIED: "600" },
  });
  await using other = await setUp();
  const { port, httpPort } = daemon;
  const forsun = (...args: string[]) => runInProcess(args, { port });
  await forsun(
    "set far */500 * * * * * shell true; set over */0 * * * * * sh :",
  );
  let all = "";
  await eventually(async () => {
    all = (await forsun("ls", "--json")).stdout;
    return /"over".*"next_time":0,.*"outcome"/.test(all);
  });
  assert.deepEqual(keysIn(all), ["far", "over"]);
  assert.deepEqual(keysIn((await forsun("export")).stdout), ["far"]);
  const export_ = `http://127.0.0.1:${httpPort}/v1/plans/export`;
  const exported = await (await fetch(export_)).text();
  assert.deepEqual(keysIn(exported), ["far"]);
  const path = join(other.folder, "plans");
  await Deno.writeTextFile(path, all);
  assert.deepEqual(await other.forsun("import", path), {
    status: 0,
    stdout: "created 1 plans, refused 0, 1 over\n",
    stderr: "",
  });
});

Deno.test("forsun ls lists by next occurrence, from a time on and behind a key", async () => {
  await using setup = await setUp();
  const path = join(setup.folder, "plans");
  const lines = Array.from({ length: 2300 }, (_, at) => ({
    key: `k:${at}`,
    second: 100 + at % 3,
    params,
  }));
  await write(path, [...lines, { key: "a", second: 5, params }]);
  await setup.forsun("import", path);
  const list = async (...args: string[]) => {
    const { stdout, stderr } = await setup.forsun("ls", "--json", ...args);
    assert.equal(stderr, "");
    return keysIn(stdout);
  };
  const byTime = await list("--order", "next");
  assert.equal(byTime.length, 2301);
  assert.equal(new Set(byTime).size, 2301);
  assert.deepEqual(byTime.slice(0, 3), ["a", "k:0", "k:1002"]);
  assert.deepEqual(await list("--order", "next", "--limit", "1"), ["a"]);
  const from = ["--order", "next", "--from", "2026-11-24 10:01:42"];
  assert.equal((await list(...from)).length, 766);
  assert.deepEqual((await list("--prefix", "k:", ...from)).slice(0, 1), [
    "k:1001",
  ]);
  assert.deepEqual(await list("--after", "k:998"), ["k:999"]);
  assert.deepEqual(await list("--after", "a", "--limit", "1"), ["k:0"]);
  const refusals = [
    [["--order", "up"], /--order must be key or next, got "up"/],
    [["--order", "next", "--after", "a"], /--after is for --order key/],
    [["--from", "5"], /--from is for --order next/],
    [
      ["--order", "next", "--from", "soon"],
      /--from must be an epoch or .*"soon"/,
    ],
  ] as const;
  for (const [args, text] of refusals) {
    const { status, stderr } = await setup.forsun("ls", ...args);
    assert.equal(status, 1);
    assert.match(stderr, text);
  }
});

Deno.test("forsun rm --prefix removes many plans, all only with --all", async () => {
  await using setup = await setUp();
  const path = join(setup.folder, "plans");
  const lines = Array.from({ length: 2100 }, (_, at) => ({
    key: `k:${at}`,
    second: 100,
    params,
  }));
  await write(path, [...lines, { key: "a", second: 5, params }]);
  await setup.forsun("import", path);
  const { stdout } = await setup.forsun("rm", "--prefix", "k:");
  assert.equal(stdout, "removed 2100 plans\n");
  for (
    const args of [["--prefix", ""], ["--prefix", "a", "a"], ["--all", "a"], []]
  ) {
    const { status, stderr } = await setup.forsun("rm", ...args);
    assert.equal(status, 1);
    assert.match(stderr, /^forsun: rm: .+\n$/);
  }
  assert.equal((await setup.forsun("rm", "a")).stdout, "success\n");
  const all = await setup.forsun("rm", "--all", "--json");
  assert.equal(all.stdout, '{"removed":0}\n');
});

Deno.test("formatProgress() shows a bar where the whole is known", () => {
  const rate = { count: 1_234_567, perSecond: 54_321.4 };
  assert.equal(
    formatProgress({ ...rate, share: 0.5 }),
    "[===============>              ]  50 %  1,234,567 plans  54,321/s",
  );
  assert.equal(
    formatProgress({ ...rate, share: 1 }),
    "[==============================] 100 %  1,234,567 plans  54,321/s",
  );
  const unknown = formatProgress({ ...rate, share: undefined });
  assert.equal(unknown, "1,234,567 plans  54,321/s");
});

Deno.test("Progress shows itself a few times a second, and goes in the end", async () => {
  const fake = new FakeClock(0);
  const shown: string[] = [];
  const terminal = {
    ...createRecordingTerminal({ clock: fake }),
    status: (line: string) => void shown.push(line),
  };
  {
    using progress = new Progress(terminal, 100);
    progress.show(1, 10);
    progress.show(2, 20);
    await fake.advance(150);
    progress.show(3, 30);
  }
  assert.equal(shown.length, 3);
  assert.match(shown[1], /30 % {2}3 plans {2}20\/s$/);
  assert.equal(shown[2], "");
});
