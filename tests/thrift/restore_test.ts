import assert from "node:assert/strict";
import {
  connectToDaemon,
  type DaemonConnection,
} from "../../src/thrift/client.ts";
import type { WirePlan } from "../../src/thrift/wire_plan.ts";
import { stillClock } from "../support/still_clock.ts";
import { startThriftDaemon } from "../support/thrift_daemon.ts";

const time = "2026-11-24T12:00:30Z";
const now = Date.parse(time) / 1000;

/** A plan that runs every 10 s, five times, and has run twice. */
const twice: WirePlan = {
  is_time_out: true,
  key: "a",
  second: 10,
  minute: -1,
  hour: -1,
  day: -1,
  month: -1,
  week: -1,
  next_time: now + 4,
  status: -1,
  count: 5,
  current_count: 2,
  last_timeout: now - 6,
  action: "shell",
  params: { cmd: "true" },
  created_time: now - 26,
};

async function openDaemon(): Promise<
  AsyncDisposable & { readonly client: DaemonConnection["client"] }
> {
  const daemon = await startThriftDaemon({ clock: stillClock(time) });
  const connection = await connectToDaemon({
    hostname: "127.0.0.1",
    port: daemon.port,
    timeoutMs: 20_000,
  });
  return {
    client: connection.client,
    async [Symbol.asyncDispose]() {
      connection[Symbol.dispose]();
      await daemon[Symbol.asyncDispose]();
    },
  };
}

Deno.test("restore puts a plan back with its next occurrence and its progress", async () => {
  await using daemon = await openDaemon();
  const { client } = daemon;
  const restored = await client.restore(twice, false, false);
  assert.deepEqual({ ...await client.inspect("a") }, { ...restored });
  const { outcome, cron: _, ...rest } = restored;
  assert.deepEqual(rest, twice);
  assert.deepEqual({ ...outcome }, {
    status: -1,
    attempt: 1,
    ended_at: now - 6,
    duration_ms: 0,
    detail: "",
  });
});

Deno.test("restore gives back what inspect has told", async () => {
  await using daemon = await openDaemon();
  const { client } = daemon;
  await client.createCron("c", "0 0 * * *", "shell", {
    cmd: "true",
    time_zone: "Europe/Berlin",
  });
  await client.create("d", 0, 30, 16, -1, -1, -1, "shell", { cmd: "true" });
  for (const key of ["c", "d"]) {
    const plan = await client.inspect(key);
    await client.remove(key);
    await client.restore(plan, false, false);
    assert.deepEqual(await client.inspect(key), plan);
  }
});

Deno.test("restore leaves a key that exists alone, unless it is to be replaced", async () => {
  await using daemon = await openDaemon();
  const { client } = daemon;
  const first = await client.restore(twice, false, false);
  const other = { ...twice, current_count: 4 };
  await assert.rejects(client.restore(other, false, false), {
    code: 1008,
    message: 'Cannot create plan "a": its key exists',
  });
  assert.deepEqual(await client.inspect("a"), first);
  await client.restore(other, true, false);
  assert.equal((await client.get("a")).current_count, 4);
});

Deno.test("restore stores nothing when it is a dry run", async () => {
  await using daemon = await openDaemon();
  const { client } = daemon;
  const missed = { ...twice, next_time: now - 96 };
  const plan = await client.restore(missed, false, true);
  assert.equal(plan.next_time, now - 6);
  assert.deepEqual(await client.getKeys(""), []);
  await client.restore(twice, false, false);
  await assert.rejects(client.restore(missed, false, true), { code: 1008 });
  assert.equal((await client.restore(missed, true, true)).next_time, now - 6);
  assert.equal((await client.get("a")).next_time, now + 4);
});

Deno.test("restore refuses what makes no sense", async () => {
  await using daemon = await openDaemon();
  const { client } = daemon;
  const cases: [Partial<WirePlan>, number, string][] = [
    [{ current_count: 5 }, 1002, "it is over"],
    [{ action: "none" }, 1006, 'action must be one of shell, http, got "none"'],
    [{ params: {} }, 1007, 'Param "cmd" of action "shell" is missing'],
    [{ next_time: -1 }, 1007, "next_time must be 0 or more, got -1"],
    [{ current_count: -2 }, 1007, "current_count must be 0 or more, got -2"],
    [{ second: -2 }, 1007, "second must be 0 or more, got -2"],
    [
      { is_time_out: false, second: 70 },
      1007,
      "second must be 0 to 59, got 70",
    ],
    [
      { is_time_out: false, month: 2, day: 30 },
      1002,
      "day 30 never comes in month 2",
    ],
  ];
  for (const [fields, code, reason] of cases) {
    const restoring = client.restore({ ...twice, ...fields }, false, false);
    const message = `Cannot create plan "a": ${reason}`;
    await assert.rejects(restoring, { code, message });
  }
  const nothing = null as unknown as WirePlan;
  await assert.rejects(client.restore(nothing, false, false), {
    code: 1007,
    message: "plan is missing",
  });
});
