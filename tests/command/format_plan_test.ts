import assert from "node:assert/strict";
import fc from "fast-check";
import { parseCrontabLine } from "../../src/command/crontab.ts";
import {
  formatPlan,
  formatSetArguments,
} from "../../src/command/format_plan.ts";
import { parseCommands } from "../../src/command/parser.ts";
import type {
  PlanRequest,
  RequestedSchedule,
} from "../../src/core/plan_request.ts";
import type { PlanView } from "../../src/command/plan_view.ts";
import { anyParams, anyText, fuzzing } from "./fuzzing.ts";

const base: PlanView = {
  key: "order:1",
  isTimeOut: true,
  second: 5,
  minute: -1,
  hour: -1,
  day: -1,
  month: -1,
  week: -1,
  count: 1,
  nextAt: 1795422720,
  action: "shell",
  params: { cmd: "ls" },
};
const options = { timeZone: "Asia/Shanghai" };

Deno.test("formatPlan() prints the line of a daily plan", () => {
  assert.equal(
    formatPlan(base, options),
    `2026-11-23 16:32:00+08:00 order:1 */5/1 * * * * * shell "cmd='ls'"`,
  );
  assert.equal(
    formatPlan({
      ...base,
      isTimeOut: false,
      second: 0,
      minute: 32,
      hour: 16,
      action: "redis",
      params: { host: "172.16.0.2", command: 'SET b "it\'s" EX 300' },
    }, options),
    String
      .raw`2026-11-23 16:32:00+08:00 order:1 0 32 16 * * * redis "host='172.16.0.2';command='SET b \"it\'s\" EX 300'"`,
  );
});

Deno.test("formatPlan() holds the place of a time that is not there", () => {
  for (const nextAt of [undefined, 0]) {
    const line = formatPlan({ ...base, nextAt }, options);
    assert.equal(
      line,
      `---------- --:--:--+--:-- order:1 */5/1 * * * * * shell "cmd='ls'"`,
    );
    assert.equal(line.length, formatPlan(base, options).length);
  }
});

Deno.test("formatSetArguments() prints the schedule as set takes it", () => {
  const cases: readonly (readonly [Partial<PlanView>, string])[] = [
    [{ second: 10, minute: 1, count: 3 }, "*/10/3 */1/3 * * * *"],
    [{ second: 10, count: 0 }, "*/10/0 * * * * *"],
    [{ second: 0, minute: 0, week: 2 }, "* * * * * */2/1"],
    [{ second: 0, hour: 0, count: 0 }, "*/0/0 * * * * *"],
    [{ second: -1 }, "*/0/1 * * * * *"],
    [{ isTimeOut: false, second: -1 }, "* * * * * *"],
    [{ isTimeOut: false, second: 0, week: 0 }, "0 * * * * 0"],
    [
      { isTimeOut: false, timeZone: "Asia/Shanghai" },
      "TZ=Asia/Shanghai 5 * * * * *",
    ],
    [{ isTimeOut: false, cron: "0 9 * * 1-5" }, 'cron "0 9 * * 1-5"'],
    [{ cron: "@daily", timeZone: "UTC" }, 'TZ=UTC cron "@daily"'],
    [{ timeZone: "UTC" }, "*/5/1 * * * * *"],
  ];
  for (const [change, schedule] of cases) {
    assert.equal(
      formatSetArguments({ ...base, ...change }),
      `order:1 ${schedule} shell "cmd='ls'"`,
    );
  }
});

Deno.test("formatPlan() masks secrets, and set refuses the mask", () => {
  const plan = {
    ...base,
    action: "mysql",
    params: { passwd: "s3cret", sql: "select 1" },
  };
  assert.equal(
    formatSetArguments(plan),
    `order:1 */5/1 * * * * * mysql "passwd=***;sql='select 1'"`,
  );
  assert.throws(() => parseCommands(`set ${formatSetArguments(plan)}`), {
    message: 'set: PARAMS needs the real "passwd", got the mask ***',
  });
  assert.match(
    formatPlan(plan, { ...options, showSecrets: true }),
    /passwd='s3cret'/,
  );
});

Deno.test("formatPlan() prints one line that set makes the same plan of", () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const line = formatPlan(plan, { ...options, showSecrets: true });
      assert.doesNotMatch(line, /[\p{Cc}\p{Cs}\u2028\u2029]/u);
      const [, tail] = /^\S+ \S+ (.*)$/.exec(line) ?? [];
      const expected = requestFor(plan);
      assert.deepEqual(parseCommands(`set ${tail}`), [
        { kind: "set", plan: expected },
      ]);
      assert.deepEqual(parseCrontabLine(tail), expected);
    }),
    fuzzing,
  );
});

/** Keys may be anything; shell and http plans always have a cmd or url. */
const anyPlan: fc.Arbitrary<PlanView> = fc.record({
  key: anyText,
  isTimeOut: fc.boolean(),
  fields: fc.array(fc.oneof(fc.constantFrom(-1, 0), fc.nat(32767)), {
    minLength: 6,
    maxLength: 6,
  }),
  count: fc.integer({ min: 0, max: 32767 }),
  nextAt: fc.option(fc.integer({ min: 1, max: 2 ** 32 - 1 }), {
    nil: undefined,
  }),
  action: fc.oneof(
    fc.constantFrom("shell", "http", "redis", "mysql"),
    anyText.filter((text) => text !== "sh" && text !== "bash"),
  ),
  params: anyParams,
  needed: anyText,
  cron: fc.option(anyText, { nil: undefined }),
  timeZone: fc.option(anyText, { nil: undefined }),
}).map(({ fields, needed, params, ...plan }) => {
  const [second, minute, hour, day, month, week] = fields;
  const name = { shell: "cmd", http: "url" }[plan.action];
  return {
    ...plan,
    ...{ second, minute, hour, day, month, week },
    params: name === undefined ? params : { ...params, [name]: needed },
  };
});

function requestFor(plan: PlanView): PlanRequest {
  const { key, action, params } = plan;
  return { key, schedule: scheduleFor(plan), action, params };
}

function scheduleFor(plan: PlanView): RequestedSchedule {
  const { cron, timeZone, isTimeOut, count } = plan;
  if (cron !== undefined) return { kind: "cron", expression: cron, timeZone };
  const used = (value: number) =>
    value > 0 || (value === 0 && !isTimeOut) ? value : undefined;
  const fields = {
    second: used(plan.second),
    minute: used(plan.minute),
    hour: used(plan.hour),
    day: used(plan.day),
    month: used(plan.month),
    week: used(plan.week),
  };
  if (!isTimeOut) return { kind: "calendar", fields, timeZone };
  const isZero = Object.values(fields).every((value) => value === undefined);
  return {
    kind: "timeout",
    fields: isZero ? { ...fields, second: 0 } : fields,
    count,
  };
}
