import assert from "node:assert/strict";
import { join } from "node:path";
import { version } from "../../src/version.ts";
import { eventually } from "../support/eventually.ts";
import { runInProcess } from "./in_process.ts";
import { openPseudoTerminal } from "./pseudo_terminal.ts";
import { openTestShell, type TestShell } from "./shell.ts";

/** Starts `forsund` in the foreground and waits until it is ready. */
async function startForsund(
  { folder, env }: TestShell,
  args: readonly string[],
  isWritten = (pid: string) => pid !== "",
): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(join(folder, "forsund"), {
    args: [...args, "--pid-file", "pid"],
    cwd: folder,
    clearEnv: true,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let isOver = false;
  child.status.then(() => isOver = true);
  while (!isWritten(await readText(join(folder, "pid")))) {
    assert(!isOver, await readText(join(folder, "log")));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return child;
}

/** The text of a file, empty when there is none. */
async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return "";
  }
}

/** Where the log says that the daemon listens; it is written a little later. */
async function readPort(path: string): Promise<number> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const log = await readText(path);
    const ready = / is ready on 127\.0\.0\.1:(\d+) /.exec(log);
    if (ready !== null) return Number(ready[1]);
    assert(performance.now() < deadline, log);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ends the process that a pid file names, and waits until the file is gone. */
