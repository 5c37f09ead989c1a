import assert from "node:assert/strict";
import { type ApiDaemon, startApi } from "./api_client.ts";
import { stillClock } from "../support/still_clock.ts";

const clock = stillClock("2026-11-24T10:00:00Z");
const now = Date.parse("2026-11-24T10:00:00Z") / 1000;
const shell = { action: "shell", params: { cmd: "true" } };

function test(name: string, run: (api: ApiDaemon) => Promise<void>): void {
  Deno.test(name, async () => {
    await using api = await startApi({ clock });
    await run(api);
  });
}

test("POST /v1/plan creates a calendar, with all fields of the first daemon", async ({ call }) => {
  const body = { key: "a", seconds: 5, minute: 30, hour: 16, ...shell };
  const { status, errcode, errmsg, data } = await call(
    "POST",
    "/v1/plan",
    body,
  );
  assert.deepEqual({ status, errcode, errmsg }, {
    status: 200,
    errcode: 0,
    errmsg: "",
  });
  const plan = {
    key: "a",
    second: 5,
    minute: 30,
    hour: 16,
    day: -1,
    month: -1,
    week: -1,
    status: 0,
    count: 0,
    is_time_out: false,
    next_time: now + 6 * 3600 + 1805,
    current_count: 0,
    last_timeout: 0,
    created_time: now,
    action: "shell",
    params: { cmd: "true" },
  };
  assert.deepEqual(data, plan);
  assert.deepEqual((await call("GET", "/v1/plan?key=a")).data, plan);
});

test("PUT /v1/plan creates a delay, whose count is 0 when it is missing", async ({ call }) => {
  const { data } = await call("PUT", "/v1/plan", {
    key: "a",
    second: "90",
    ...shell,
  });
  assert.equal(data.is_time_out, true);
  assert.equal(data.count, 0);
  assert.equal(data.next_time, now + 90);
  const three = { key: "a", minute: 1, count: 3, ...shell };
  assert.equal((await call("PUT", "/v1/plan", three)).data.count, 3);
});

test("POST /v1/plan makes up a key, and takes -1 and null as any", async ({ call }) => {
  const body = { second: 7, minute: -1, hour: null, ...shell };
  const { data } = await call("POST", "/v1/plan", body);
  assert.match(data.key, /^[0-9a-f-]{36}$/);
  assert.equal(data.next_time, now + 7);
  assert.equal(data.minute, -1);
});

test("POST /v1/plan takes an array of calendars and delays", async ({ call }) => {
  const { data } = await call("POST", "/v1/plan", [
    { method: "create", key: "a", second: 30, ...shell },
    { method: "createTimeout", key: "b", second: 40, count: 1, ...shell },
    { key: "c", seconds: 50, ...shell },
  ]);
  const kinds = data.map((
    one: { key: string; is_time_out: boolean; count: number },
  ) => `${one.key} ${one.is_time_out} ${one.count}`);
  assert.deepEqual(kinds, ["a false 0", "b true 1", "c true 0"]);
  const one = await call("PUT", "/v1/plan", [{
    key: "d",
    second: 1,
    ...shell,
  }]);
  assert.equal(one.data.key, "d");
});

test("POST /v1/plan takes crontab lines", async ({ call }) => {
  const text = "a */5/2 * * * * * shell ls\n# no plan\n\n" +
    "b 0 30 4 * * * http 'url=http://127.0.0.1/;method=post'\n";
  for (const method of ["POST", "PUT"]) {
    const { data } = await call(method, "/v1/plan", text);
    assert.deepEqual(data.map((one: { key: string }) => one.key), ["a", "b"]);
    assert.deepEqual(data[0].params, { cmd: "ls" });
    assert.equal(data[0].count, 2);
    assert.equal(data[1].params.method, "post");
  }
});

