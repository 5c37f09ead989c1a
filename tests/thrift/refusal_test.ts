import assert from "node:assert/strict";
import { connectToDaemon } from "../../src/thrift/client.ts";
import type { ThriftClient } from "../../src/thrift/generated.ts";
import { FakeClock } from "../support/fake_clock.ts";
import {
  startThriftDaemon,
  type ThriftDaemon,
  type ThriftDaemonOptions,
} from "../support/thrift_daemon.ts";
import type { Field, Message, Value } from "./any_message.ts";
import { encode } from "./encode.ts";
import { hex, toHex } from "./hex.ts";
import { RawClient } from "./raw_client.ts";

/** 2023-11-14T22:13:20Z */
const nowMs = 1_700_000_000_000;

async function withClient(
  use: (client: ThriftClient, daemon: ThriftDaemon) => Promise<void>,
  options: ThriftDaemonOptions = {},
): Promise<void> {
  const clock = new FakeClock(nowMs);
  await using daemon = await startThriftDaemon({ clock, ...options });
  using connection = await connectToDaemon({
    hostname: "127.0.0.1",
    port: daemon.port,
    timeoutMs: 10_000,
  });
  await use(connection.client, daemon);
}

interface Asked {
  readonly key?: string;
  readonly second?: number;
  readonly minute?: number;
  readonly hour?: number;
  readonly day?: number;
  readonly month?: number;
  readonly week?: number;
  readonly count?: number;
  readonly action?: string;
  readonly params?: Readonly<Record<string, string>>;
}

function create(client: ThriftClient, asked: Asked) {
  const { key = "a", action = "shell", params = { cmd: "ls" } } = asked;
  const { second = -1, minute = -1, hour = -1 } = asked;
  const { day = -1, month = -1, week = -1 } = asked;
  const fields = [second, minute, hour, day, month, week] as const;
  return asked.count === undefined
    ? client.create(key, ...fields, action, params)
    : client.createTimeout(key, ...fields, asked.count, action, params);
}

const refusals: readonly [asked: Asked, code: number, reason: string][] = [
  [{ second: 70 }, 1007, "second must be 0 to 59, got 70"],
  [{ second: -5 }, 1007, "second must be 0 to 59, got -5"],
  [{ minute: 60 }, 1007, "minute must be 0 to 59, got 60"],
  [{ hour: 24 }, 1007, "hour must be 0 to 23, got 24"],
  [{ day: 0 }, 1007, "day must be 1 to 31, got 0"],
  [{ month: 13 }, 1007, "month must be 1 to 12, got 13"],
  [{ week: 9 }, 1007, "week must be 0 to 7, got 9"],
  [{ day: 30, month: 2 }, 1002, "day 30 never comes in month 2"],
  [{ count: -1, second: 5 }, 1007, "count must be 0 to 2147483647, got -1"],
  [{ count: 1, second: -5 }, 1007, "second must be 0 or more, got -5"],
  [{ count: 1, week: -32768 }, 1007, "week must be 0 or more, got -32768"],
  [
    { count: 1, day: 5180 },
    1002,
    "day 5180 does not come by 2038-01-19T03:14:07Z",
  ],
  [
    { count: 1, second: 1, month: 32767 },
    1002,
    "month 32767, second 1 does not come by 2038-01-19T03:14:07Z",
  ],
  [
    { action: "mail" },
    1006,
    'action must be one of shell, http, got "mail"',
  ],
  [{ params: {} }, 1007, 'Param "cmd" of action "shell" is missing'],
  [
    { action: "http", params: { cmd: "ls" } },
    1007,
    'Param "url" of action "http" is missing',
  ],
  [
    { params: { cmd: "ls", misfire: "never" } },
    1007,
    'misfire must be once, skip or all, got "never"',
  ],
  [
    { params: { cmd: "ls", time_zone: "Mars" } },
    1007,
    'time_zone must be an IANA name such as "Europe/Berlin", got "Mars"',
  ],
];

for (const [asked, code, reason] of refusals) {
  const method = asked.count === undefined ? "create" : "createTimeout";
  Deno.test(`${method} refuses ${JSON.stringify(asked)} with ${code}`, async () => {
    await withClient(async (client) => {
      await create(client, { second: 5, params: { cmd: "before" } });
      await assert.rejects(create(client, asked), {
        name: "ForsunPlanError",
        code,
        message: `Cannot create plan "a": ${reason}`,
      });
      assert.deepEqual((await client.get("a")).params, { cmd: "before" });
    });
  });
}

