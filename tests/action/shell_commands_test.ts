import assert from "node:assert/strict";
import { checkShellCommand } from "../../src/action/shell_commands.ts";

const allowed = ["make report", "/usr/local/bin/remind *"];

const accepted: readonly Record<string, string>[] = [
  { cmd: "make report" },
  { cmd: "/usr/local/bin/remind order:1" },
  { cmd: "/usr/local/bin/remind a b=c d/e.f @x 100%" },
  { cmd: "make report", env: "ARG_ORDER=$(ls);ARG_B=2" },
];
for (const params of accepted) {
  Deno.test(`checkShellCommand() accepts ${JSON.stringify(params)}`, () => {
    checkShellCommand(params, allowed);
  });
}

const refused: readonly [params: Record<string, string>, RegExp][] = [
  ...[
    "",
    "make",
    "make report ",
    "make report; id",
    " make report",
    "/usr/local/bin/remind",
    "/usr/local/bin/remind ",
    "/usr/local/bin/remind  a",
    "/usr/local/bin/reminder a",
    "/usr/local/bin/remind -x",
    "/usr/local/bin/remind a --exec=id",
    ...["a;id", "a|id", "a&id", "$(id)", "`id`", "a\nid", "a>b", "a<b", "*"]
      .map((text) => `/usr/local/bin/remind ${text}`),
    ...["a'b", 'a"b', "a\\b", "a~", "{a}", "a?", "[a]", "!a", "#a", "\u00e4"]
      .map((text) => `/usr/local/bin/remind ${text}`),
  ].map((cmd): [Record<string, string>, RegExp] => [
    { cmd },
    /"cmd" of action "shell" must be one of action\.shell_commands, got /,
  ]),
  [{ cmd: "make report", cwd: "/tmp/mine" }, /"cwd" .+ must be empty/],
  [
    { cmd: "make report", env: "PATH=/tmp/mine" },
    /begin with ARG_, got "PATH"/,
  ],
  [{ cmd: "make report", env: "ARG_A=1;LD_PRELOAD=x" }, /got "LD_PRELOAD"/],
];
for (const [params, message] of refused) {
  Deno.test(`checkShellCommand() refuses ${JSON.stringify(params)}`, () => {
    const check = () => checkShellCommand(params, allowed);
    assert.throws(check, { code: 1007, message });
  });
}