test("POST /v1/plan takes cron, in and at", async ({ call }) => {
  const cron = { key: "a", cron: "0 9 * * MON-FRI", ...shell };
  const { data } = await call(
    "POST",
    "/v1/plan",
    [
      { ...cron, time_zone: "Europe/Berlin" },
      { key: "b", in: "1h30m", ...shell },
      { key: "c", in: 90, count: 5, ...shell },
      {
        key: "d",
        at: "2026-11-24 20:00:00",
        time_zone: "Asia/Tokyo",
        ...shell,
      },
      { key: "e", at: now + 77, ...shell },
    ],
  );
  assert.equal(data[0].cron, "0 9 * * MON-FRI");
  assert.equal(data[0].time_zone, "Europe/Berlin");
  assert.equal(data[0].next_time, Date.parse("2026-11-25T08:00:00Z") / 1000);
  assert.equal(data[1].next_time, now + 5400);
  assert.equal(data[1].count, 1);
  assert.equal(data[2].count, 5);
  assert.equal(data[3].next_time, now + 3600);
  assert.equal(data[4].next_time, now + 77);
});

test("DELETE /v1/plan replies with the plan, then with error 1003 and status 200", async ({ call }) => {
  await call("PUT", "/v1/plan", { key: "ä b", second: 9, ...shell });
  const path = `/v1/plan?key=${encodeURIComponent("ä b")}`;
  assert.equal((await call("DELETE", path)).data.key, "ä b");
  assert.deepEqual(await call("DELETE", path), {
    status: 200,
    errcode: 1003,
    errmsg: 'No plan has the key "ä b"',
    data: {},
  });
  assert.equal((await call("GET", path)).errcode, 1003);
});

test("POST /v1/plan tells what it refuses: 200 where it could read the body", async ({ call }) => {
  const refusals = [
    [
      { key: "a", second: 70, ...shell },
      1007,
      "second must be 0 to 59, got 70",
    ],
    [{ key: "a", day: 31, month: 2, hour: 0, ...shell }, 1002, "day 31 never"],
    [{ key: "a", action: "nope" }, 1006, "action must be one of"],
    [{ key: "a", action: "shell" }, 1007, '"cmd" of action "shell" is missing'],
    [{ key: "a", cron: "x", ...shell }, 1007, 'cron "x" is invalid'],
    [
      { key: "a", cron: "* * * * *", second: 5, ...shell },
      1007,
      "got cron and",
    ],
    [{ key: "a", in: "soon", ...shell }, 1007, "in must be a duration"],
    [
      { key: "a", in: "99999999d", ...shell },
      1007,
      'in must end by 2106-02-07T06:28:15Z, got "99999999d"',
    ],
    [{ key: "a", at: now, ...shell }, 1007, "at must be in the future, up to"],
    [{ key: "a", at: "soon", ...shell }, 1007, "at must be an epoch or"],
    [{ key: "a", at: 99999999999, ...shell }, 1007, "at must be 0 to 4294967"],
    [
      { key: "a", at: "1960-01-01 00:00:00", ...shell },
      1007,
      "at must be in 1970 to 2106, got 1960",
    ],
    [{ key: "a", cron: "0 0 32W * *", ...shell }, 1007, "for day: 32"],
    [{ key: "a", cron: "0 0 W15 * *", ...shell }, 1007, "day is not a number"],
    [{ key: "a", second: 1, time_zone: "Nowhere", ...shell }, 1007, "Nowhere"],
    [{ key: "\ud800", second: 1, ...shell }, 1007, "key must be UTF-8"],
  ] as const;
  for (const [body, code, text] of refusals) {
    const { status, errcode, errmsg } = await call("POST", "/v1/plan", body);
    assert.deepEqual([status, errcode], [200, code], errmsg);
    assert.ok(errmsg.startsWith("Cannot create plan "), errmsg);
    assert.ok(errmsg.includes(text), errmsg);
    assert.ok(!errmsg.includes("\n"), errmsg);
  }
  assert.deepEqual((await call("GET", "/v1/keys")).data, []);
});

