import assert from "node:assert/strict";
import { join } from "node:path";
import { ErrorCode, ForsunError } from "../../../src/core/errors.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import type { RedisStore } from "../../../src/store/redis/redis_store.ts";
import { eventually } from "../../support/eventually.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { askRedis, hasRedis, startRedis } from "../../support/redis_server.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import type { ServerProgram } from "../../support/server_program.ts";
import { testWith } from "../../support/services.ts";

const start = 1_000_000;
const timeoutMs = 1000;

interface Trouble {
  readonly begin: (server: ServerProgram) => Promise<unknown>;
  readonly end: (server: ServerProgram) => Promise<unknown>;
  /** What the client is told. */
  readonly says: RegExp;
  readonly args?: readonly string[];
}

const troubles: Readonly<Record<string, Trouble>> = {
  "is killed": {
    begin: (server) => server.end("SIGKILL"),
    end: (server) => server.start(),
    says: /^Redis: /,
    args: ["--appendonly", "yes"],
  },
  "does not answer": {
    begin: (server) => Promise.resolve(server.send("SIGSTOP")),
    end: (server) => Promise.resolve(server.send("SIGCONT")),
    says: /^Redis: /,
  },
  "has no memory left": {
    begin: ({ port }) => askRedis(port, "config", "set", "maxmemory", "1"),
    end: ({ port }) => askRedis(port, "config", "set", "maxmemory", "0"),
    says: /^Redis: OOM/,
  },
  "is read-only": {
    begin: ({ port }) => askRedis(port, "replicaof", "127.0.0.1", "1"),
    end: ({ port }) => askRedis(port, "replicaof", "no", "one"),
    says: /^Redis: /,
  },
  "can't save": {
    begin: breakSaving,
    end: ({ port }) =>
      askRedis(port, "config", "set", "stop-writes-on-bgsave-error", "no"),
    says: /^Redis: MISCONF/,
    args: ["--enable-protected-configs", "yes", "--save", "3600 100000"],
  },
  "is loading": {
    begin: startLoading,
    end: ({ port }) => askRedis(port, "config", "set", "key-load-delay", "0"),
    says: /^Redis: /,
    args: [
      ...["--enable-debug-command", "yes"],
      ...["--loading-process-events-interval-bytes", "1024"],
    ],
  },
};

for (
  const [what, { begin, end, says, args = [] }] of Object.entries(troubles)
) {
  testWith(
    { "redis-server": hasRedis },
    `RedisStore refuses with 1004 while Redis ${what}, and goes on behind it`,
    async () => {
      await using server = await startRedis(...args);
      await using store = await openRedisForTest(server.port, {
        to: { timeoutMs },
      });
      for (let index = 0; index < 50; index++) {
        await store.put(timeoutPlan(`before ${index}`, 1), start);
      }
      await begin(server);
      const startMs = performance.now();
      await untilRefused(store, says);
      assert.ok(performance.now() - startMs < 30 * timeoutMs);
      await end(server);
      await untilStored(store);
      const claims = await claimAll(store);
      const keys = claims.map(({ plan }) => plan.key);
      const before = keys.filter((key) => key.startsWith("before"));
      assert.equal(new Set(before).size, 50);
      assert.equal(new Set(keys).size, keys.length);
      assert.ok(keys.includes("behind"));
    },
  );
}

testWith(
  { "redis-server": hasRedis },
  "RedisStore fires and removes plans while Redis has no memory left",
  async () => {
    await using server = await startRedis();
    await using store = await openRedisForTest(server.port);
    await store.put(timeoutPlan("due", 1), start);
    await store.put(timeoutPlan("repeating", 5, { count: 0 }), start);
    await store.put(timeoutPlan("removed", 1), start + 100);
    await askRedis(server.port, "config", "set", "maxmemory", "1");
    const claims = await claimAll(store);
    assert.equal(claims.length, 2);
    await store.settle(claims.map((claim) => ({
      kind: "ended",
      claim,
      outcome: {
        ...{ status: "succeeded", attempt: 1, endedAt: start },
        ...{ durationMs: 1, detail: "" },
      },
    })));
    assert.equal(await store.get("due"), undefined);
    assert.equal((await store.get("repeating"))?.state.nextAt, start + 5);
    assert.equal((await store.remove("removed"))?.plan.key, "removed");
  },
);

