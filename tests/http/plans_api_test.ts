import assert from "node:assert/strict";
import { stillClock } from "../support/still_clock.ts";
import { type ApiDaemon, startApi } from "./api_client.ts";

const clock = stillClock("2026-11-24T10:00:00Z");
const now = Date.parse("2026-11-24T10:00:00Z") / 1000;
const params = { cmd: "true" };

function test(name: string, run: (api: ApiDaemon) => Promise<void>): void {
  Deno.test(name, async () => {
    await using api = await startApi({ clock });
    await run(api);
  });
}

/** Posts lines, returns those of the reply. */
async function post(
  { origin }: ApiDaemon,
  lines: readonly unknown[],
  { query = "", type = "application/x-ndjson" } = {},
) {
  const body = lines.map((line) =>
    typeof line === "string" ? line : JSON.stringify(line)
  ).join("\n");
  const response = await fetch(`${origin}/v1/plans${query}`, {
    method: "POST",
    body,
    headers: { "content-type": type },
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    lines: text.trim().split("\n").map((line) => JSON.parse(line)),
  };
}

async function fill(api: ApiDaemon, keys: readonly string[]): Promise<void> {
  const lines = keys.map((key, at) => ({ key, second: 100 + at % 7, params }));
  await post(api, lines, { query: "?report=errors" });
}

/** Reads pages to the end; returns the keys of each. */
async function pages(api: ApiDaemon, query: string): Promise<string[][]> {
  const found: string[][] = [];
  let cursor = "";
  for (;;) {
    const path = `/v1/plans?${query}&cursor=${cursor}`;
    const { data, errmsg } = await api.call("GET", path);
    assert.equal(errmsg, "");
    found.push(data.plans.map((one: { key: string }) => one.key));
    if (data.next_cursor === null) return found;
    cursor = data.next_cursor;
  }
}

test("GET /v1/plans gives pages in key order", async (api) => {
  await fill(api, ["b", "a:2", "a:1", "ä", "a:3", "\u{1f600}"]);
  assert.deepEqual(await pages(api, "limit=4"), [
    ["a:1", "a:2", "a:3", "b"],
    ["ä", "\u{1f600}"],
  ]);
  assert.deepEqual(await pages(api, "limit=3&prefix=a:"), [
    ["a:1", "a:2", "a:3"],
  ]);
  assert.deepEqual(await pages(api, "prefix=none"), [[]]);
});

test("GET /v1/plans gives pages by next occurrence", async (api) => {
  const keys = Array.from({ length: 30 }, (_, at) => `k${at}`);
  await fill(api, keys);
  const sorted = keys.toSorted((a, b) =>
    keys.indexOf(a) % 7 - keys.indexOf(b) % 7 || (a < b ? -1 : 1)
  );
  const found = await pages(api, "order=next&limit=7");
  assert.deepEqual(found.flat(), sorted);
  assert.equal(found.length, 5);
  const prefixed = await pages(api, "order=next&limit=4&prefix=k1");
  assert.deepEqual(
    prefixed.flat(),
    sorted.filter((key) => key.startsWith("k1")),
  );
});

test("GET /v1/plans refuses what is no page", async ({ call }) => {
  const refusals = [
    ["limit=0", "limit must be a whole number from 1 to 1000"],
    ["limit=1001", "limit must be a whole number from 1 to 1000"],
    ["limit=x", "limit must be a whole number from 1 to 1000"],
    ["order=up", "order must be key or next"],
    ["cursor=x", "cursor must be the next_cursor"],
    ["order=next&cursor=WyJhIl0", "cursor must be the next_cursor"],
    ["prefx=a", 'no parameter is called "prefx", did you mean "prefix"?'],
  ];
  for (const [query, text] of refusals) {
    const reply = await call("GET", `/v1/plans?${query}`);
    assert.equal(reply.status, 400);
    assert.ok(reply.errmsg.startsWith(text), reply.errmsg);
  }
});

test("POST /v1/plans answers each line in its order", async (api) => {
  const { status, type, lines } = await post(api, [
    { key: "a", second: 5, params },
    { key: "b", method: "create", hour: 16, minute: 32, params },
    "",
    { key: "c", cron: "0 9 * * *", time_zone: "Europe/Berlin", params },
    "{",
    { key: "d", action: "nope" },
    { key: "e", second: [] },
    { key: "f", second: 7, params },
    { key: "g", secnod: 7, params },
  ]);
  assert.deepEqual([status, type], [200, "application/x-ndjson"]);
  assert.deepEqual(lines.map((one) => `${one.line} ${one.errcode}`), [
    "1 0",
    "2 0",
    "4 0",
    "5 1007",
    "6 1006",
    "7 1007",
    "8 0",
    "9 1007",
  ]);
  assert.deepEqual(lines[0], {
    line: 1,
    errcode: 0,
    errmsg: "",
    key: "a",
    next_time: now + 5,
  });
  assert.match(lines[3].errmsg, /^The line must be JSON: /);
  assert.match(lines[5].errmsg, /^second must be a whole number/);
  assert.match(lines[7].errmsg, /^no field is called "secnod", did you mean/);
  const keys = (await api.call("GET", "/v1/keys")).data;
  assert.deepEqual(keys, ["a", "b", "c", "f"]);
});

test("POST /v1/plans tells only of errors when asked to", async (api) => {
  const lines = [{ key: "a", second: 1, params }, { key: "b" }];
  const reply = await post(api, lines, { query: "?report=errors" });
  assert.equal(reply.lines.length, 2);
  assert.deepEqual([reply.lines[0].line, reply.lines[0].errcode], [2, 1007]);
  assert.deepEqual(reply.lines[1], { created: 1, refused: 1 });
});

test("POST /v1/plans takes crontab lines", async (api) => {
  const type = "application/crontab";
  const text = ["a */5/1 * * * * * shell ls", "# nothing", "b * shell"];
  const { lines } = await post(api, text, { type });
  assert.deepEqual(lines.map((one) => `${one.line} ${one.errcode}`), [
    "1 0",
    "3 1007",
  ]);
  assert.equal((await post(api, [], { type: "text/plain" })).status, 415);
});

test("POST /v1/plans goes on behind a line that is not UTF-8, not behind one without end", async ({ origin }) => {
  const send = async (body: BodyInit) => {
    const response = await fetch(`${origin}/v1/plans`, {
      method: "POST",
      body,
      headers: { "content-type": "application/x-ndjson" },
    });
    return (await response.text()).trim().split("\n").map((line) => {
      const { errcode, errmsg } = JSON.parse(line);
      return `${errcode} ${errmsg}`;
    });
  };
  const plan = '{"key":"a","second":1,"params":{"cmd":"true"}}\n';
  const bytes = new TextEncoder().encode(`${plan}"?"\n${plan}`);
  bytes[bytes.indexOf("?".charCodeAt(0))] = 0xff;
  assert.deepEqual(await send(bytes), [
    "0 ",
    "1007 The line must be UTF-8",
    "0 ",
  ]);
  const long = `${plan}${" ".repeat(2_000_000)}\n${plan}`;
  assert.deepEqual(await send(long), [
    "0 ",
    "1007 A line must have at most 1048576 bytes",
  ]);
});

test("POST /v1/plans answers while the body still comes", async ({ origin }) => {
  const lines = new TransformStream<Uint8Array, Uint8Array>();
  const writer = lines.writable.getWriter();
  const plan = '{"key":"a","second":1,"params":{"cmd":"true"}}\n';
  const write = () => writer.write(new TextEncoder().encode(plan));
  const reply = fetch(`${origin}/v1/plans`, {
    method: "POST",
    body: lines.readable,
    headers: { "content-type": "application/x-ndjson" },
  });
  await write();
  const reader = (await reply).body?.getReader();
  const decoder = new TextDecoder();
  for (let line = 1; line < 4; line++) {
    const { value } = await reader?.read() ?? {};
    const parsed = JSON.parse(decoder.decode(value));
    assert.deepEqual([parsed.line, parsed.errcode], [line, 0]);
    if (line < 3) await write();
    else await writer.close();
  }
  assert.equal((await reader?.read())?.done, true);
});

test("POST /v1/plans takes a large body from a client that reads nothing before its end", async (api) => {
  const { hostname, port } = new URL(api.origin);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const line = (at: number) =>
    `${JSON.stringify({ key: `key:${at}`, second: 100, params })}\n`;
  const count = 60_000;
  let body = "";
  for (let at = 0; at < count; at++) body += line(at);
  const head =
    "POST /v1/plans HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
    "Content-Type: application/x-ndjson\r\n" +
    `Content-Length: ${body.length}\r\n\r\n`;
  const bytes = new TextEncoder().encode(head + body);
  for (let at = 0; at < bytes.length;) {
    at += await connection.write(bytes.subarray(at));
  }
  let results = 0;
  let tail = "";
  for await (const chunk of connection.readable) {
    tail = (tail + new TextDecoder().decode(chunk)).slice(-65_536);
    results += chunk.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0);
  }
  assert.ok(results > count, String(results));
  assert.ok(tail.includes(`"line":${count},"errcode":0`));
});

