import assert from "node:assert/strict";
import { ErrorCode } from "../../src/core/errors.ts";
import { parseActionParams } from "../../src/command/action_params.ts";

Deno.test("parseActionParams() takes commands and URLs whole", () => {
  const commands = [
    "ls",
    "ls -l | wc -l",
    "FOO=1 make",
    "make; cmd=2",
    "cd /x; cmd=3 make",
    "./x=1; cmd=2",
    "echo 'cmd=1'",
    "cmdx=1",
    " ls ",
  ];
  for (const cmd of commands) {
    assert.deepEqual(parseActionParams("shell", cmd), { cmd });
  }
  const urls = [
    "http://x/y?a=1",
    "http://x/?url=3",
    "http://x/?a=1;url=3",
    "URL=http://x",
  ];
  for (const url of urls) {
    assert.deepEqual(parseActionParams("http", url), { url });
  }
});

Deno.test("parseActionParams() reads pairs where one is cmd or url", () => {
  const cases: readonly (readonly [string, string, Record<string, string>])[] =
    [
      ["shell", "cmd=ls", { cmd: "ls" }],
      ["shell", "cwd=/;cmd=ls -l", { cwd: "/", cmd: "ls -l" }],
      ["shell", "FOO=1 make; cmd=2", { FOO: "1 make", cmd: "2" }],
      ["shell", "'a b'=1;cmd=ls", { "a b": "1", cmd: "ls" }],
      ["shell", "", {}],
      ["shell", " ", {}],
      ["http", "url='http://x/?a;url=3'", { url: "http://x/?a;url=3" }],
      ["http", "header_X-A=1;url=http://x", {
        "header_X-A": "1",
        url: "http://x",
      }],
      ["redis", "host=h;command=PING", { host: "h", command: "PING" }],
      ["thrift", "", {}],
    ];
  for (const [action, text, params] of cases) {
    assert.deepEqual(parseActionParams(action, text), params, text);
  }
});

Deno.test("parseActionParams() refuses what is garbled behind cmd or url", () => {
  for (
    const [action, text] of [
      ["shell", "cmd=ls; pwd"],
      ["shell", "x=1;cmd=ls;pwd"],
      ["http", "url=http://x/?a;b"],
      ["redis", "PING"],
      ["beanstalk", "http://x"],
    ]
  ) {
    assert.throws(
      () => parseActionParams(action, text),
      { code: ErrorCode.invalidArgument },
      text,
    );
  }
});
