import assert from "node:assert/strict";
import fc from "fast-check";
import { ErrorCode, ForsunError } from "../../src/core/errors.ts";
import { commandNames, parseCommands } from "../../src/command/parser.ts";
import { anyText, fuzzing, hugeTexts } from "./fuzzing.ts";

Deno.test("parseCommands() reads each command", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["help", { kind: "help", topic: undefined }],
    ["help set", { kind: "help", topic: "set" }],
    ["exit", { kind: "exit" }],
    ["version", { kind: "version" }],
    ["ls", { kind: "ls", prefix: "" }],
    ["ls *", { kind: "ls", prefix: "" }],
    ["ls a", { kind: "ls", prefix: "a" }],
    ["ls a*", { kind: "ls", prefix: "a" }],
    ["ls 'a b**'", { kind: "ls", prefix: "a b*" }],
    ["current", { kind: "current" }],
    ["time", { kind: "time", at: undefined }],
    ["time 0", { kind: "time", at: 0 }],
    ["time 1795422720", { kind: "time", at: 1795422720 }],
    ["time 2026-11-23 16:32:00+08:00", { kind: "time", at: 1795422720 }],
    ["get 'a b'", { kind: "get", key: "a b" }],
    ["rm a", { kind: "rm", key: "a" }],
    ["info", { kind: "info" }],
  ];
  for (const [line, command] of cases) {
    assert.deepEqual(parseCommands(line), [command], line);
  }
  const local = {
    year: 2026,
    month: 11,
    day: 23,
    hour: 16,
    minute: 32,
    second: 0,
  };
  for (
    const line of [
      'time "2026-11-23 16:32:00"',
      "time 2026-11-23 16:32:00",
      "time 2026-11-23T16:32:00",
    ]
  ) {
    assert.deepEqual(parseCommands(line), [{ kind: "time", at: local }]);
  }
});

Deno.test("parseCommands() reads several commands and passes over empty ones", () => {
  assert.deepEqual(parseCommands("; get 'a;b';; exit ;"), [
    { kind: "get", key: "a;b" },
    { kind: "exit" },
  ]);
  assert.deepEqual(parseCommands(""), []);
  assert.deepEqual(parseCommands(" ;; "), []);
});

Deno.test("parseCommands() refuses what it can't read, in one line", () => {
  const cases = [
    ["sett a", 'no command is called "sett", did you mean "set"?'],
    ["gte a", 'no command is called "gte", did you mean "get"?'],
    ["sl", 'no command is called "sl", did you mean "ls"?'],
    ["vresoin", 'no command is called "vresoin", did you mean "version"?'],
    ["delete a", 'no command is called "delete", help lists them all'],
    ["''", 'no command is called "", help lists them all'],
    ["LS", 'no command is called "LS", help lists them all'],
    ["help foo", 'help: no command is called "foo", help lists them all'],
    ["help get it", 'help: takes one argument, got "it" too'],
    ["exit 1", 'exit: takes no argument, got "1" too'],
    ["ls a b", 'ls: takes one argument, got "b" too'],
    ["time 1 2 3", 'time: takes two arguments, got "3" too'],
    ["get", "get: KEY is missing"],
    ["rm a b", 'rm: takes one argument, got "b" too'],
    [
      "time noon",
      'time: TIME must be an epoch or "YYYY-MM-DD HH:MM:SS", got "noon"',
    ],
    [
      "set a * * * * *",
      "set: WEEK is missing, expected KEY [TZ=ZONE] SECOND MINUTE HOUR DAY MONTH WEEK ACTION PARAMS",
    ],
    [
      "set a * x * * * * shell ls",
      'set: MINUTE must be *, a number or */N[/COUNT], got "x"',
    ],
    ["exit; get", "get: KEY is missing"],
  ];
  for (const [line, message] of cases) {
    assert.throws(
      () => parseCommands(line),
      { name: "ForsunError", code: ErrorCode.invalidArgument, message },
    );
  }
});

Deno.test("parseCommands() throws nothing but its own error, on one line", () => {
  const anyLine = fc.oneof(
    anyText,
    fc.tuple(fc.constantFrom(...commandNames), anyText)
      .map((parts) => parts.join(" ")),
    anyText.map((text) => `set a * * * * * * shell ${text}`),
    anyText.map((text) => `set a ${text} * * * * * shell x`),
  );
  fc.assert(
    fc.property(anyLine, (line) => {
      try {
        parseCommands(line);
      } catch (error) {
        assert(error instanceof ForsunError);
        assert.equal(error.code, ErrorCode.invalidArgument);
        assert.doesNotMatch(error.message, /[\p{Cc}\u2028\u2029]/u);
      }
    }),
    fuzzing,
  );
});

Deno.test("parseCommands() takes linear time on a million characters of anything", () => {
  for (const text of hugeTexts.filter(({ length }) => length >= 1_000_000)) {
    for (const line of [text, `get ${text}`, `set a ${text}`]) {
      try {
        parseCommands(line);
      } catch (error) {
        assert(error instanceof ForsunError, line.slice(0, 20));
        assert(error.message.length < 1000);
      }
    }
  }
});