async function endDemon(pidFile: string): Promise<void> {
  Deno.kill(Number(await Deno.readTextFile(pidFile)), "SIGTERM");
  while (await readText(pidFile) !== "") {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const store = ["--driver-mem-store-file", "store"];

Deno.test("forsund stays in the foreground, and has a configuration and a pid file", async () => {
  await using shell = await openTestShell();
  const { folder } = shell;
  const conf =
    "port=1\nlog_file=log\nlog_format=%m\n[store]\nmem_store_file=store\n";
  await Deno.writeTextFile(join(folder, "conf"), conf);
  const args = ["--conf", "conf", "--port", "0", "--nodemon"];
  await using child = await startForsund(shell, args);
  const pid = await readText(join(folder, "pid"));
  assert.equal(pid, `${child.pid}\n`);
  const port = await readPort(join(folder, "log"));
  const log = await readText(join(folder, "log"));
  assert.match(
    log,
    / WARNING serve: log_format \(conf line 3\) is a format of the first daemon's, text is used instead\n/,
  );
  const pong = await runInProcess(["info", "--json"], { port });
  assert.equal(JSON.parse(pong.stdout).forsun_version, version);
  child.kill("SIGTERM");
  assert.equal((await child.status).code, 0);
  assert.equal(await readText(join(folder, "pid")), "");
  assert.match(await readText(join(folder, "log")), /forsun has stopped\n$/);
});

Deno.test("forsund does not remove a pid file that is another's", async () => {
  await using shell = await openTestShell();
  const pidFile = join(shell.folder, "pid");
  const args = ["--port", "0", "--log", "log", ...store];
  await using child = await startForsund(shell, args);
  await Deno.writeTextFile(pidFile, "1\n");
  child.kill("SIGINT");
  assert.equal((await child.status).code, 0);
  assert.equal(await readText(pidFile), "1\n");
});

Deno.test("forsund refuses a pid file that another daemon has, and takes one that is left over", async () => {
  await using shell = await openTestShell();
  const pidFile = join(shell.folder, "pid");
  await Deno.writeTextFile(pidFile, "1\n");
  const args = ["--port", "0", "--log", "log", ...store];
  {
    await using child = await startForsund(
      shell,
      args,
      (pid) => !["", "1\n"].includes(pid),
    );
    assert.equal(await readText(pidFile), `${child.pid}\n`);
    const second = "--port 0 --pid-file pid --log log2";
    for (const mode of ["--nodemon", "--demon"]) {
      assert.deepEqual(await shell.run(`forsund ${mode} ${second}`), {
        status: 1,
        stdout: "",
        stderr:
          `forsun: Another daemon has the pid file pid, pid ${child.pid}\n`,
      });
    }
    child.kill("SIGTERM");
    assert.equal((await child.status).code, 0);
  }
  assert.equal(await readText(pidFile), "");
});

Deno.test("forsund --demon detaches once it is ready", async () => {
  await using shell = await openTestShell();
  const { folder } = shell;
  const files = "--log log --pid-file pid";
  const { status, stdout, stderr } = await shell.run(
    `forsund --demon --port 0 ${files} ${store.join(" ")}`,
  );
  const pid = (await readText(join(folder, "pid"))).trim();
  try {
    assert.deepEqual([status, stdout, stderr], [
      0,
      `forsun ${version} is running, pid ${pid}\n`,
      "",
    ]);
    const port = await readPort(join(folder, "log"));
    assert.equal((await runInProcess(["ls"], { port })).status, 0);
    // A session of its own has no terminal that could hang up.
    const { stdout: session } = await shell.run(`ps -o sid= -p ${pid}`);
    assert.equal(session.trim(), pid);
    const again = await shell.run(
      `forsund --demon --port 0 --log log2 ${store.join(" ")}`,
    );
    assert.deepEqual(again, {
      status: 1,
      stdout: "",
      stderr: "forsun: Another daemon has the mem store store.d open\n",
    });
    assert.match(
      await readText(join(folder, "log2")),
      / FATAL serve: Another daemon has the mem store store\.d open\n$/,
    );
  } finally {
    await endDemon(join(folder, "pid"));
  }
  assert.match(await readText(join(folder, "log")), /forsun has stopped\n$/);
});

Deno.test("forsund refuses in one line what it can't start with", async () => {
  await using shell = await openTestShell();
  await Deno.writeTextFile(join(shell.folder, "bad"), "port=1\nprot=2\n");
  await Deno.writeTextFile(join(shell.folder, "occupied"), "");
  const demon = "must be a file with --demon";
  const cases = [
    [
      "--conf nowhere",
      "Cannot read the configuration nowhere: No such file or directory (os error 2)",
    ],
    [
      "--conf .",
      "Cannot read the configuration .: Is a directory (os error 21)",
    ],
    [
      "--conf bad",
      'bad line 2 has an unknown key, "prot", did you mean "port"?',
    ],
    [
      "--port x",
      'port (--port) must be a whole number from 0 to 65535, got "x"',
    ],
    ["--port", "option '--port <N>' argument missing"],
    [
      "--demon --port x",
      'port (--port) must be a whole number from 0 to 65535, got "x"',
    ],
    ["--demon --log -", `log_file (--log) ${demon}, got "-"`],
    [
      "--demon --log no/such",
      "Cannot open the log file no/such: No such file or directory (os error 2)",
    ],
    [
      `--port 0 --pid-file . ${store.join(" ")} --log log`,
      "Cannot write the pid file .: Is a directory (os error 21)",
    ],
    [
      `--demon --port 0 --pid-file . ${store.join(" ")} --log log`,
      "Cannot write the pid file .: Is a directory (os error 21)",
    ],
    [
      "serve",
      "too many arguments for 'serve'. Expected 0 arguments but got 1: serve.",
    ],
  ];
  for (const [args, line] of cases) {
    assert.deepEqual(
      await shell.run(`forsund ${args}`),
      { status: 1, stdout: "", stderr: `forsun: ${line}\n` },
      args,
    );
  }
  const variable = "environment STORE_MEM_FSYNC";
  assert.equal(
    (await shell.run("STORE_MEM_FSYNC=never forsun serve")).stderr,
    `forsun: store.mem_fsync (${variable}) must be always, everysec or no, got "never"\n`,
  );
});

Deno.test("forsun config prints what a daemon would work with, or what is wrong", async () => {
  await using shell = await openTestShell();
  const conf = join(shell.folder, "conf");
  await Deno.writeTextFile(conf, "port = 7007\n[store]\nmem_time_rate = 1\n");
  const { status, stdout, stderr } = await shell.run(
    "ACTION_SHELL_CWD=/srv forsun config --conf conf --log-level debug",
  );
  assert.equal(status, 0);
  assert.match(stdout, /^port +7007 +conf line 1\n/);
  assert.match(stdout, /\nlog_level +DEBUG +--log-level\n/);
  assert.match(
    stdout,
    /\naction\.shell_cwd +\/srv +environment ACTION_SHELL_CWD\n/,
  );
  assert.match(
    stderr,
    /^forsun: store\.mem_time_rate \(conf line 3\) has no .+\n$/,
  );
  const { stdout: json } = await shell.run("forsun config --json --port 8");
  assert.deepEqual(JSON.parse(json).port, { value: 8, origin: "--port" });
  const { stdout: example } = await shell.run("forsun config --example");
  await Deno.writeTextFile(join(shell.folder, "example"), example);
  assert.equal((await shell.run("forsun config --conf example")).status, 0);
  assert.deepEqual(await shell.run("forsun config --port x"), {
    status: 1,
    stdout: "",
    stderr:
      'forsun: port (--port) must be a whole number from 0 to 65535, got "x"\n',
  });
  const refused = await shell.run("forsun config --port 0 --actions htp");
  assert.equal(refused.status, 1);
  assert.match(refused.stdout, /\naction\.actions +htp +--actions\n/);
  assert.match(refused.stderr, /^forsun: action\.actions must name .+"htp"\n$/);
});

Deno.test("forsund ends when the terminal that it was started on is gone, and at no other SIGHUP", async () => {
  await using shell = await openTestShell();
  const pidFile = join(shell.folder, "pid");
  const args = ["--port", "0", "--log", "log", "--pid-file", "pid", ...store];
  const terminal = openPseudoTerminal(
    [join(shell.folder, "forsund"), ...args],
    { env: shell.env, cwd: shell.folder },
  );
  try {
    await eventually(async () => await readText(pidFile) !== "");
    Deno.kill(Number(await readText(pidFile)), "SIGHUP");
    const log = join(shell.folder, "log");
    await eventually(async () => /nothing has ch/.test(await readText(log)));
  } finally {
    await terminal[Symbol.asyncDispose]();
  }
  await eventually(async () => await readText(pidFile) === "");
});
