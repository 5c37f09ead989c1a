import assert from "node:assert/strict";
import { requireCommand, testWith } from "../support/services.ts";
import { startTestDaemon } from "../support/test_daemon.ts";
import { runInProcess } from "./in_process.ts";
import { openPseudoTerminal } from "./pseudo_terminal.ts";
import { openTestShell } from "./shell.ts";

const keys = ["order:1", "order:22", "other one", "it's"];

async function startWithPlans() {
  const daemon = await startTestDaemon();
  for (const key of keys) {
    const args = ["set", key, "--in", "9h", "--shell", "true"];
    const { stderr } = await runInProcess(args, { port: daemon.port });
    assert.equal(stderr, "");
  }
  return daemon;
}

/** What `forsun complete` prints for words, the last of which is being typed. */
async function complete(...words: readonly string[]) {
  const { status, stdout } = await runInProcess(["complete", "--", ...words]);
  const values = stdout.split("\n").filter((line) => line !== "")
    .map((line) => line.split("\t")[0]);
  return { status, values };
}

Deno.test("forsun complete offers commands, flags, topics and the values of flags", async () => {
  const commands = (await complete("")).values;
  for (const name of ["serve", "set", "config", "completion", "help"]) {
    assert(commands.includes(name), name);
  }
  assert(!commands.includes("complete"));
  const cases: readonly (readonly [string, string])[] = [
    ["co", "config completion"],
    ["serve --driver-mem", "--driver-mem-store-file"],
    ["serve --mem-fsync ", "always everysec no"],
    ["set k --misfire s", "skip"],
    ["ls --order ", "key next"],
    ["serve --driver ", "mem redis"],
    ["serve --log-format ", "text json"],
    ["serve --actions b", "beanstalk"],
    ["serve --actions http;re", "http;redis"],
    ["set k --tz Europe/Ber", "Europe/Berlin"],
    ["help act", "actions"],
    ["help sche", "schedules"],
    ["completion ", "bash zsh fish"],
    ["--json ls --show", "--show-secrets"],
    ["nonsense ", ""],
    ["set k * * * * * * ht", "http"],
  ];
  for (const [line, expected] of cases) {
    const { values } = await complete(...line.split(" "));
    assert.equal(values.join(" "), expected, line);
  }
});

Deno.test("forsun complete offers the daemon's keys, as they are", async () => {
  await using daemon = await startWithPlans();
  const at = ["--port", String(daemon.port)];
  const found = (...words: string[]) => complete(...at, ...words);
  assert.deepEqual((await found("get", "")).values, [...keys].sort());
  assert.deepEqual((await found("rm", "order:2")).values, ["order:22"]);
  assert.deepEqual((await found("ls", "--prefix", "ot")).values, ["other one"]);
  assert.deepEqual((await found("get", "order:1", "")).values, []);
});

Deno.test("forsun complete leaves files to the shell, and is quiet without a daemon", async () => {
  assert.equal((await complete("serve", "--conf", "")).status, 3);
  assert.deepEqual(await complete("--port", "1", "get", "a"), {
    status: 0,
    values: [],
  });
});

/** Ctrl-U. */
const clearLine = "\x15";

/** What Tab makes of lines that are typed in an interactive shell. */
async function typeInto(
  command: readonly string[],
  setUp: string,
  lines: readonly (readonly [typed: string, becomes: string])[],
): Promise<void> {
  await using daemon = await startWithPlans();
  await using shell = await openTestShell();
  await using terminal = openPseudoTerminal(command, {
    env: shell.env,
    cwd: shell.folder,
  });
  await terminal.type(`${setUp}; PS1='>>'' '\r`);
  await terminal.until(">> ");
  for (const [typed, becomes] of lines) {
    const at = `forsun --port ${daemon.port} `;
    await terminal.type(`${at}${typed}\t`);
    await terminal.until(`${at}${becomes}`);
    await terminal.type(clearLine);
  }
  // So that it writes nothing more into its folder.
  await terminal.type("exit\r");
  await terminal.status;
}

const bash = ["bash", "--noprofile", "--norc", "-i"];

testWith(
  { bash: await requireCommand("bash") },
  "forsun completion bash completes in bash",
  () =>
    typeInto(bash, "unset HISTFILE; source <(forsun completion bash)", [
      ["get order:2", "get order:22 "],
      ["get oth", "get other\\ one "],
      ["serve --mem-f", "serve --mem-fsync "],
    ]),
);

testWith(
  { zsh: await requireCommand("zsh") },
  "forsun completion zsh completes in zsh",
  () =>
    typeInto(
      ["zsh", "-f", "-i"],
      "setopt nobeep; autoload -U compinit && compinit -u -D; source <(forsun completion zsh)",
      [
        ["get order:2", "get order:22 "],
        ["get oth", "get other\\ one "],
        ["serve --mem-f", "serve --mem-fsync "],
      ],
    ),
);

testWith(
  { fish: await requireCommand("fish") },
  "forsun completion fish completes in fish",
  async () => {
    await using daemon = await startWithPlans();
    await using shell = await openTestShell();
    const at = `forsun --port ${daemon.port} `;
    const cases: readonly (readonly [string, RegExp])[] = [
      ["conf", /^config\tprint the configuration.+\n$/],
      ["get order:", /^order:1\norder:22\n$/],
      ["get oth", /^other one\n$/],
      ["serve --mem-f", /^--mem-fsync\t.+\n$/],
    ];
    for (const [typed, expected] of cases) {
      const { stdout, stderr } = await shell.run(
        `forsun completion fish | source; complete -C '${at}${typed}'`,
        "fish",
      );
      assert.equal(stderr, "");
      assert.match(stdout, expected, typed);
    }
  },
);
