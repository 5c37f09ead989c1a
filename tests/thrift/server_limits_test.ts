import assert from "node:assert/strict";
import { turnMs } from "../../src/core/right_of_way.ts";
import { FakeClock } from "../support/fake_clock.ts";
import {
  startThriftDaemon,
  type ThriftDaemon,
} from "../support/thrift_daemon.ts";
import type { Value } from "./any_message.ts";
import { captureLog } from "./captured_log.ts";
import { eventually } from "../support/eventually.ts";
import {
  call,
  createCall,
  expectMessage,
  expectPong,
  planReply,
  pong,
  styles,
  text,
  toWire,
} from "./messages.ts";
import { RawClient } from "./raw_client.ts";

const nowMs = 1_700_000_000_000;
const ping = toWire(call("ping", 9), styles[0]);

interface Limited {
  readonly clock: FakeClock;
  readonly daemon: ThriftDaemon;
  /** What was logged of closed connections. */
  closings(): string[];
}

async function withLimits(
  limits: Parameters<typeof startThriftDaemon>[0] & object,
  use: (limited: Limited) => Promise<void>,
): Promise<void> {
  using log = captureLog();
  const clock = new FakeClock(nowMs);
  await using daemon = await startThriftDaemon({ clock, ...limits });
  const closings = () =>
    log.lines
      .filter((line) => line.includes("Closed"))
      .map((line) => line.replace(/127\.0\.0\.1:\d+/, "CLIENT"));
  await use({ clock, daemon, closings });
}

Deno.test("A message may take as long as it may, and is answered", async () => {
  const limits = { maxStuckMs: 5000 };
  await withLimits({ limits }, async ({ clock, daemon }) => {
    using client = await RawClient.connect(daemon.port);
    await client.send(Uint8Array.from([...ping, ...ping.subarray(0, 7)]));
    await expectMessage(client, pong(9));
    await clock.advance(5000);
    await client.send(ping.subarray(7));
    await expectMessage(client, pong(9));
    await clock.advance(60_000);
    await expectPong(client);
  });
});

Deno.test("A connection with a message that takes too long is closed", async () => {
  const limits = { maxStuckMs: 5000 };
  await withLimits({ limits }, async ({ clock, daemon, closings }) => {
    using other = await RawClient.connect(daemon.port);
    await expectPong(other);
    using client = await RawClient.connect(daemon.port);
    await client.send(Uint8Array.from([...ping, ...ping.subarray(0, 7)]));
    await expectMessage(client, pong(9));
    await clock.advance(6000);
    assert.equal(await client.end(), "");
    assert.deepEqual(closings(), [
      "info: Closed the connection of CLIENT: a message took over 5 s",
    ]);
    assert.equal(daemon.counters.connecting_count, 1);
    await expectPong(other);
  });
});

Deno.test("A message that comes drop by drop does not take longer for it", async () => {
  const limits = { maxStuckMs: 5000 };
  await withLimits({ limits }, async ({ clock, daemon }) => {
    using client = await RawClient.connect(daemon.port);
    await client.send(ping);
    await expectMessage(client, pong(9));
    const closed = client.end();
    for (let second = 0; daemon.counters.connecting_count > 0; second++) {
      assert.ok(second < 10);
      await client.send(ping.subarray(second, second + 1));
      await clock.advance(1000);
    }
    assert.equal(await closed, "");
  });
});

Deno.test("A connection that has been idle for too long is closed", async () => {
  const limits = { maxIdleMs: 60_000 };
  await withLimits({ limits }, async ({ clock, daemon, closings }) => {
    using silent = await RawClient.connect(daemon.port);
    using idle = await RawClient.connect(daemon.port);
    using busy = await RawClient.connect(daemon.port);
    await expectPong(idle);
    await expectPong(busy);
    await clock.advance(60_000);
    assert.equal(daemon.counters.connecting_count, 3);
    await expectPong(busy);
    await clock.advance(1000);
    assert.equal(await silent.end(), "");
    assert.equal(await idle.end(), "");
    const line =
      "info: Closed the connection of CLIENT: it was idle for over 60 s";
    assert.deepEqual(closings(), [line, line]);
    await expectPong(busy);
    assert.equal(daemon.counters.connecting_count, 1);
  });
});

Deno.test("A connection is not idle while a request is under way", async () => {
  const limits = { maxIdleMs: 1000, maxStuckMs: 1000 };
  await withLimits({ limits, isShut: true }, async ({ clock, daemon }) => {
    using client = await RawClient.connect(daemon.port);
    await client.send(toWire(call("getKeys", 1), styles[0]));
    await eventually(() => daemon.counters.requesting_count === 1);
    await clock.advance(4500);
    daemon.letIn();
    const keys: Value = { type: "list", of: "string", values: [] };
    const fields = [{ id: 0, value: keys }];
    await expectMessage(client, { ...call("getKeys", 1, fields), type: 2 });
  });
});

