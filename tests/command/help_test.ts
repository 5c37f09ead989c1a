import assert from "node:assert/strict";
import { commandHelp, formatHelp } from "../../src/command/help.ts";
import { commandNames, parseCommands } from "../../src/command/parser.ts";

Deno.test("commandHelp has examples of each command, and they can be read", () => {
  assert.deepEqual(Object.keys(commandHelp).sort(), [...commandNames].sort());
  for (const name of commandNames) {
    const { usage, summary, examples } = commandHelp[name];
    assert(usage.every((line) => line.split(" ")[0] === name), name);
    assert(summary.length > 0 && examples.length > 0, name);
    for (const example of examples) {
      const kinds = parseCommands(example).map(({ kind }) => kind);
      assert.deepEqual(kinds, [name], example);
    }
  }
});

Deno.test("commandHelp shows quoting that means what it says", () => {
  const params = commandHelp.set.examples.flatMap(parseCommands)
    .map((command) => command.kind === "set" ? command.plan.params : {});
  assert.deepEqual(params, [
    { cmd: "ls", cwd: "/srv" },
    { cmd: "du -s /srv | mail root" },
    { url: "http://www.example.com/hook" },
    { host: "10.0.0.2", command: "SET b 1 EX 300" },
    { host: "10.0.0.3", name: "jobs", body: "{}" },
    { url: "http://x/?a;b" },
  ]);
});

Deno.test("formatHelp() lists the commands", () => {
  assert.equal(
    formatHelp(undefined),
    `help [COMMAND]  list the commands, or explain one
exit            leave the prompt
version         print the version
ls [PREFIX]     list the plans whose key begins with PREFIX, or all
current         list the plans that are due in this second
time [TIME]     list the plans whose next occurrence is at TIME, or now
get KEY         print a plan
rm KEY          remove a plan
info            print the state and the counters of the daemon
nodes           list the daemons that share their plans with this one
set KEY [TZ=ZONE] SECOND MINUTE HOUR DAY MONTH WEEK ACTION PARAMS
set KEY [TZ=ZONE] cron EXPR ACTION PARAMS
                create a plan, or replace the one that has KEY

Commands are separated by ;. Quotes are ' or ". help COMMAND tells more.`,
  );
});

Deno.test("formatHelp() explains a command in lines of 80 characters", () => {
  assert.equal(
    formatHelp("ls"),
    `ls [PREFIX]

  list the plans whose key begins with PREFIX, or all
  One * at the end of PREFIX may be there or not.

Examples:
  ls
  ls *
  ls order:
  ls order:*`,
  );
  for (const name of commandNames) {
    for (const line of formatHelp(name).split("\n")) {
      assert(line.length <= 80, line);
    }
  }
});