test("POST /v1/plan answers 400 to a body that it can't read", async ({ call, origin }) => {
  const refusals = [
    [5, "The body must be an object, got 5"],
    [[], "The body must have a plan"],
    [[5], "Plan 1 must be an object, got 5"],
    [[[]], "Plan 1 must be an object, got an array"],
    [{ key: 5 }, "key must be text, got 5"],
    [{ second: 1.5 }, "second must be a whole number, or -1, got 1.5"],
    [{ second: "x" }, 'second must be a whole number, or -1, got "x"'],
    [{ params: [] }, "params must be an object, got an array"],
    [{ params: { cmd: {} } }, "params.cmd must be text, got an object"],
    [[{ key: "a" }, { method: "x" }], "Plan 2: method must be create"],
    [
      { secnod: 5, ...shell },
      'no field is called "secnod", did you mean "second"?',
    ],
    [[{ misfire: "skip" }], 'Plan 1: no field is called "misfire"'],
    ["a */5 * * shell ls", "line 1: "],
  ] as const;
  for (const [body, text] of refusals) {
    const { status, errcode, errmsg } = await call("POST", "/v1/plan", body);
    assert.deepEqual([status, errcode], [400, 1007], errmsg);
    assert.ok(errmsg.startsWith(text), errmsg);
  }
  const send = async (body: BodyInit, type: string) => {
    const headers = { "content-type": type };
    const response = await fetch(`${origin}/v1/plan`, {
      method: "POST",
      body,
      headers,
    });
    return `${response.status} ${(await response.json()).errmsg}`;
  };
  const json = "application/json; charset=utf-8";
  assert.match(await send("{", json), /^400 The body must be JSON: /);
  const latin = new Uint8Array([0x22, 0xe4, 0x22]);
  assert.equal(await send(latin, json), "400 The body must be UTF-8");
  assert.match(await send("a=b", "text/plain"), /^415 Content-Type must be /);
});

test("POST /v1/plan takes a plan as GET shows it", async ({ call }) => {
  const body = { key: "a", hour: 16, method: "create", ...shell };
  const { data } = await call("POST", "/v1/plan", body);
  assert.equal((await call("POST", "/v1/plan", data)).errmsg, "");
  assert.equal((await call("PUT", "/v1/plan", [data])).errmsg, "");
});

test("POST /v1/plan takes JSON when no type is given", async ({ origin }) => {
  const body = new TextEncoder().encode(
    JSON.stringify({ second: 1, ...shell }),
  );
  const response = await fetch(`${origin}/v1/plan`, { method: "POST", body });
  assert.equal((await response.json()).errcode, 0);
});

test("POST /v1/plan keeps to what others created when one of many is refused", async ({ call }) => {
  const { errcode, errmsg } = await call("POST", "/v1/plan", [
    { key: "a", second: 1, ...shell },
    { key: "b", action: "nope" },
  ]);
  assert.equal(errcode, 1006);
  assert.match(errmsg, /^Plan 2: Cannot create plan "b": .+ \(1 of 2 plans/);
  assert.deepEqual((await call("GET", "/v1/keys")).data, ["a"]);
});

test("GET /v1/time names the plans of a second", async ({ call }) => {
  await call("PUT", "/v1/plan", { key: "a", second: 9, count: 1, ...shell });
  const path = `/v1/time?timestamp=${now + 9}`;
  const { data } = await call("GET", path);
  assert.deepEqual(data.plans.map((one: { key: string }) => one.key), ["a"]);
  assert.equal(data.current_timestamp, now);
  const current = await call("GET", "/v1/time?timestamp=0");
  assert.deepEqual(current.data, { plans: [], current_timestamp: now });
  assert.equal((await call("GET", "/v1/time?timestamp=-1")).status, 400);
});

test("GET /v1/keys, /v1/ping and /v1/info reply as the first daemon's", async ({ call, httpPort }) => {
  for (const key of ["b", "a:2", "a:1"]) {
    await call("PUT", "/v1/plan", { key, second: 9, ...shell });
  }
  assert.deepEqual((await call("GET", "/v1/keys?prefix=a")).data, [
    "a:1",
    "a:2",
  ]);
  assert.deepEqual((await call("GET", "/v1/ping")).data, {});
  await call("GET", "/v1/plan?key=none");
  const { data } = await call("GET", "/v1/info");
  assert.equal(data.http_bind_port, String(httpPort));
  assert.equal(data.create_timeouted_count, "3");
  assert.equal(data.http_requested_count, "6");
  assert.equal(data.http_requesting_count, "1");
  assert.equal(data.http_requested_error_count, "1");
  assert.ok(Number(data.http_connected_count) >= 1);
});