test("DELETE /v1/plans removes by prefix, all only when asked to", async (api) => {
  const keys = Array.from({ length: 2500 }, (_, at) => `a:${at}`);
  await fill(api, [...keys, "b", "a"]);
  const { data } = await api.call("DELETE", "/v1/plans?prefix=a:");
  assert.deepEqual(data, { removed: 2500 });
  assert.deepEqual((await api.call("GET", "/v1/keys")).data, ["a", "b"]);
  const refusals = [
    ["", "prefix is missing"],
    ["?prefix=", "prefix is missing"],
    ["?prefx=a", 'no parameter is called "prefx", did you mean "prefix"?'],
    ["?all=true&prefx=a", 'no parameter is called "prefx"'],
    ["?all=true&prefix=a", 'give either prefix or all, got prefix="a" and'],
  ];
  for (const [query, text] of refusals) {
    const reply = await api.call("DELETE", `/v1/plans${query}`);
    assert.equal(reply.status, 400);
    assert.ok(reply.errmsg.startsWith(text), reply.errmsg);
  }
  const all = await api.call("DELETE", "/v1/plans?all=true");
  assert.deepEqual(all.data, { removed: 2 });
  const info = (await api.call("GET", "/v1/info")).data;
  assert.equal(info.removed_count, "2502");
});

