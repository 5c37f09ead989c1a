import assert from "node:assert/strict";
import { toPlanJson, toPlanView } from "../../src/cli/plan_output.ts";
import type { WirePlan } from "../../src/thrift/wire_plan.ts";

const daily: WirePlan = {
  is_time_out: false,
  key: "a",
  second: 0,
  minute: 32,
  hour: 16,
  day: -1,
  month: -1,
  week: -1,
  next_time: 1795422720,
  status: 1,
  count: 0,
  current_count: 2,
  last_timeout: 1795336320,
  action: "mysql",
  params: { passwd: "hunter2", time_zone: "Asia/Shanghai", sql: "select 1" },
  cron: null,
  created_time: null,
  outcome: null,
};

Deno.test("toPlanView() takes a time zone out of the params of a calendar plan", () => {
  const view = toPlanView(daily);
  assert.equal(view.timeZone, "Asia/Shanghai");
  assert.deepEqual(view.params, { passwd: "hunter2", sql: "select 1" });
  assert(!("cron" in view));
});

Deno.test("toPlanView() leaves one alone that a delay has no use for", () => {
  const view = toPlanView({ ...daily, is_time_out: true });
  assert.deepEqual(view.params, daily.params);
  assert(!("timeZone" in view));
});

Deno.test("toPlanView() has the cron expression", () => {
  assert.equal(toPlanView({ ...daily, cron: "@daily" }).cron, "@daily");
});

Deno.test("toPlanJson() masks secrets and leaves out what is not known", () => {
  assert.equal(
    toPlanJson(daily, { showSecrets: false }),
    '{"is_time_out":false,"key":"a","second":0,"minute":32,"hour":16,"day":-1,"month":-1,"week":-1,"next_time":1795422720,"status":1,"count":0,"current_count":2,"last_timeout":1795336320,"action":"mysql","params":{"passwd":"***","time_zone":"Asia/Shanghai","sql":"select 1"}}',
  );
});

Deno.test("toPlanJson() shows all that is known", () => {
  const outcome = {
    status: -1,
    attempt: 4,
    ended_at: 1795336333,
    duration_ms: 12,
    detail: "Connection refused",
  };
  const full = { ...daily, cron: "@daily", created_time: 1795330000, outcome };
  const { params, ...shown } = JSON.parse(
    toPlanJson(full, { showSecrets: true }),
  );
  assert.deepEqual(params, daily.params);
  assert.equal(shown.cron, "@daily");
  assert.equal(shown.created_time, 1795330000);
  assert.deepEqual(shown.outcome, outcome);
});
