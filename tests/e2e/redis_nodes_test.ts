import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { findFaketime } from "../support/faketime.ts";
import { leaseSeconds, RedisNodes } from "../support/redis_nodes.ts";
import { hasRedis, startRedis } from "../support/redis_server.ts";
import { testWith } from "../support/services.ts";

/** The long form takes minutes and many plans. */
const isLong = Deno.env.get("FORSUN_CHAOS") === "1";
const needed = { "redis-server": hasRedis };

async function nodesOnRedis(
  resources: AsyncDisposableStack,
): Promise<RedisNodes> {
  const redis = resources.use(await startRedis());
  return resources.use(
    new RedisNodes(["--driver-redis-port", String(redis.port)]),
  );
}

testWith(needed, "three nodes fire each plan exactly once", async () => {
  await using resources = new AsyncDisposableStack();
  const nodes = await nodesOnRedis(resources);
  await Promise.all([nodes.start(), nodes.start(), nodes.start()]);
  const count = isLong ? 100_000 : 3000;
  await nodes.create("plan", { count, from: 2, to: isLong ? 60 : 4 });
  await nodes.untilAllCame(isLong ? 600_000 : 60_000);
  await delay(1000);
  nodes.check();
  assert.deepEqual(nodes.repeats(), new Map());
  assert.equal(nodes.server.callbacks.length, count);
});

testWith(needed, "no plan is lost when nodes are killed", async () => {
  await using resources = new AsyncDisposableStack();
  const nodes = await nodesOnRedis(resources);
  await Promise.all([nodes.start(), nodes.start(), nodes.start()]);
  const stop = new AbortController();
  const writing = nodes.createUntil("plan", stop.signal);
  const kills = isLong ? 30 : 3;
  for (let kill = 0; kill < kills; kill++) {
    await delay(1000);
    await nodes.replace(nodes.nodes[kill % 3], "SIGKILL");
  }
  stop.abort();
  await writing;
  assert.ok(nodes.expected.size > 30 * kills, "too few to mean much");
  await nodes.untilAllCame(60_000);
  nodes.check();
  for (const [name, attempts] of nodes.repeats()) {
    assert.deepEqual(attempts, attempts.toSorted(), name);
  }
  // The lease and 2 s, and what a busy machine takes.
  const repeatMs = nodes.maxRepeatMs();
  assert.ok(repeatMs <= (leaseSeconds + 2) * 1000 + 4000, `${repeatMs} ms`);
});

testWith(
  needed,
  "a node that sleeps past its leases starts nothing it has lost",
  async () => {
    await using resources = new AsyncDisposableStack();
    const nodes = await nodesOnRedis(resources);
    // One action at a time, so that claims wait in the node.
    const env = { ACTION_MAX_RUNNING: "1" };
    const sleeper = await nodes.start({ env });
    nodes.server.delayMs = 50;
    await nodes.create("plan", { count: 200, from: 1, to: 1 });
    await nodes.server.until(() => nodes.server.callbacks.length > 5, 30_000);
    Deno.kill(sleeper.pid, "SIGSTOP");
    nodes.server.delayMs = 0;
    await nodes.start();
    await nodes.untilAllCame(60_000);
    Deno.kill(sleeper.pid, "SIGCONT");
    await delay(2000);
    nodes.check();
    // What it was executing when it fell asleep, what it had not settled yet, and no more.
    assert.ok(nodes.repeats().size <= 2, [...nodes.repeats().keys()].join());
  },
);

const library = await findFaketime();

testWith(
  { ...needed, faketime: library !== undefined },
  "nodes whose clocks differ by ten minutes fire by Redis' clock",
  async () => {
    await using resources = new AsyncDisposableStack();
    const nodes = await nodesOnRedis(resources);
    for (const offset of ["+5m", "-5m"]) {
      const env = {
        LD_PRELOAD: library ?? "",
        FAKETIME: offset,
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      };
      await nodes.start({ env });
    }
    await nodes.create("plan", { count: 400, from: 2, to: 4 });
    const [first] = nodes.expected.values();
    assert.ok(Math.abs(first * 1000 - Date.now()) < 60_000);
    await nodes.untilAllCame(60_000);
    nodes.check();
    assert.deepEqual(nodes.repeats(), new Map());
  },
);

testWith(
  needed,
  "a node in mode AGENT serves and fires nothing, and all nodes are listed",
  async () => {
    await using resources = new AsyncDisposableStack();
    const nodes = await nodesOnRedis(resources);
    const agent = await nodes.start({ env: { SERVER_MODE: "AGENT" } });
    await nodes.create("plan", { count: 20, from: 1, to: 1 });
    await delay(2500);
    assert.deepEqual(nodes.server.callbacks, []);
    using connection = await agent.connect();
    assert.equal((await connection.client.info()).plan_count, "20");
    const other = await nodes.start();
    await nodes.untilAllCame(60_000);
    nodes.check();

    const modes = async () =>
      (await connection.client.getNodes()).map(({ mode }) => mode).sort();
    const named = await connection.client.getNodes();
    assert.equal(new Set(named.map(({ name }) => name)).size, 2);
    assert.deepEqual(await modes(), ["AGENT", "TIMER"]);
    for (const { mode, actions } of named) {
      assert.equal(actions.split(" ").includes("http"), mode === "TIMER");
    }
    await other.end("SIGTERM");
    assert.deepEqual(await modes(), ["AGENT"]);
  },
);

testWith(
  needed,
  "plans are fired by the nodes that have their action",
  async () => {
    await using resources = new AsyncDisposableStack();
    const nodes = await nodesOnRedis(resources);
    const having = await nodes.start();
    await nodes.create("plan", { count: 300, from: 6, to: 8 });
    await nodes.start({ args: ["--actions", "shell"] });
    await nodes.untilAllCame(60_000);
    nodes.check();
    assert.deepEqual(nodes.repeats(), new Map());
    using connection = await having.connect();
    const { action_executed_count } = await connection.client.info();
    assert.equal(action_executed_count, "300");
  },
);
