import assert from "node:assert/strict";
import { ErrorCode } from "../../src/core/errors.ts";
import { parseCommands } from "../../src/command/parser.ts";
import type { PlanRequest } from "../../src/core/plan_request.ts";

function planOf(line: string): PlanRequest {
  const [command] = parseCommands(line);
  assert.equal(command.kind, "set");
  return command.plan;
}

const noFields = {
  second: undefined,
  minute: undefined,
  hour: undefined,
  day: undefined,
  month: undefined,
  week: undefined,
};

Deno.test("parsePlan() reads a calendar", () => {
  assert.deepEqual(planOf("set a 0 32 16 * * 7 shell 'cmd=ls'"), {
    key: "a",
    schedule: {
      kind: "calendar",
      fields: { ...noFields, second: 0, minute: 32, hour: 16, week: 7 },
      timeZone: undefined,
    },
    action: "shell",
    params: { cmd: "ls" },
  });
  const { schedule } = planOf("set a TZ=Asia/Shanghai * 5 * 31 12 * shell ls");
  assert.deepEqual(schedule, {
    kind: "calendar",
    fields: { ...noFields, minute: 5, day: 31, month: 12 },
    timeZone: "Asia/Shanghai",
  });
});

Deno.test("parsePlan() reads a timeout", () => {
  const cases: readonly (readonly [string, object, number])[] = [
    ["*/5/1 * * * * *", { second: 5 }, 1],
    ["*/5/0 * * * * *", { second: 5 }, 0],
    ["*/5 * * * * *", { second: 5 }, 1],
    ["*/10/3 */1/3 * * * *", { second: 10, minute: 1 }, 3],
    ["*/10 */1/3 * * * */2", { second: 10, minute: 1, week: 2 }, 3],
    ["* * */2 */3 */4/9 *", { hour: 2, day: 3, month: 4 }, 9],
    ["*/0 * * * * *", { second: 0 }, 1],
    ["*/007/02 * * * * *", { second: 7 }, 2],
  ];
  for (const [words, fields, count] of cases) {
    assert.deepEqual(planOf(`set a ${words} shell ls`).schedule, {
      kind: "timeout",
      fields: { ...noFields, ...fields },
      count,
    }, words);
  }
});

Deno.test("parsePlan() counts plain numbers beside */N as unused", () => {
  assert.deepEqual(planOf("set a 5 */2/1 0 31 * 7 shell ls").schedule, {
    kind: "timeout",
    fields: { ...noFields, minute: 2 },
    count: 1,
  });
});

Deno.test("parsePlan() reads a cron expression", () => {
  assert.deepEqual(planOf("set a cron '0 9 * * 1-5' sh ls"), {
    key: "a",
    schedule: {
      kind: "cron",
      expression: "0 9 * * 1-5",
      timeZone: undefined,
    },
    action: "shell",
    params: { cmd: "ls" },
  });
  const { schedule } = planOf("set a TZ=UTC cron @hourly shell ls");
  assert.deepEqual(schedule, {
    kind: "cron",
    expression: "@hourly",
    timeZone: "UTC",
  });
  assert.equal(planOf("set cron cron @hourly shell ls").key, "cron");
});

Deno.test("parsePlan() reads sh and bash as shell, others as they are", () => {
  for (const action of ["sh", "bash", "shell"]) {
    const plan = planOf(`set a 0 * * * * * ${action} 'ls -l'`);
    assert.equal(plan.action, "shell");
    assert.deepEqual(plan.params, { cmd: "ls -l" });
  }
  assert.equal(planOf("set a 0 * * * * * Other x=1").action, "Other");
});

Deno.test("parsePlan() reads an unquoted PARAMS as it stands", () => {
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ["http url='http://x/?a;b=2'", { url: "http://x/?a;b=2" }],
    ["http http://x/y?a=1", { url: "http://x/y?a=1" }],
    ["http url='a'", { url: "a" }],
    ["shell ls", { cmd: "ls" }],
    ["redis command=PING", { command: "PING" }],
    ["http 'url=http://x'/y", { url: "http://x/y" }],
    ["thrift ''", {}],
  ];
  for (const [words, params] of cases) {
    assert.deepEqual(planOf(`set a 0 * * * * * ${words}`).params, params);
  }
});

Deno.test("parsePlan() says which word is wrong", () => {
  const field = "must be *, a number or */N[/COUNT], got";
  const cases = [
    ["set", "KEY is missing"],
    ["set a", "SECOND is missing"],
    ["set a TZ=UTC", "SECOND is missing"],
    ["set a cron", "EXPR is missing"],
    ["set a cron @daily", "ACTION is missing"],
    ["set a * * * * * * shell", "PARAMS is missing"],
    ["set a 1e3 * * * * * shell ls", `SECOND ${field} "1e3"`],
    ["set a * 0x1 * * * * shell ls", `MINUTE ${field} "0x1"`],
    ["set a * * -1 * * * shell ls", `HOUR ${field} "-1"`],
    ["set a * * * 1,2 * * shell ls", `DAY ${field} "1,2"`],
    ["set a * * * * */ * shell ls", `MONTH ${field} "*/"`],
    ["set a * * * * * 1/2 shell ls", `WEEK ${field} "1/2"`],
    ["set a */5/ * * * * * shell ls", `SECOND ${field} "*/5/"`],
    ["set a */5/1/1 * * * * * shell ls", `SECOND ${field} "*/5/1/1"`],
    ["set a '' * * * * * shell ls", `SECOND ${field} ""`],
    ["set a ٣ * * * * * shell ls", `SECOND ${field} "٣"`],
    ["set a */5 x * * * * shell ls", `MINUTE ${field} "x"`],
    [
      "set a 99999999999999999 * * * * * shell ls",
      'SECOND has too large a number, "99999999999999999"',
    ],
    [
      "set a */1/99999999999999999 * * * * * shell ls",
      'SECOND has too large a number, "99999999999999999"',
    ],
    [
      "set a */1/3 */1 */1/4 * * * shell ls",
      "HOUR must have the same COUNT as the fields before it, 3, got 4",
    ],
    [
      "set a TZ=UTC */1 * * * * * shell ls",
      "TZ is for calendar and cron plans, not for */N",
    ],
    [
      "set a * * * * * * shell ls -l",
      'PARAMS must be one word, got "-l" behind it; quote it all',
    ],
    [
      "set a * * * * * * shell 'ls' -l",
      'PARAMS must be one word, got "-l" behind it; quote it all',
    ],
    [
      "set a * * * * * * redis PING",
      'PARAMS must be name=value pairs separated by ";", got "PING" at 1; quote a value that has a ";"',
    ],
  ];
  const usage =
    ", expected KEY [TZ=ZONE] SECOND MINUTE HOUR DAY MONTH WEEK ACTION PARAMS";
  for (const [line, reason] of cases) {
    const message = reason.endsWith("is missing") ? reason + usage : reason;
    assert.throws(
      () => parseCommands(line),
      { code: ErrorCode.invalidArgument, message: `set: ${message}` },
    );
  }
});
