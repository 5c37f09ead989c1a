import assert from "node:assert/strict";
import { type Callback, CallbackServer } from "../support/callback_server.ts";
import { type FakedDaemon, startFakedDaemon } from "../support/faked_daemon.ts";
import { findFaketime } from "../support/faketime.ts";
import { tempFolder } from "../support/temp_folder.ts";

const library = await findFaketime();
const longMs = 30_000;

interface Parts {
  readonly server: CallbackServer;
  readonly folder: string;
  start(at?: string): Promise<FakedDaemon>;
  /** What has come for a key. */
  came(key: string): readonly Callback[];
  /** Waits until so much has come for a key. */
  untilCame(key: string, count: number): Promise<void>;
}

function testClock(name: string, fn: (parts: Parts) => Promise<void>): void {
  const skipped = library === undefined
    ? " (skipped: faketime is not installed)"
    : "";
  Deno.test({
    name: `${name}${skipped}`,
    ignore: library === undefined,
    async fn() {
      await using folder = await tempFolder();
      await using server = new CallbackServer();
      const came = (key: string) =>
        server.callbacks.filter((callback) => callback.key === key);
      await fn({
        server,
        folder: folder.path,
        came,
        untilCame: (key, count) =>
          server.until(() => came(key).length >= count, longMs),
        start: (at) =>
          startFakedDaemon({
            library: library ?? "",
            folder: folder.path,
            at,
          }),
      });
    },
  });
}

/** A plan that fires every second, without end. */
async function tick(daemon: FakedDaemon, url: string): Promise<number> {
  using connection = await daemon.connect();
  const plan = await connection.client.createTimeout(
    ...["tick", 1, 0, 0, 0, -1, -1, 0, "http", { url }] as const,
  );
  return plan.next_time;
}

testClock(
  "a daemon whose clock steps by a second, an hour and a year, forth and back, fires each second once at most, and goes on",
  async ({ server, came, untilCame, start }) => {
    const { url } = server;
    await using daemon = await start();
    await tick(daemon, url);
    await untilCame("tick", 1);
    using connection = await daemon.connect();
    for (const size of ["1s", "1h", "1y"]) {
      await daemon.shift(`+${size}`);
      await untilCame("tick", came("tick").length + 2);
      await daemon.shift("+0");
      // What was fired ahead is not due again; what comes in now is.
      const key = `back by ${size}`;
      const { next_time: back } = await connection.client.createTimeout(
        ...[key, 1, 0, 0, 0, -1, -1, 1, "http", { url }] as const,
      );
      await untilCame(key, 1);
      assert.equal(came(key)[0].second, back);
    }
    const seconds = came("tick").map(({ second }) => second);
    assert.equal(new Set(seconds).size, seconds.length);
    // A year that was stepped over fires once, not 31 million times.
    assert.ok(seconds.length < 100, `fired ${seconds.length} times`);
    await daemon.end("SIGTERM");
  },
);

testClock(
  "a daemon that was suspended fires what was missed once, and goes on in its rhythm",
  async ({ server, came, untilCame, start }) => {
    await using daemon = await start();
    await tick(daemon, server.url);
    await untilCame("tick", 2);
    using connection = await daemon.connect();
    await connection.client.createTimeout(
      ...["missed", 0, 30, 0, 0, -1, -1, 1, "http", {
        url: server.url,
      }] as const,
    );
    // As suspend does: the process stands still, and so does its monotonic clock.
    Deno.kill(daemon.pid, "SIGSTOP");
    await daemon.shift("+1h");
    Deno.kill(daemon.pid, "SIGCONT");
    await untilCame("missed", 1);
    const before = came("tick").length;
    await untilCame("tick", before + 2);
    assert.equal(came("missed").length, 1);
    const seconds = came("tick").map(({ second }) => second);
    assert.equal(new Set(seconds).size, seconds.length);
    assert.ok(seconds.length < 60, `fired ${seconds.length} times`);
    await daemon.end("SIGTERM");
  },
);