testWith(
  { "redis-server": hasRedis },
  "RedisStore takes no plans while Redis has no memory left, whatever goes on beside",
  async () => {
    await using server = await startRedis();
    await using store = await openRedisForTest(server.port);
    const names = Array.from({ length: 40 }, (_, index) => `k${index}`);
    for (const name of names) await store.put(timeoutPlan(name, 1), start);
    await store.put(timeoutPlan("claimed", 1), start - 1);
    const { claims: [claim] } = await store.claimDue({
      ...{ now: start - 1, missedBefore: 0, limit: 1 },
    });
    await askRedis(server.port, "config", "set", "maxmemory", "1");
    const outcome: Outcome = {
      ...{ status: "succeeded", attempt: 1, endedAt: start },
      ...{ durationMs: 1, detail: "" },
    };
    const settled = store.settle([{ kind: "ended", claim, outcome }]);
    const removed = names.map((name) => store.remove(name));
    const refusals = names.map((name) => putRefused(store, `new ${name}`));
    await settled;
    assert.equal(await store.get("claimed"), undefined);
    assert.ok((await Promise.all(removed)).every((plan) => plan !== undefined));
    for (const refusal of await Promise.all(refusals)) {
      assert.match(refusal?.message ?? "stored", /^Redis: OOM/);
    }
  },
);

testWith(
  { "redis-server": hasRedis },
  "RedisStore closes while Redis is away and claims are held",
  async () => {
    await using server = await startRedis();
    const store = await openRedisForTest(server.port, { to: { timeoutMs } });
    await store.put(timeoutPlan("due", 1), start);
    assert.equal((await claimAll(store)).length, 1);
    await server.end("SIGKILL");
    await store[Symbol.asyncDispose]();
  },
);

testWith(
  { "redis-server": hasRedis },
  "RedisStore bounds what waits for a Redis that does not answer",
  async () => {
    await using server = await startRedis();
    await using store = await openRedisForTest(server.port, {
      to: { timeoutMs: 2000 },
    });
    server.send("SIGSTOP");
    const puts = Array.from(
      { length: 25_000 },
      (_, index) => store.put(timeoutPlan(`k${index}`, 1), start),
    );
    const reasons = await Promise.allSettled(puts);
    server.send("SIGCONT");
    const messages = new Set(
      reasons.map((one) =>
        one.status === "rejected" ? String(one.reason.message) : "stored"
      ),
    );
    assert.ok(!messages.has("stored"));
    assert.ok([...messages].some((text) => text.includes("does not keep up")));
    await untilStored(store);
  },
);

async function untilRefused(store: RedisStore, says: RegExp): Promise<void> {
  let index = 0;
  await eventually(async () => {
    const refusal = await putRefused(store, `meanwhile ${index++}`);
    if (refusal === undefined) return false;
    assert.equal(refusal.code, ErrorCode.saveFailed);
    assert.match(refusal.message, says);
    return true;
  });
}

async function untilStored(store: RedisStore): Promise<void> {
  const isStored = async () => await putRefused(store, "behind") === undefined;
  await eventually(isStored, 60_000);
}

/** Puts a plan; resolves to why it was refused, undefined when it was not. */
async function putRefused(
  store: RedisStore,
  key: string,
): Promise<ForsunError | undefined> {
  try {
    await store.put(timeoutPlan(key, 1), start);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ForsunError);
    return error;
  }
}

async function claimAll(store: RedisStore) {
  const claims = [];
  for (;;) {
    const batch = await store.claimDue({
      ...{ now: start, missedBefore: 0, limit: 100 },
    });
    claims.push(...batch.claims);
    if (!batch.hasMore) return claims;
  }
}

/** A save into a folder that is not there fails, and Redis then takes no writes. */
async function breakSaving({ port, folder }: ServerProgram): Promise<void> {
  const gone = join(folder, "gone");
  await Deno.mkdir(gone);
  await askRedis(port, "config", "set", "dir", gone);
  await Deno.remove(gone);
  await askRedis(port, "bgsave");
}

/** Has it read its plans again, slowly; it answers nothing else meanwhile. */
async function startLoading({ port }: ServerProgram): Promise<void> {
  await askRedis(port, "config", "set", "key-load-delay", "20000");
  new Deno.Command("redis-cli", {
    args: ["-p", String(port), "debug", "reload"],
    stdout: "null",
    stderr: "null",
  }).output();
  await eventually(async () => {
    const said = await askRedis(port, "ping");
    return said.includes("LOADING");
  });
}
