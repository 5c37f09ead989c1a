import assert from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../../../src/core/system_clock.ts";
import { SteeredClock } from "../../../src/core/steered_clock.ts";
import type { ConnectionOptions } from "../../../src/store/redis/connection_options.ts";
import { timeoutPlan } from "../../support/plans.ts";
import {
  askRedis,
  hasRedis,
  startRedis,
  startTlsRedis,
} from "../../support/redis_server.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import { requireCommand, testWith } from "../../support/services.ts";

const needed = { "redis-server": hasRedis };

async function works(
  port: number,
  to: Partial<ConnectionOptions>,
): Promise<void> {
  await using store = await openRedisForTest(port, { to });
  await store.put(timeoutPlan("a", 5), 1_000_000);
  assert.equal((await store.get("a"))?.plan.key, "a");
}

testWith(
  needed,
  "openRedisStore() speaks with a password, a database and a URL",
  async () => {
    await using server = await startRedis("--requirepass", "hunter 2/");
    await works(server.port, { password: "hunter 2/", database: 3 });
    assert.match(
      await askRedis(server.port, "-a", "hunter 2/", "-n", "3", "dbsize"),
      /^\d+$/,
    );
    const url = `redis://:hunter%202%2F@127.0.0.1:${server.port}/4`;
    await works(1, { url });
    const sizes = await askRedis(
      server.port,
      ...["-a", "hunter 2/", "info", "keyspace"],
    );
    assert.match(sizes, /db3:.*db4:/s);
  },
);

testWith(
  needed,
  "openRedisStore() makes do with what a user of its own needs",
  async () => {
    await using server = await startRedis();
    await askRedis(server.port, ...[
      ...[
        "acl",
        "setuser",
        "forsun",
        "on",
        ">secret",
        "resetkeys",
        "~{forsun:0*",
      ],
      ...["-@all", "+@read", "+@write", "+@scripting", "+@connection", "+time"],
    ]);
    await works(server.port, { user: "forsun", password: "secret" });
    await works(1, {
      url: `redis://forsun:secret@127.0.0.1:${server.port}`,
    });
  },
);

testWith(needed, "openRedisStore() speaks over a unix socket", async () => {
  await using server = await startRedis("--unixsocket", "redis.sock");
  const path = join(server.folder, "redis.sock");
  await works(1, { url: `unix://${path}?db=2` });
});

testWith(
  { ...needed, openssl: await requireCommand("openssl") },
  "openRedisStore() speaks TLS, and only with whom it trusts",
  async () => {
    await using server = await startTlsRedis();
    const caPem = await Deno.readTextFile(join(server.folder, "ca.crt"));
    const url = `rediss://localhost:${server.port}`;
    await works(1, { url, caPem });
    await works(server.port, { host: "localhost", isTls: true, caPem });
    const signal = AbortSignal.timeout(1500);
    await assert.rejects(
      openRedisForTest(1, { to: { url, timeoutMs: 1000 }, signal }),
      /^Error: Cannot open the store in Redis: /,
    );
  },
);

testWith(
  needed,
  "openRedisStore() refuses at once what waiting does not mend",
  async () => {
    await using server = await startRedis("--requirepass", "right");
    await assert.rejects(
      openRedisForTest(server.port, { to: { password: "wrong" } }),
      (error: Error) =>
        /WRONGPASS|NOAUTH/.test(error.message) &&
        !error.message.includes("\n") && !error.message.includes('wrong"'),
    );
    await askRedis(server.port, ...[
      ...["-a", "right", "set", "{forsun:0}:layout", '{"version":99}'],
    ]);
    await assert.rejects(
      openRedisForTest(server.port, { to: { password: "right" } }),
      /: \{forsun:0\}:layout is \{"version":99\}, and this version knows/,
    );
  },
);

testWith(
  needed,
  "openRedisStore() keeps daemons of other prefixes and ids apart, and the first one's partitions",
  async () => {
    await using server = await startRedis();
    const keys = { prefix: "a", serverId: 1, partitions: 4 };
    await using one = await openRedisForTest(server.port, { keys });
    await using same = await openRedisForTest(server.port, {
      keys: { ...keys, partitions: 128 },
    });
    await using other = await openRedisForTest(server.port, {
      keys: { ...keys, serverId: 2 },
    });
    await Promise.all(Array.from(
      { length: 50 },
      (_, index) => one.put(timeoutPlan(`k${index}`, 5), 1_000_000),
    ));
    assert.equal((await same.stats()).planCount, 50);
    assert.equal((await same.get("k7"))?.plan.key, "k7");
    assert.equal((await other.stats()).planCount, 0);
  },
);

testWith(
  needed,
  "openRedisStore() waits for a Redis that is not there yet",
  async () => {
    await using server = await startRedis();
    await server.end();
    const opening = openRedisForTest(server.port);
    await server.start();
    await using store = await opening;
    assert.equal((await store.stats()).planCount, 0);
  },
);

testWith(needed, "openRedisStore() steers the clock by Redis'", async () => {
  await using server = await startRedis();
  const clock = new SteeredClock({
    ...systemClock,
    wallMs: () => Date.now() - 3_600_000,
  });
  await using _store = await openRedisForTest(server.port, { clock });
  assert.ok(Math.abs(clock.wallMs() - Date.now()) < 10_000);
  assert.ok(clock.wallMs() <= Date.now() + 1);
});
