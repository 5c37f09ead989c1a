import {
  deepStrictEqual,
  match,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import type { Action, ActionResult } from "../../src/action/action.ts";
import {
  createShellAction,
  type ShellOptions,
} from "../../src/action/shell.ts";
import type { Params } from "../../src/core/plan.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { openDescriptors, ownZombies, processState } from "./processes.ts";

const never = new AbortController().signal;

function shell(options: Partial<ShellOptions> = {}): Action {
  return createShellAction({
    cwd: "/tmp",
    timeoutMs: 20_000,
    concurrency: 8,
    ...options,
  });
}

function run(params: Params, action = shell()): Promise<ActionResult> {
  const call = { key: "order:1", second: 1_700_000_000, attempt: 2, params };
  return action.execute(call, never);
}

Deno.test("action shell succeeds with exit status 0 and keeps both outputs in order", async () => {
  const cmd = "echo a; echo b >&2; echo c";
  deepStrictEqual(await run({ cmd }), {
    kind: "succeeded",
    detail: "a\nb\nc\n",
  });
});

Deno.test("action shell fails for good with another exit status", async () => {
  deepStrictEqual(await run({ cmd: "echo no; exit 3" }), {
    kind: "failed",
    detail: "exit status 3\nno\n",
    retryable: false,
  });
});

Deno.test("action shell fails for good when the command is killed", async () => {
  deepStrictEqual(await run({ cmd: "kill -TERM $$" }), {
    kind: "failed",
    detail: "killed by SIGTERM",
    retryable: false,
  });
});

Deno.test("action shell reports a syntax error with the shell's own words", async () => {
  const result = await run({ cmd: "if" });
  strictEqual(result.kind, "failed");
  match(result.detail, /^exit status 2\n.*[Ss]yntax error/);
});

Deno.test("action shell passes on PATH, HOME and LANG but nothing else", async () => {
  Deno.env.set("FORSUN_TEST_LEAK", "1");
  const { detail } = await run({ cmd: "env" });
  Deno.env.delete("FORSUN_TEST_LEAK");
  const names = detail.trim().split("\n").map((line) => line.split("=")[0]);
  ok(names.includes("PATH"));
  const expected = ["PATH", "HOME", "LANG"].filter((name) =>
    Deno.env.has(name)
  );
  const ours = ["FORSUN_ATTEMPT", "FORSUN_KEY", "FORSUN_TIMESTAMP"];
  // The shell itself adds PWD, and bash some more.
  const byShell = ["PWD", "SHLVL", "_", "OLDPWD"];
  deepStrictEqual(
    names.filter((name) => !byShell.includes(name)).sort(),
    [...expected, ...ours].sort(),
  );
});

Deno.test("action shell tells the command which occurrence and attempt it is", async () => {
  const cmd = 'echo "$FORSUN_KEY $FORSUN_TIMESTAMP $FORSUN_ATTEMPT"';
  const { detail } = await run({ cmd, env: "FORSUN_KEY=mine" });
  strictEqual(detail, "order:1 1700000000 2\n");
});

Deno.test("action shell runs in param cwd, else in the default folder", async () => {
  await using folder = await tempFolder();
  const path = await Deno.realPath(folder.path);
  strictEqual((await run({ cmd: "pwd", cwd: path })).detail, `${path}\n`);
  const action = shell({ cwd: path });
  strictEqual((await run({ cmd: "pwd" }, action)).detail, `${path}\n`);
});

Deno.test("action shell fails for now when the folder doesn't exist", async () => {
  await using folder = await tempFolder();
  const cwd = `${folder.path}/none`;
  deepStrictEqual(await run({ cmd: "echo hi", cwd }), {
    kind: "failed",
    detail: `could not start: Failed to spawn '/bin/sh': No such cwd '${cwd}'`,
    retryable: true,
  });
});

Deno.test("action shell gives the command no input", async () => {
  deepStrictEqual(await run({ cmd: "cat; echo end" }), {
    kind: "succeeded",
    detail: "end\n",
  });
});

for (const path of [Deno.env.get("PATH") ?? "", "/nowhere"]) {
  const how = path === "/nowhere" ? "without setsid(1)" : "with setsid(1)";

  Deno.test(`action shell starts a session and a process group of its own ${how}`, async () => {
    const action = shell({ environment: { PATH: path } });
    const cmd =
      "read -r _ _ _ _ group session _ < /proc/$$/stat; echo $$ $group $session";
    const [pid, group, session] = (await run({ cmd }, action)).detail.split(
      /\s+/,
    );
    match(pid, /^\d+$/);
    deepStrictEqual([group, session], [pid, pid]);
  });

  Deno.test(`action shell kills the whole process group at the time-out ${how}`, async () => {
    const action = shell({ environment: { PATH: path } });
    const cmd = "(while :; do :; done) & echo $!; wait";
    const result = await run({ cmd, timeout: "0.3" }, action);
    const [what, pid] = result.detail.trim().split("\n");
    deepStrictEqual([result.kind, what], [
      "failed",
      "timed out after 0.3 s, process group killed",
    ]);
    strictEqual(result.kind === "failed" && result.retryable, false);
    // Whoever inherits it may be slow in reaping it, but it doesn't run any more.
    await eventually(async () =>
      "Z" === (await processState(Number(pid)) ?? "Z")
    );
  });
}

Deno.test("action shell ends a command that ignores TERM, by the default time-out", async () => {
  const action = shell({ timeoutMs: 200 });
  const { detail } = await run({ cmd: "trap '' TERM; sleep 1000" }, action);
  strictEqual(detail, "timed out after 0.2 s, process group killed");
});

Deno.test("action shell survives a time-out that comes before the command", async () => {
  const results = await Promise.all(
    Array.from(
      { length: 8 },
      () => run({ cmd: "sleep 1000", timeout: "0.001" }),
    ),
  );
  for (const { detail } of results) match(detail, /^timed out after 0\.001 s/);
});

Deno.test("action shell kills the command when its signal aborts", async () => {
  const abort = new AbortController();
  await using folder = await tempFolder();
  const pidFile = `${folder.path}/pid`;
  const cmd =
    `echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; sleep 1000`;
  const call = { key: "a", second: 1, attempt: 1, params: { cmd } };
  const running = shell().execute(call, abort.signal);
  await eventually(() => Deno.stat(pidFile).then(() => true, () => false));
  abort.abort();
  deepStrictEqual(await running, {
    kind: "failed",
    detail: "given up before its end",
    retryable: true,
  });
  strictEqual(
    await processState(Number(await Deno.readTextFile(pidFile))),
    undefined,
  );
});

Deno.test("action shell starts nothing once its signal has aborted", async () => {
  await using folder = await tempFolder();
  const params = { cmd: `touch ${folder.path}/ran` };
  const call = { key: "a", second: 1, attempt: 1, params };
  const result = await shell().execute(call, AbortSignal.abort());
  strictEqual(result.kind === "failed" && result.retryable, true);
  strictEqual((await Array.fromAsync(Deno.readDir(folder.path))).length, 0);
});

Deno.test("action shell doesn't wait for a background process that keeps the pipe open", async () => {
  const start = performance.now();
  const result = await run({ cmd: "sleep 1000 & echo $!" });
  const pid = Number(result.detail);
  strictEqual(result.kind, "succeeded");
  ok(performance.now() - start < 5000);
  strictEqual(await processState(pid), "S");
  Deno.kill(pid, "SIGKILL");
});

Deno.test("action shell doesn't wait for a background process that goes on printing", async () => {
  const start = performance.now();
  const result = await run({ cmd: "yes & true" });
  strictEqual(result.kind, "succeeded");
  ok(performance.now() - start < 5000);
});

Deno.test("action shell keeps the last 4 KiB of 100 MB in bounded memory", async () => {
  const before = Deno.memoryUsage().rss;
  let max = 0;
  const watch = setInterval(
    () => max = Math.max(max, Deno.memoryUsage().rss),
    5,
  );
  const cmd = "head -c 100000000 /dev/zero | tr '\\0' x; printf end";
  const { kind, detail } = await run({ cmd });
  clearInterval(watch);
  strictEqual(kind, "succeeded");
  strictEqual(detail, `${"x".repeat(4093)}end`);
  ok(max - before < 50_000_000, `grew by ${max - before} bytes`);
});

Deno.test("action shell cuts the output between characters, within 4 KiB in all", async () => {
  const action = shell();
  const euros = (count: number) =>
    `i=0; while [ $i -lt ${count} ]; do printf €; i=$((i+1)); done`;
  strictEqual(
    (await run({ cmd: euros(1400) }, action)).detail,
    "€".repeat(1365),
  );
  strictEqual(
    (await run({ cmd: `${euros(1400)}; exit 3` }, action)).detail,
    `exit status 3\n${"€".repeat(1360)}`,
  );
});

Deno.test("action shell leaves neither zombies nor descriptors behind", async () => {
  const action = shell();
  await run({ cmd: ":" }, action);
  const before = await openDescriptors();
  const commands = [":", "exit 1", "yes & true", "kill -9 $$", "sleep 1000"];
  await Promise.all(
    [...commands, ...commands].map((cmd) =>
      run({ cmd, timeout: "0.2" }, action)
    ),
  );
  await eventually(async () => (await ownZombies()).length === 0);
  await eventually(async () => await openDescriptors() <= before);
});

Deno.test("action shell takes keys that no variable can hold as they are", async () => {
  const call = {
    key: "a\0b",
    second: 1,
    attempt: 1,
    params: { cmd: 'printf "$FORSUN_KEY"' },
  };
  const { detail } = await shell().execute(call, never);
  strictEqual(detail, "a\ufffdb");
});

Deno.test("action shell fails for good with params that check() refuses", async () => {
  deepStrictEqual(await run({}), {
    kind: "failed",
    detail: 'Param "cmd" of action "shell" is missing',
    retryable: false,
  });
});

Deno.test("check() refuses commands that could never start", () => {
  const refused: Params[] = [
    {},
    { cmd: "" },
    { cmd: "a\0b" },
    { cmd: "é".repeat(65_536) },
    { cmd: "true", cwd: "/\0" },
    { cmd: "true", env: "A=\0" },
    { cmd: "true", env: "1A=b" },
    { cmd: "true", timeout: "0" },
    { cmd: "true", timeout: "86401" },
  ];
  for (const params of refused) {
    throws(() => shell().check(params), { code: 1007 });
  }
  shell().check({ cmd: "true", env: "A=b; C=d;", timeout: "0.5", other: "x" });
});
