import assert from "node:assert/strict";
import fc from "fast-check";
import { ErrorCode } from "../../src/core/errors.ts";
import { parseCrontab, parseCrontabLine } from "../../src/command/crontab.ts";
import { parseCommands } from "../../src/command/parser.ts";
import { anyText, fuzzing, hugeTexts } from "./fuzzing.ts";

Deno.test("parseCrontab() reads each line, or says what is wrong with it", () => {
  const lines = parseCrontab([
    "# KEY S M H D MO W ACTION PARAMS",
    "",
    "a */5/1 * * * * * shell 'cmd=ls'",
    "  \t",
    "  # more",
    "b 0 x * * * * shell ls",
    "'#c' cron @daily http http://x/?a=1;b=2\r",
    "d",
    "set e 0 * * * * * shell ls",
  ].join("\n"));
  const summaries = lines.map((line) =>
    line.kind === "plan"
      ? [line.line, line.plan.key, line.plan.params]
      : [line.line, line.error.code, line.error.message]
  );
  assert.deepEqual(summaries, [
    [3, "a", { cmd: "ls" }],
    [
      6,
      ErrorCode.invalidArgument,
      'line 6: MINUTE must be *, a number or */N[/COUNT], got "x"',
    ],
    [7, "#c", { url: "http://x/?a=1;b=2" }],
    [
      8,
      ErrorCode.invalidArgument,
      "line 8: SECOND is missing, expected KEY [TZ=ZONE] SECOND MINUTE HOUR DAY MONTH WEEK ACTION PARAMS",
    ],
    [
      9,
      ErrorCode.invalidArgument,
      'line 9: SECOND must be *, a number or */N[/COUNT], got "e"',
    ],
  ]);
  assert.deepEqual(parseCrontab(""), []);
});

Deno.test("parseCrontabLine() takes an unquoted PARAMS to the end of the line", () => {
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ["shell tar c /srv | gzip > /tmp/x; ls ", {
      cmd: "tar c /srv | gzip > /tmp/x; ls",
    }],
    ["shell echo it's # not a comment", { cmd: "echo it's # not a comment" }],
    ["http http://x/?a=1;b=2", { url: "http://x/?a=1;b=2" }],
    ["redis host=h;command='SET a 1;GET a'", {
      host: "h",
      command: "SET a 1;GET a",
    }],
    ["shell 'ls -l'", { cmd: "ls -l" }],
    [`shell "cmd='ls'`, { cmd: "ls" }],
  ];
  for (const [words, params] of cases) {
    const plan = parseCrontabLine(`a;b 0 * * * * * ${words}`);
    assert.deepEqual([plan?.key, plan?.params], ["a;b", params]);
  }
});

Deno.test("parseCrontabLine() refuses words behind a quoted PARAMS", () => {
  assert.throws(
    () => parseCrontabLine(`a 0 * * * * * shell "/opt/my prog" --x`),
    { message: 'PARAMS must be one word, got "--x" behind it; quote it all' },
  );
});

Deno.test("parseCrontabLine() reads a quoted PARAMS as set does", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const params = `'${text.replace(/['\\\r\n]/g, "")}'`;
      const line = `a 0 * * * * * shell ${params}`;
      const outcome = (read: () => unknown) => {
        try {
          return read();
        } catch (error) {
          return String(error).replace("set: ", "");
        }
      };
      assert.deepEqual(
        outcome(() => ({ kind: "set", plan: parseCrontabLine(line) })),
        outcome(() => parseCommands(`set ${line}`)[0]),
      );
    }),
    fuzzing,
  );
});

Deno.test("parseCrontab() takes any text, in linear time", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const { kind, line } of parseCrontab(text)) {
        assert(["plan", "error"].includes(kind));
        assert(line >= 1 && line <= text.split("\n").length);
      }
    }),
    fuzzing,
  );
  for (const text of hugeTexts) {
    const lines = parseCrontab(`a * * * * * * redis ${text}\nb`);
    assert.equal(lines[lines.length - 1].line, text.split("\n").length + 1);
  }
});
