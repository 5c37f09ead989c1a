import assert from "node:assert/strict";
import {
  ForsunClient,
  type ForsunClientOptions,
  ForsunError,
} from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/server_program.ts";
import { stillClock } from "../support/still_clock.ts";
import {
  startThriftDaemon,
  type ThriftDaemon,
} from "../support/thrift_daemon.ts";
import { TcpProxy } from "./tcp_proxy.ts";

const time = "2026-11-24T12:00:30Z";
const now = Date.parse(time) / 1000;
const params = { cmd: "true" };

interface Bench extends AsyncDisposable {
  readonly daemon: ThriftDaemon;
  readonly proxy: TcpProxy;
  readonly forsun: ForsunClient;
}

/** A client that reaches its daemon through a proxy. */
async function openBench(options: ForsunClientOptions = {}): Promise<Bench> {
  await using resources = new AsyncDisposableStack();
  const clock = stillClock(time);
  const daemon = resources.use(await startThriftDaemon({ clock }));
  const proxy = resources.use(new TcpProxy(daemon.port));
  await proxy.start();
  const forsun = resources.use(
    new ForsunClient({ port: proxy.port, timeoutMs: 20_000, ...options }),
  );
  const owned = resources.move();
  return {
    daemon,
    proxy,
    forsun,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

Deno.test("ForsunClient creates, shows and removes plans of all kinds", async () => {
  await using bench = await openBench();
  const { forsun } = bench;
  const timeout = await forsun.createTimeout({
    key: "a",
    minute: 30,
    count: 3,
    params,
  });
  assert.deepEqual(timeout, {
    key: "a",
    kind: "timeout",
    fields: { second: 0, minute: 30, hour: 0, day: 0, month: 0 },
    cron: undefined,
    count: 3,
    runs: 0,
    nextAt: now + 1800,
    lastAt: undefined,
    status: "pending",
    action: "shell",
    params,
    createdAt: undefined,
    outcome: undefined,
  });
  const calendar = await forsun.create({
    key: "b",
    hour: 9,
    timeZone: "Europe/Berlin",
    action: "http",
    params: { url: "http://localhost/" },
  });
  assert.equal(calendar.kind, "calendar");
  assert.deepEqual(calendar.fields, { hour: 9 });
  assert.equal(calendar.nextAt, Date.parse("2026-11-25T08:00:00Z") / 1000);
  const cron = await forsun.createCron({ key: "c", cron: "@daily", params });
  assert.deepEqual([cron.kind, cron.cron, cron.fields], ["cron", "@daily", {}]);
  assert.deepEqual(await forsun.get("a"), timeout);
  assert.equal((await forsun.inspect("a")).createdAt, now);
  assert.deepEqual(await forsun.keys(), ["a", "b", "c"]);
  assert.deepEqual(await forsun.keys("b"), ["b"]);
  assert.deepEqual(await forsun.time(now + 1800), [timeout]);
  assert.deepEqual(await forsun.current(), []);
  assert.equal((await forsun.info()).current_time, String(now));
  await forsun.ping();
  assert.deepEqual(await forsun.remove("a"), timeout);
  const generated = await forsun.createTimeout({ second: 5, params });
  assert.match(generated.key, /^.{16,}$/);
});

Deno.test("ForsunClient rejects with the daemon's code and message", async () => {
  await using bench = await openBench();
  const { forsun } = bench;
  await assert.rejects(forsun.get("none"), (error) => {
    assert.ok(error instanceof ForsunError);
    assert.equal(error.code, 1003);
    assert.equal(error.message, 'No plan has the key "none"');
    return true;
  });
  const wrong = [
    [() => forsun.createTimeout({ key: "a", second: 1 }), 1007],
    [() => forsun.createTimeout({ key: "a", second: -1, params }), 1007],
    [() => forsun.createTimeout({ key: "a", second: 1.5, params }), 1007],
    [() => forsun.createTimeout({ key: "a", count: 40_000, params }), 1007],
    [() => forsun.create({ key: "a", second: 65_536, params }), 1007],
    [() => forsun.create({ key: "a", month: 2, day: 30, params }), 1002],
    [() => forsun.createCron({ key: "a", cron: "never", params }), 1007],
    [() => forsun.createTimeout({ key: "a", second: 1, action: "x" }), 1006],
  ] as const;
  for (const [call, code] of wrong) {
    await assert.rejects(call(), { name: "ForsunError", code });
  }
  assert.deepEqual(await forsun.keys(), []);
});

Deno.test("ForsunClient puts delays that 16 bits can't hold in larger units", async () => {
  await using bench = await openBench();
  const plan = await bench.forsun.createTimeout({
    key: "a",
    second: 86_400,
    params,
  });
  assert.equal(plan.nextAt, now + 86_400);
});

Deno.test("ForsunClient has any number of calls under way, on as many connections as it may", async () => {
  await using bench = await openBench({ connections: 3 });
  const { forsun, proxy } = bench;
  const keys = Array.from({ length: 3000 }, (_, index) => `k${index}`);
  const plans = await Promise.all(
    keys.map((key) => forsun.createTimeout({ key, minute: 1, params })),
  );
  assert.deepEqual(plans.map(({ key }) => key), keys);
  assert.equal(proxy.accepted, 3);
  const found: string[] = [];
  for await (const { key } of forsun.plans({ prefix: "k1", pageSize: 100 })) {
    found.push(key);
  }
  const wanted = keys.filter((key) => key.startsWith("k1")).sort();
  assert.deepEqual(found, wanted);
});

Deno.test("ForsunClient stops waiting when its signal aborts", async () => {
  await using bench = await openBench();
  const { forsun, proxy } = bench;
  const reason = new Error("enough");
  const over = AbortSignal.abort(reason);
  await assert.rejects(forsun.ping({ signal: over }), reason);
  await forsun.ping();
  proxy.isMute = true;
  const abort = new AbortController();
  const pinging = forsun.ping({ signal: abort.signal });
  abort.abort(reason);
  await assert.rejects(pinging, reason);
});

Deno.test("ForsunClient gives up an answer that doesn't come in time", async () => {
  await using bench = await openBench({ timeoutMs: 100 });
  const { forsun, proxy } = bench;
  proxy.isMute = true;
  await assert.rejects(forsun.ping(), {
    code: "timeout",
    message: "The daemon did not answer within 0.1 s",
  });
});

Deno.test("ForsunClient asks again when the connection was lost, but creates only once", async () => {
  await using bench = await openBench();
  const { forsun, proxy } = bench;
  await forsun.ping();
  proxy.isMute = true;
  const asking = forsun.keys();
  const creating = forsun.createTimeout({ key: "a", minute: 1, params });
  const refused = assert.rejects(creating, { code: "connection" });
  const { store } = bench.daemon;
  await eventually(async () => (await store.stats()).planCount > 0);
  proxy.isMute = false;
  proxy.hangUp();
  await refused;
  assert.deepEqual(await asking, ["a"]);
  assert.deepEqual(await forsun.keys(), ["a"]);
});

Deno.test("ForsunClient waits for a daemon that is away, but not for ever", async () => {
  await using bench = await openBench();
  const { forsun, proxy } = bench;
  await forsun.ping();
  await proxy.stop();
  const asking = forsun.keys();
  await new Promise((resolve) => setTimeout(resolve, 120));
  await proxy.start();
  assert.deepEqual(await asking, []);
  const port = freePort();
  using other = new ForsunClient({ port, connectTimeoutMs: 200 });
  await assert.rejects(other.ping(), (error) => {
    assert.ok(error instanceof ForsunError);
    assert.equal(error.code, "connection");
    assert.match(error.message, /^Cannot connect to 127\.0\.0\.1:\d+: .+/);
    return true;
  });
});

Deno.test("ForsunClient has nothing more to do with a daemon once it is closed", async () => {
  await using bench = await openBench();
  const { forsun, proxy } = bench;
  await forsun.ping();
  proxy.isMute = true;
  const pinging = assert.rejects(forsun.ping(), { code: "closed" });
  forsun.close();
  await pinging;
  await assert.rejects(forsun.ping(), { code: "closed" });
  assert.throws(() => new ForsunClient({ connections: 0 }), RangeError);
});
