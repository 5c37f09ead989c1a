import assert from "node:assert/strict";
import { readArguments } from "../../src/cli/read_arguments.ts";
import { parseCommands } from "../../src/command/parser.ts";
import { ErrorCode } from "../../src/core/errors.ts";

const localhost = { host: "h", port: "1" };

Deno.test("readArguments() reads a line of commands and the flags around it", () => {
  const cases: readonly (readonly [string[], unknown])[] = [
    [[], { flags: {}, line: undefined }],
    [["--"], { flags: {}, line: undefined }],
    [["--host", "h", "--port=1"], { flags: localhost, line: undefined }],
    [["ls"], { flags: {}, line: "ls" }],
    [["exit"], { flags: {}, line: "exit" }],
    [["ls; info"], { flags: {}, line: "ls; info" }],
    [["foo bar"], { flags: {}, line: "foo bar" }],
    [[""], { flags: {}, line: "" }],
    [["--host", "h", "ls ;", "--port", "1"], {
      flags: localhost,
      line: "ls ;",
    }],
    [["--exe", "ls"], { flags: {}, line: "ls" }],
    [["--exe=get a=b"], { flags: {}, line: "get a=b" }],
    [["--exe", ""], { flags: {}, line: "" }],
    [["--exe", "nothing"], { flags: {}, line: "nothing" }],
    [["ls", "order:"], { flags: {}, line: "ls order:" }],
    [["get", "a b", "--json"], { flags: { json: true }, line: "get 'a b'" }],
    [["get", "--", "--json"], { flags: {}, line: "get --json" }],
    [
      ["--show-secrets", "--timeout", "5", "current"],
      { flags: { showSecrets: true, timeout: "5" }, line: "current" },
    ],
    [["--host=a=b", "ls"], { flags: { host: "a=b" }, line: "ls" }],
    [["rm", "it's"], { flags: {}, line: String.raw`rm 'it\'s'` }],
  ];
  for (const [args, expected] of cases) {
    assert.deepEqual(readArguments(args), expected, args.join(" "));
  }
});

Deno.test("readArguments() reads the words of a set as they are", () => {
  const words = ["a b", "*/5/1", "*", "*", "*", "*", "*", "shell"];
  const params = `cmd='it\\'s;'; cwd=/ "$x"`;
  const found = readArguments(["set", ...words, params]);
  const [command] = parseCommands(found?.line ?? "");
  assert(command.kind === "set");
  assert.equal(command.plan.key, "a b");
  assert.deepEqual(command.plan.params, { cmd: "it's;", cwd: '/ "$x"' });
});

Deno.test("readArguments() leaves alone what has flags of its own, and mistakes", () => {
  const cases = [
    ["help"],
    ["help", "set"],
    ["set"],
    ["set", "a"],
    ["set", "a", "--in", "5m"],
    ["serve"],
    ["serve", "--port", "1"],
    ["foo"],
    ["foo", "bar"],
    ["--help"],
    ["ls", "--prefix", "a"],
    ["ls", "-h"],
    ["ls", "-"],
    ["--jsno", "ls"],
    ["--json=1", "ls"],
    ["ls", "--host"],
  ];
  for (const args of cases) {
    assert.equal(readArguments(args), undefined, args.join(" "));
  }
});

Deno.test("readArguments() refuses commands that are given twice", () => {
  assert.throws(() => readArguments(["--exe", "ls", "info"]), {
    code: ErrorCode.invalidArgument,
    message: '--exe gives the commands already, got "info" too',
  });
});
