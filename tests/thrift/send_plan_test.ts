import assert from "node:assert/strict";
import { sendPlan } from "../../src/thrift/send_plan.ts";
import { ErrorCode } from "../../src/core/errors.ts";
import type { RequestedSchedule } from "../../src/core/plan_request.ts";
import type { ThriftClient } from "../../src/thrift/generated.ts";

const unset = {
  second: undefined,
  minute: undefined,
  hour: undefined,
  day: undefined,
  month: undefined,
  week: undefined,
};
const params = { cmd: "ls" };

/** The call that sending a plan makes: the method's name and its arguments. */
async function send(schedule: RequestedSchedule): Promise<unknown[]> {
  const calls: unknown[][] = [];
  const client = new Proxy({}, {
    get: (_, method) => (...args: unknown[]) => {
      calls.push([method, ...args]);
    },
  });
  await sendPlan(
    { key: "a", schedule, action: "shell", params },
    client as ThriftClient,
  );
  assert.equal(calls.length, 1);
  return calls[0];
}

Deno.test("sendPlan() sends each kind of plan by its method", async () => {
  assert.deepEqual(
    await send({ kind: "timeout", fields: { ...unset, second: 5 }, count: 3 }),
    ["createTimeout", "a", 5, 0, 0, 0, 0, -1, 3, "shell", params],
  );
  const fields = { ...unset, second: 0, minute: 32, hour: 16 };
  assert.deepEqual(
    await send({ kind: "calendar", fields, timeZone: undefined }),
    ["create", "a", 0, 32, 16, -1, -1, -1, "shell", params],
  );
  const withZone = { ...params, time_zone: "UTC" };
  assert.deepEqual(
    await send({ kind: "calendar", fields, timeZone: "UTC" }),
    ["create", "a", 0, 32, 16, -1, -1, -1, "shell", withZone],
  );
  assert.deepEqual(
    await send({ kind: "cron", expression: "@daily", timeZone: "UTC" }),
    ["createCron", "a", "@daily", "shell", withZone],
  );
});

Deno.test("sendPlan() puts a delay in units that fit in 16 bits", async () => {
  const cases = [
    [{ ...unset, second: 32_767 }, [32_767, 0, 0, 0, 0, -1]],
    [{ ...unset, second: 32_768 }, [8, 6, 9, 0, 0, -1]],
    [{ ...unset, second: 90_061, week: 1 }, [1, 1, 1, 8, 0, -1]],
    [{ ...unset, week: 2 }, [0, 0, 0, 0, 0, 2]],
    [{ ...unset, hour: 24 * 32_767 }, [0, 0, 0, 32_767, 0, -1]],
  ] as const;
  for (const [fields, sent] of cases) {
    const call = await send({ kind: "timeout", fields, count: 1 });
    assert.deepEqual(call.slice(2, 8), sent);
  }
});

Deno.test("sendPlan() refuses what the interface can't hold", async () => {
  const cases: readonly (readonly [RequestedSchedule, string])[] = [
    [
      { kind: "timeout", fields: { ...unset, hour: 24 * 32_768 }, count: 1 },
      "the delay must be at most 32767 days, got 32768",
    ],
    [
      { kind: "timeout", fields: { ...unset, second: 5 }, count: 32_768 },
      "count must be 0 to 32767, got 32768",
    ],
    [
      {
        kind: "calendar",
        fields: { ...unset, second: 65_541 },
        timeZone: undefined,
      },
      "second must be 0 to 59, got 65541",
    ],
  ];
  for (const [schedule, reason] of cases) {
    await assert.rejects(send(schedule), {
      code: ErrorCode.invalidArgument,
      message: `Cannot create plan "a": ${reason}`,
    });
  }
});
