import assert from "node:assert/strict";
import { type ActionFlags, readAction } from "../../src/cli/set_action.ts";
import { ErrorCode } from "../../src/core/errors.ts";

Deno.test("readAction() reads each way to say what", () => {
  const cases: readonly (readonly [ActionFlags, unknown])[] = [
    [{ shell: "ls; pwd" }, { action: "shell", params: { cmd: "ls; pwd" } }],
    [{ http: "http://x/" }, { action: "http", params: { url: "http://x/" } }],
    [
      { action: "redis", param: ["command=SET a 'b;c'", "host=h"] },
      { action: "redis", params: { command: "SET a 'b;c'", host: "h" } },
    ],
    [
      { action: "bash", param: ["cmd=ls"] },
      { action: "shell", params: { cmd: "ls" } },
    ],
    [
      { http: "http://x/", param: ["body=a=b", "empty="], misfire: "skip" },
      {
        action: "http",
        params: { url: "http://x/", body: "a=b", empty: "", misfire: "skip" },
      },
    ],
    [{ action: "custom" }, { action: "custom", params: {} }],
  ];
  for (const [flags, expected] of cases) {
    assert.deepEqual(readAction(flags), expected);
  }
  const { params } = readAction({ action: "x", param: ["__proto__=y"] });
  assert.deepEqual(Object.entries(params), [["__proto__", "y"]]);
});

Deno.test("readAction() refuses what it can't make sense of", () => {
  const cases: readonly (readonly [ActionFlags, string])[] = [
    [{}, "set: give one of --shell, --http and --action"],
    [
      { shell: "ls", http: "x" },
      "set: give one of --shell, --http and --action",
    ],
    [{ shell: "ls", param: ["cwd"] }, '--param must be NAME=VALUE, got "cwd"'],
    [{ shell: "ls", param: ["=x"] }, '--param must be NAME=VALUE, got "=x"'],
    [
      { shell: "ls", param: ["cmd=pwd"] },
      'set: the param "cmd" is given twice',
    ],
    [
      { shell: "ls", param: ["misfire=all"], misfire: "skip" },
      'set: the param "misfire" is given twice',
    ],
  ];
  for (const [flags, message] of cases) {
    assert.throws(
      () => readAction(flags),
      { code: ErrorCode.invalidArgument, message },
    );
  }
});