testClock(
  "a daemon that was stopped for a moment runs what fell due in full",
  async ({ server, came, untilCame, start }) => {
    await using daemon = await start();
    await tick(daemon, server.url);
    await untilCame("tick", 1);
    Deno.kill(daemon.pid, "SIGSTOP");
    const second = Math.floor(Date.now() / 1000);
    while (Date.now() / 1000 < second + 4) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    Deno.kill(daemon.pid, "SIGCONT");
    await server.until(
      () => came("tick").some((callback) => callback.second > second + 4),
      longMs,
    );
    const seconds = came("tick").map((callback) => callback.second)
      .sort((one, other) => one - other);
    const expected = seconds.map((_, index) => seconds[0] + index);
    assert.deepEqual(seconds, expected);
    await daemon.end("SIGTERM");
  },
);

testClock(
  "a daemon fires on through 2038-01-19T03:14:08Z, which its i32 clients can't name",
  async ({ server, came, untilCame, start }) => {
    const lastSecond = 0x7fff_ffff;
    const { url } = server;
    await using daemon = await start("2038-01-19 03:00:00");
    await tick(daemon, url);
    await untilCame("tick", 1);
    await daemon.setTo("2038-01-19 03:14:03");
    using connection = await daemon.connect();
    const { client } = connection;
    await assert.rejects(
      client.createTimeout(
        ...["late", 90, -1, -1, -1, -1, -1, 1, "http", { url }] as const,
      ),
      {
        code: 1002,
        message:
          'Cannot create plan "late": second 90 does not come by 2038-01-19T03:14:07Z',
      },
    );
    await server.until(
      () => came("tick").some(({ second }) => second > lastSecond + 2),
      longMs,
    );
    const around = came("tick").map(({ second }) => second)
      .filter((second) => second >= lastSecond - 1 && second < lastSecond + 2);
    assert.deepEqual(around.sort(), [
      ...[lastSecond - 1, lastSecond, lastSecond + 1],
    ]);
    // What the wire can't hold stops at its end instead of turning negative.
    assert.equal((await client.get("tick")).next_time, lastSecond);
    await daemon.end("SIGKILL");

    await using again = await start("2039-06-01 00:00:00");
    const before = came("tick").length;
    await untilCame("tick", before + 2);
    using other = await again.connect();
    assert.deepEqual(await other.client.getKeys(""), ["tick"]);
    await again.end("SIGTERM");
  },
);

testClock(
  "a daemon fires on 29 February, and what is due on the 1 March on that day",
  async ({ server, came, untilCame, start }) => {
    const url = server.url;
    await using daemon = await start("2028-02-28 12:00:00");
    using connection = await daemon.connect();
    const { client } = connection;
    const params = { url };
    const leap = await client.create(
      "leap",
      0,
      0,
      0,
      29,
      2,
      -1,
      "http",
      params,
    );
    assert.equal(leap.next_time, Date.UTC(2028, 1, 29) / 1000);
    const march = await client.create("mar", 0, 0, 0, 1, 3, -1, "http", params);
    assert.equal(march.next_time, Date.UTC(2028, 2, 1) / 1000);
    const daily = await client.create(
      "day",
      0,
      0,
      0,
      -1,
      -1,
      -1,
      "http",
      params,
    );
    assert.equal(daily.next_time, leap.next_time);
    await daemon.setTo("2028-02-28 23:59:59");
    await untilCame("leap", 1);
    await untilCame("day", 1);
    assert.equal(came("mar").length, 0);
    await daemon.setTo("2028-02-29 23:59:58");
    await untilCame("mar", 1);
    await untilCame("day", 2);
    assert.deepEqual(
      came("day").map(({ second }) => second),
      [leap.next_time, march.next_time],
    );
    assert.equal(came("leap").length, 1);
    assert.equal(came("leap")[0].second, leap.next_time);
    await daemon.end("SIGTERM");
  },
);