Deno.test("createTimeout takes a delay that ends in the last second of the wire", async () => {
  await withClient(async (client) => {
    const delay = 0x7fff_ffff - nowMs / 1000;
    const second = delay % 86_400;
    const asked = { count: 1, day: Math.floor(delay / 86_400), second };
    assert.equal((await create(client, asked)).next_time, 0x7fff_ffff);
    await assert.rejects(create(client, { ...asked, second: second + 1 }), {
      code: 1002,
    });
  });
});

Deno.test("create refuses a key of 4096 bytes and takes one of 4095", async () => {
  await withClient(async (client) => {
    const key = "ü".repeat(2047) + "k";
    await create(client, { key });
    assert.equal((await client.get(key)).key, key);
    await assert.rejects(create(client, { key: key + "k" }), {
      code: 1007,
      message: `Cannot create plan "${
        "ü".repeat(100)
      }…": key must have at most 4095 bytes, got 4096`,
    });
  });
});

Deno.test("create and createTimeout make up a unique key for an empty one", async () => {
  await withClient(async (client) => {
    const keys = new Set<string>();
    for (const count of [undefined, 1]) {
      const plan = await create(client, { key: "", second: 5, count });
      assert.match(plan.key, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.deepEqual(await client.get(plan.key), plan);
      keys.add(plan.key);
    }
    const plan = await client.createCron("", "* * * * *", "shell", {
      cmd: "ls",
    });
    keys.add(plan.key);
    assert.deepEqual(new Set(await client.getKeys("")), keys);
    assert.equal(keys.size, 3);
  });
});

const cronRefusals: readonly [cron: string, code: number, reason: string][] = [
  [
    "60 * * * *",
    1007,
    'cron "60 * * * *" is invalid: Invalid value for minute: 60',
  ],
  ["0 0 30 2 *", 1002, 'cron "0 0 30 2 *" never comes'],
];
for (const [cron, code, reason] of cronRefusals) {
  Deno.test(`createCron refuses ${JSON.stringify(cron)} with ${code}`, async () => {
    await withClient(async (client) => {
      await assert.rejects(
        client.createCron("a", cron, "shell", { cmd: "ls" }),
        { code, message: `Cannot create plan "a": ${reason}` },
      );
    });
  });
}

Deno.test("get, inspect and remove refuse a key that is unknown with 1003", async () => {
  await withClient(async (client) => {
    await create(client, {});
    for (const key of ["", "aa", "\n\u{1f600}"]) {
      const message = `No plan has the key ${JSON.stringify(key)}`;
      const refused = { name: "ForsunPlanError", code: 1003, message };
      await assert.rejects(client.get(key), refused);
      await assert.rejects(client.inspect(key), refused);
      await assert.rejects(client.remove(key), refused);
    }
  });
});

Deno.test("getPlans refuses a limit out of 1 to 10000 with 1007", async () => {
  await withClient(async (client) => {
    for (const limit of [0, -1, 10_001]) {
      await assert.rejects(client.getPlans("", "", limit), {
        code: 1007,
        message: `Cannot list plans: limit must be 1 to 10000, got ${limit}`,
      });
    }
  });
});

Deno.test("Requests are refused with 1004 while the store takes too long to open", async () => {
  const clock = new FakeClock(nowMs);
  await withClient(async (client, daemon) => {
    daemon.gate.progress = 0.425;
    const refused = {
      name: "ForsunPlanError",
      code: 1004,
      message: "The store is still being read (42 %), try again later",
    };
    const both = Promise.all([
      assert.rejects(create(client, {}), refused),
      assert.rejects(client.remove("a"), refused),
    ]);
    while (daemon.counters.requesting_count < 2) await clock.advance(0);
    await clock.advance(5000);
    await both;
  }, { clock, isShut: true });
});

Deno.test("Requests are refused with 1004 when the store can't be opened", async () => {
  const clock = new FakeClock(nowMs);
  await withClient(async (client, daemon) => {
    const created = create(client, {});
    while (daemon.counters.requesting_count < 1) await clock.advance(0);
    daemon.gate.fail(new Error("The journal is damaged"));
    const refused = { code: 1004, message: "The journal is damaged" };
    await assert.rejects(created, refused);
    await assert.rejects(client.get("a"), refused);
  }, { clock, isShut: true });
});

Deno.test("create refuses with 1004, and remove with 1005, what can't be saved", async () => {
  await withClient(async (client, daemon) => {
    await create(client, {});
    await Deno.remove(daemon.folder, { recursive: true });
    // It needs a file of its own.
    const large = { key: "b", params: { cmd: "x".repeat(9_000_000) } };
    const message = /^Cannot write the journal: No such file or directory/;
    await assert.rejects(create(client, large), { code: 1004, message });
    await assert.rejects(client.remove("a"), { code: 1005, message });
    await Deno.mkdir(daemon.folder);
    assert.equal((await create(client, large)).key, "b");
    assert.equal((await client.remove("a")).key, "a");
  });
});

/** What a daemon replies to a message, and that it goes on answering. */
async function expectReply(
  message: Message,
  expected: string,
): Promise<void> {
  await using daemon = await startThriftDaemon({ clock: new FakeClock(nowMs) });
  using client = await RawClient.connect(daemon.port);
  const ping = "80010001 00000004 'ping' 00000000 00";
  const pong = "80010002 00000004 'ping' 00000000 06 0000 0000 00";
  for (
    const [request, reply] of [
      [encode(message, "binary"), expected],
      [ping, pong],
    ] as const
  ) {
    const exchange = await client.exchange(request, reply);
    assert.equal(exchange.received, exchange.expected);
  }
}

function text(value: string): Value {
  return { type: "string", value: new TextEncoder().encode(value) };
}

function call(name: string, fields: readonly Field[]): Message {
  return { name, type: 1, seqid: 5, fields };
}

/** The reply with a ForsunPlanError, in hexadecimal. */
function refused(name: string, code: number, message: string): string {
  return toHex(encode({
    name,
    type: 2,
    seqid: 5,
    fields: [{
      id: 1,
      value: {
        type: "struct",
        fields: [
          { id: 1, value: { type: "i16", value: BigInt(code) } },
          { id: 2, value: text(message) },
        ],
      },
    }],
  }, "binary"));
}

for (const name of ["get", "remove", "inspect"]) {
  Deno.test(`${name} without a key is refused with 1007`, async () => {
    await expectReply(
      call(name, []),
      refused(name, 1007, "key is missing"),
    );
  });
}

for (const name of ["create", "createTimeout"]) {
  Deno.test(`${name} without a second is refused with 1007`, async () => {
    const message = 'Cannot create plan "k": second is missing';
    await expectReply(
      call(name, [{ id: 1, value: text("k") }]),
      refused(name, 1007, message),
    );
  });

  Deno.test(`${name} refuses a key that is not UTF-8 with 1007`, async () => {
    const key: Value = { type: "string", value: hex("6b ff") };
    const params: Value = {
      type: "map",
      from: "string",
      to: "string",
      entries: [[text("cmd"), text("ls")]],
    };
    await expectReply(
      call(name, [
        { id: 1, value: key },
        { id: 2, value: { type: "i16", value: 5n } },
        { id: name === "create" ? 9 : 10, value: params },
      ]),
      refused(
        name,
        1007,
        'Cannot create plan "k\\udcff": key must be UTF-8 text',
      ),
    );
  });
}

Deno.test("createCron without a cron is refused with 1007", async () => {
  const params: Value = {
    type: "map",
    from: "string",
    to: "string",
    entries: [[text("cmd"), text("ls")]],
  };
  await expectReply(
    call("createCron", [
      { id: 1, value: text("k") },
      { id: 4, value: params },
    ]),
    refused("createCron", 1007, 'Cannot create plan "k": cron is missing'),
  );
});

Deno.test("get of a key that is not UTF-8 is refused with 1003", async () => {
  const key: Value = { type: "string", value: hex("6b ff") };
  await expectReply(
    call("get", [{ id: 1, value: key }]),
    refused("get", 1003, 'No plan has the key "k\\udcff"'),
  );
});

Deno.test("A method that there is not is answered with a TApplicationException", async () => {
  await expectReply(
    call("unheard_of", [{ id: 3, value: text("ignored") }]),
    `80010003 0000000a 'unheard_of' 00000005
       0b 0001 0000001b 'Unknown function unheard_of'
       08 0002 00000001                    # unknown method
       00`,
  );
});

Deno.test("forsun_call is answered with a TApplicationException", async () => {
  await expectReply(
    call("forsun_call", []),
    `80010003 0000000b 'forsun_call' 00000005
       0b 0001 00000031 'forsun_call is for receivers of the thrift action'
       08 0002 00000000                    # unknown
       00`,
  );
});
