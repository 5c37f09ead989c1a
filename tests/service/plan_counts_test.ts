import assert from "node:assert/strict";
import { connectToDaemon } from "../../src/thrift/client.ts";
import { startApi } from "../http/api_client.ts";
import { stillClock } from "../support/still_clock.ts";

const clock = stillClock("2026-11-24T10:00:00Z");
const params = { cmd: "true" };
const none = [-1, -1, -1, -1, -1] as const;

Deno.test("plans that are created and removed count the same by HTTP and Thrift", async () => {
  await using api = await startApi({ clock });
  using connection = await connectToDaemon({
    hostname: "127.0.0.1",
    port: api.port,
    timeoutMs: 20_000,
  });
  const { client } = connection;
  const counts = async () => {
    const { created_count, create_timeouted_count, removed_count } =
      await client.info();
    return [created_count, create_timeouted_count, removed_count].map(Number);
  };
  const plans = [
    { key: "calendar", method: "create", hour: 16, params },
    { key: "cron", cron: "0 9 * * *", params },
    { key: "delay", in: "90s", params },
  ];
  await api.call("PUT", "/v1/plan", plans);
  const exported = await fetch(`${api.origin}/v1/plans/export`);
  const body = await exported.text();
  const headers = { "content-type": "application/x-ndjson" };
  const restored = await fetch(`${api.origin}/v1/plans`, {
    method: "POST",
    body,
    headers,
  });
  assert.doesNotMatch(await restored.text(), /"errcode":1/);
  await api.call("DELETE", "/v1/plan?key=cron");
  await api.call("DELETE", "/v1/plan?key=cron");
  await api.call("DELETE", "/v1/plans?prefix=c");
  assert.deepEqual(await counts(), [4, 2, 2]);

  await client.create("calendar", -1, -1, 16, -1, -1, -1, "shell", params);
  await client.createCron("cron", "0 9 * * *", "shell", params);
  await client.createTimeout("delay", 90, ...none, 1, "shell", params);
  for (const plan of await client.getPlans("", "", 10, true)) {
    await client.restore(plan, true, true);
    await client.restore(plan, true, false);
  }
  await client.remove("cron");
  await assert.rejects(client.remove("cron"));
  await client.remove("calendar");
  assert.deepEqual(await counts(), [8, 4, 4]);
});
