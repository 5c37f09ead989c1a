import assert from "node:assert/strict";
import { systemClock } from "../../src/core/system_clock.ts";
import { checkReadiness } from "../../src/service/readiness.ts";
import { StoreGate } from "../../src/service/store_gate.ts";
import { CallbackServer } from "../support/callback_server.ts";
import { eventually } from "../support/eventually.ts";
import { openForTest } from "../support/memory_store_harness.ts";
import { stillClock } from "../support/still_clock.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { startApi } from "./api_client.ts";

Deno.test("/healthz and /readyz answer ok once the daemon does its work", async () => {
  await using api = await startApi();
  const text = async (path: string) => {
    const response = await fetch(`${api.origin}${path}`);
    return `${response.status} ${await response.text()}`;
  };
  assert.equal(await text("/healthz"), "200 ok\n");
  const ready = "200 store: ok\nscheduler: ok\n";
  await eventually(async () => await text("/readyz") === ready);
});

Deno.test("checkReadiness() says what is not ready", async () => {
  await using folder = await tempFolder();
  const clock = stillClock("2026-11-24T10:00:00Z");
  const now = Date.parse("2026-11-24T10:00:00Z") / 1000;
  const gate = new StoreGate(clock);
  const check = (at: number | undefined, fires = true) =>
    checkReadiness({ clock, gate, fires, lastTickAt: at });
  const shut = await check(undefined);
  assert.deepEqual(shut, {
    isReady: false,
    store: "is being read",
    scheduler: "has not begun",
  });
  await using store = await openForTest(folder.path);
  gate.open(store);
  assert.equal((await check(now - 1)).isReady, true);
  assert.equal((await check(undefined, false)).isReady, true);
  const stuck = await check(now - 60);
  assert.equal(stuck.isReady, false);
  assert.equal(stuck.scheduler, "looked last 60 s ago");
});

Deno.test("checkReadiness() does not wait for a store that hangs or fails", async () => {
  await using folder = await tempFolder();
  await using store = await openForTest(folder.path);
  const clock = { ...systemClock, sleep: () => Promise.resolve() };
  const check = async (get: typeof store.get) => {
    const gate = new StoreGate(clock);
    gate.open(Object.assign(Object.create(store), { get }));
    const sources = { clock, gate, fires: false, lastTickAt: undefined };
    return (await checkReadiness(sources)).store;
  };
  const hanging = new Promise<never>(() => {});
  assert.equal(await check(() => hanging), "does not answer");
  const failing = () => Promise.reject(new Error("no"));
  assert.equal(await check(failing), "can't be reached");
});

Deno.test("/metrics counts what info counts, and how late plans were", async () => {
  await using api = await startApi();
  await using target = new CallbackServer();
  await api.call("PUT", "/v1/plan", {
    key: "a",
    in: 1,
    action: "http",
    params: { url: target.url },
  });
  await target.until(() => target.callbacks.length > 0, 30_000);
  const read = async () => await (await fetch(`${api.origin}/metrics`)).text();
  await eventually(async () =>
    (await read()).includes(
      'forsun_action_duration_seconds_count{action="http"} 1\n',
    )
  );
  const text = await read();
  const value = (series: string) => {
    const line = text.split("\n").find((one) => one.startsWith(`${series} `));
    return Number(line?.slice(series.length));
  };
  assert.equal(value('forsun_plans_created_total{kind="timeout"}'), 1);
  assert.equal(value("forsun_actions_total"), 1);
  assert.equal(value("forsun_lateness_seconds_count"), 1);
  assert.ok(value("forsun_lateness_seconds_sum") >= 0);
  assert.equal(value('forsun_lateness_seconds_bucket{le="+Inf"}'), 1);
  assert.ok(value('forsun_requests_total{transport="http"}') >= 2);
  assert.ok(value("process_resident_memory_bytes") > 1e6);
  for (const line of text.trimEnd().split("\n")) {
    assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? -?[\d.e+-]+)$/);
  }
  const names = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name);
  assert.equal(new Set(names).size, names.length);
});