Deno.test("Where there is one connection too many, the one that was idle longest has to go", async () => {
  const limits = { maxConnections: 3 };
  await withLimits({ limits }, async ({ clock, daemon }) => {
    using first = await RawClient.connect(daemon.port);
    await expectPong(first);
    await clock.advance(1000);
    using second = await RawClient.connect(daemon.port);
    await expectPong(second);
    using third = await RawClient.connect(daemon.port);
    await expectPong(third);
    await clock.advance(1000);
    await expectPong(first);
    await clock.advance(1000);
    await expectPong(third);
    await clock.advance(8000);
    using fourth = await RawClient.connect(daemon.port);
    await expectPong(fourth);
    assert.equal(await second.end(), "");
    await expectPong(first);
    await expectPong(third);
    assert.equal(daemon.counters.connecting_count, 3);
    assert.equal(daemon.counters.connected_count, 4);
  });
});

Deno.test("Where no connection was idle for 10 s, the one too many is turned away", async () => {
  const limits = { maxConnections: 2 };
  await withLimits({ limits }, async ({ clock, daemon }) => {
    using first = await RawClient.connect(daemon.port);
    await expectPong(first);
    using second = await RawClient.connect(daemon.port);
    await expectPong(second);
    await clock.advance(9999);
    using third = await RawClient.connect(daemon.port);
    assert.equal(await third.end(), "");
    assert.equal(daemon.counters.connected_count, 2);
    await expectPong(first);
    await expectPong(second);
  });
});

Deno.test("A connection with a request under way is not taken for a new one", async () => {
  const limits = { maxConnections: 1 };
  await withLimits({ limits, isShut: true }, async ({ clock, daemon }) => {
    using busy = await RawClient.connect(daemon.port);
    await expectPong(busy);
    await clock.advance(20_000);
    await busy.send(toWire(call("getKeys", 1), styles[0]));
    await eventually(() => daemon.counters.requesting_count === 1);
    using other = await RawClient.connect(daemon.port);
    assert.equal(await other.end(), "");
    assert.equal(daemon.counters.connecting_count, 1);
    daemon.letIn();
    await eventually(() => daemon.counters.requesting_count === 0);
  });
});

Deno.test("A client that takes no replies is not read from any more, then closed", async () => {
  const limits = { maxStuckMs: 5000 };
  await withLimits({ limits }, async ({ clock, daemon, closings }) => {
    using other = await RawClient.connect(daemon.port);
    const cmd: Value = { type: "string", value: new Uint8Array(1_000_000) };
    await other.send(toWire(createCall(1, "a", cmd), styles[0]));
    await eventually(() => daemon.counters.requested_count === 1);
    using greedy = await RawClient.connect(daemon.port);
    const get = call("get", 1, [{ id: 1, value: text("a") }]);
    const asked = 10_000;
    const requests = new Uint8Array(
      Array(asked).fill([...toWire(get, styles[0])]).flat(),
    );
    const sending = greedy.send(requests).catch(() => {});
    await eventually(() => daemon.counters.requested_count > 1);
    await clock.advance(0);
    await settled(() => daemon.counters.requested_count);
    // So many megabytes wait here, and what the system takes.
    assert.ok(daemon.counters.requested_count < 200);
    await clock.advance(6000);
    assert.deepEqual(closings(), [
      "info: Closed the connection of CLIENT: a message took over 5 s",
    ]);
    assert.equal(daemon.counters.connecting_count, 1);
    greedy[Symbol.dispose]();
    await sending;
    const plan = { key: "a", cmd, createdAt: nowMs / 1000 };
    await expectMessage(other, planReply("createTimeout", 1, plan));
    await expectPong(other);
  });
});

Deno.test("Unfinished messages of all clients are bounded together, and the rest goes on", async () => {
  const limits = { maxUnfinishedBytes: 4 * 1024 * 1024 };
  await withLimits({ limits }, async ({ daemon, closings }) => {
    const cmd: Value = { type: "string", value: new Uint8Array(1_500_000) };
    const large = toWire(createCall(1, "a", cmd), styles[0]);
    using one = await RawClient.connect(daemon.port);
    await one.send(large.subarray(0, -1));
    using other = await RawClient.connect(daemon.port);
    const sending = other.send(large.subarray(0, -1)).catch(() => {});
    using third = await RawClient.connect(daemon.port);
    const all = Promise.all([sending, third.send(large).catch(() => {})]);
    await eventually(() => closings().length >= 1);
    await all;
    assert.equal(
      closings()[0],
      "warning: Closed the connection of CLIENT: the unfinished messages of all clients are over 4 MiB",
    );
    using small = await RawClient.connect(daemon.port);
    await expectPong(small);
  });
});

/** Waits until a number does not change for a while. */
async function settled(count: () => number): Promise<void> {
  for (let last = -1; last !== count();) {
    last = count();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

Deno.test("New connections wait for what is due, those that are open are served", async () => {
  await withLimits({}, async ({ clock, daemon }) => {
    using client = await RawClient.connect(daemon.port);
    await expectPong(client);
    daemon.rightOfWay.take();
    // What accepts connections has begun to wait for this one before.
    using next = await RawClient.connect(daemon.port);
    await expectPong(next);
    using late = await RawClient.connect(daemon.port);
    const pong = expectPong(late);
    await expectPong(client);
    await clock.advance(turnMs - 1);
    assert.equal(daemon.counters.connected_count, 2);
    await clock.advance(1);
    await pong;
  });
});