test("POST /v1/plans doesn't run a calendar again that was over", async (api) => {
  const { lines } = await post(api, [{
    ...{ key: "a", is_time_out: false, next_time: 0, current_count: 1 },
    ...{ month: 11, day: 24, hour: 9, minute: 0, second: 0, params },
  }]);
  assert.deepEqual(lines.map((one) => one.errcode), [1002]);
});

test("GET /v1/plans/export gives what POST /v1/plans takes back as it was", async (api) => {
  await post(api, [
    { key: "calendar", method: "create", hour: 16, params },
    { key: "cron", cron: "0 9 * * MON", time_zone: "Asia/Tokyo", params },
    { key: "delay", in: "1h", params },
    { key: "moment", at: now + 500, params },
    { key: "repeating", minute: 5, count: 3, params },
  ]);
  const read = async (of: ApiDaemon) =>
    await (await fetch(`${of.origin}/v1/plans/export`)).text();
  const lines = (await read(api)).trim().split("\n");
  await using other = await startApi({
    clock: stillClock("2026-11-24T10:03:00Z"),
  });
  assert.ok((await post(other, lines)).lines.every((one) => one.errcode === 0));
  assert.equal(await read(other), lines.join("\n") + "\n");
});

test("POST /v1/plans goes on where an exported plan was", async (api) => {
  const exported = {
    key: "a",
    second: 300,
    is_time_out: true,
    count: 5,
    current_count: 2,
    next_time: now + 17,
    params,
  };
  const { lines } = await post(api, [
    exported,
    { ...exported, key: "late", next_time: now - 50 },
    { ...exported, key: "over", next_time: 0, current_count: 4 },
  ]);
  assert.deepEqual(lines.map((one) => one.errcode), [0, 0, 1002]);
  const { data } = await api.call("GET", "/v1/plan?key=a");
  assert.deepEqual([data.next_time, data.count], [now + 17, 5]);
  assert.equal(data.current_count, 2);
});

test("POST /v1/plans refuses what no store can hold of an exported plan", async (api) => {
  const exported = {
    ...{ key: "a", second: 300, is_time_out: true, next_time: now + 17 },
    params,
  };
  const detail = "";
  const outcome = {
    status: 1,
    attempt: 1,
    ended_at: 1,
    duration_ms: 1,
    detail,
  };
  const cases: [object, string, number][] = [
    [{ next_time: 2 ** 32 }, "next_time", 2 ** 32 - 1],
    [{ second: 2 ** 32 }, "second", 2 ** 32 - 1],
    [{ current_count: 2 ** 31 }, "current_count", 2 ** 31 - 1],
    [{ last_timeout: 2 ** 32 }, "last_timeout", 2 ** 32 - 1],
    [{ created_time: 2 ** 32 }, "created_time", 2 ** 32 - 1],
    [{ attempt: 2 ** 31 }, "outcome.attempt", 2 ** 31 - 1],
    [{ ended_at: 2 ** 32 }, "outcome.ended_at", 2 ** 32 - 1],
  ];
  const bodies = cases.map(([fields, name]) =>
    name.startsWith("outcome.")
      ? { ...exported, outcome: { ...outcome, ...fields } }
      : { ...exported, ...fields }
  );
  const { lines } = await post(api, bodies);
  for (const [index, [, name, max]] of cases.entries()) {
    const { errcode, errmsg } = lines[index];
    assert.equal(errcode, 1007, name);
    const reason = `${name} must be 0 to ${max}, got ${max + 1}`;
    assert.equal(errmsg, `Cannot create plan "a": ${reason}`);
  }
  const long = { ...outcome, detail: "ü".repeat(2049) };
  const { lines: [line] } = await post(api, [{ ...exported, outcome: long }]);
  assert.deepEqual([line.errcode, line.errmsg], [
    1007,
    'Cannot create plan "a": outcome.detail must have at most 4096 bytes, got 4098',
  ]);
});
