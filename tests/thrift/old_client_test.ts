import assert from "node:assert/strict";
import { FakeClock } from "../support/fake_clock.ts";
import { startThriftDaemon } from "../support/thrift_daemon.ts";
import { RawClient } from "./raw_client.ts";

/*
 * The bytes that clients of the first daemon send, and those that they have to
 * get. 2023-11-14T22:13:20Z is 1700000000, or 6553f100.
 */
const nowMs = 1_700_000_000_000;

async function expectReplies(
  ...exchanges: readonly (readonly [request: string, reply: string])[]
): Promise<void> {
  const clock = new FakeClock(nowMs);
  await using daemon = await startThriftDaemon({ clock });
  using client = await RawClient.connect(daemon.port);
  for (const [request, reply] of exchanges) {
    const { received, expected } = await client.exchange(request, reply);
    assert.equal(received, expected);
  }
  await client.closeWrite();
  assert.equal(await client.end(), "");
}

const createA = `
  80010001 00000006 'create' 00000001      # strict binary protocol, call
  0b 0001 00000001 'a'                     # key
  06 0002 0000                             # second 0
  06 0003 0020                             # minute 32
  06 0004 0010                             # hour 16
  06 0005 ffff                             # day, month, week: any
  06 0006 ffff
  06 0007 ffff
  0b 0008 00000005 'shell'                 # action
  0d 0009 0b 0b 00000001                   # params
    00000003 'cmd' 00000002 'ls'
  00`;

/** The fields of the plan that createA makes, as a ForsunPlan's. */
const planA = `
  02 0001 00                               # is_time_out: false
  0b 0002 00000001 'a'                     # key
  06 0003 0000                             # second to week
  06 0004 0020
  06 0005 0010
  06 0006 ffff
  06 0007 ffff
  06 0008 ffff
  08 0009 6554f280                         # next_time: 2023-11-15T16:32:00Z
  06 000a 0000                             # status
  06 000b 0000                             # count
  06 000c 0000                             # current_count
  08 000d 00000000                         # last_timeout
  0b 000e 00000005 'shell'                 # action
  0d 000f 0b 0b 00000001                   # params
    00000003 'cmd' 00000002 'ls'
  00`;

Deno.test("create answers old clients with the fields that they know", async () => {
  await expectReplies([
    createA,
    `80010002 00000006 'create' 00000001 0c 0000 ${planA} 00`,
  ]);
});

Deno.test("get and remove answer old clients with the plan", async () => {
  await expectReplies(
    [createA, `80010002 00000006 'create' 00000001 0c 0000 ${planA} 00`],
    [
      "80010001 00000003 'get' 00000002 0b 0001 00000001 'a' 00",
      `80010002 00000003 'get' 00000002 0c 0000 ${planA} 00`,
    ],
    [
      "80010001 00000006 'remove' 00000003 0b 0001 00000001 'a' 00",
      `80010002 00000006 'remove' 00000003 0c 0000 ${planA} 00`,
    ],
    [
      "80010001 00000006 'remove' 00000004 0b 0001 00000001 'a' 00",
      `80010002 00000006 'remove' 00000004 0c 0001
         06 0001 03eb                      # code: 1003
         0b 0002 00000017 'No plan has the key "a"'
         00 00`,
    ],
  );
});

Deno.test("createTimeout answers old clients, and fills in what they leave out", async () => {
  await expectReplies([
    `80010001 0000000d 'createTimeout' 7fffffff
       0b 0001 00000002 c3bc               # key "ü"
       06 0002 0005                        # second 5, nothing else
       0d 000a 0b 0b 00000001
         00000003 'cmd' 00000002 'ls'
       00`,
    `80010002 0000000d 'createTimeout' 7fffffff
       0c 0000
         02 0001 01                        # is_time_out: true
         0b 0002 00000002 c3bc
         06 0003 0005
         06 0004 ffff
         06 0005 ffff
         06 0006 ffff
         06 0007 ffff
         06 0008 ffff
         08 0009 6553f105                  # next_time: in 5 seconds
         06 000a 0000
         06 000b 0001                      # count: 1
         06 000c 0000
         08 000d 00000000
         0b 000e 00000005 'shell'
         0d 000f 0b 0b 00000001 00000003 'cmd' 00000002 'ls'
         00
       00`,
  ]);
});

Deno.test("ping, getKeys, getCurrent, getTime and info answer old clients", async () => {
  await expectReplies(
    [
      "80010001 00000004 'ping' 00000000 00",
      "80010002 00000004 'ping' 00000000 06 0000 0000 00",
    ],
    [createA, `80010002 00000006 'create' 00000001 0c 0000 ${planA} 00`],
    [
      "80010001 00000007 'getKeys' 00000002 0b 0001 00000000 00",
      `80010002 00000007 'getKeys' 00000002
         0f 0000 0b 00000001 00000001 'a' 00`,
    ],
    [
      "80010001 00000007 'getKeys' 00000003 0b 0001 00000001 'b' 00",
      "80010002 00000007 'getKeys' 00000003 0f 0000 0b 00000000 00",
    ],
    [
      "80010001 0000000a 'getCurrent' 00000004 00",
      "80010002 0000000a 'getCurrent' 00000004 0f 0000 0c 00000000 00",
    ],
    [
      "80010001 00000007 'getTime' 00000005 08 0001 6554f280 00",
      `80010002 00000007 'getTime' 00000005 0f 0000 0c 00000001 ${planA} 00`,
    ],
    [
      "80010001 00000004 'info' ffffffff 00",
      `80010002 00000004 'info' ffffffff
         0d 0000 0b 0b 00000001
           0000000c 'current_time' 0000000a '1700000000'
         00`,
    ],
  );
});

Deno.test("A refusal is field 1 of the reply, with its code and message", async () => {
  await expectReplies([
    `80010001 00000006 'create' 00000009
       0b 0001 00000001 'a'
       06 0002 0046                        # second 70
       0d 0009 0b 0b 00000001 00000003 'cmd' 00000002 'ls'
       00`,
    `80010002 00000006 'create' 00000009
       0c 0001
         06 0001 03ef                      # code: 1007
         0b 0002 00000036
           'Cannot create plan "a": second must be 0 to 59, got 70'
         00
       00`,
  ]);
});

Deno.test("A cron plan shows old clients its expression as a field that they pass over", async () => {
  await expectReplies([
    `80010001 0000000a 'createCron' 00000001
       0b 0001 00000001 'c'
       0b 0002 0000000c '0 12 * * MON'
       0d 0004 0b 0b 00000001 00000003 'cmd' 00000002 'ls'
       00`,
    `80010002 0000000a 'createCron' 00000001
       0c 0000
         02 0001 00
         0b 0002 00000001 'c'
         06 0003 ffff
         06 0004 ffff
         06 0005 ffff
         06 0006 ffff
         06 0007 ffff
         06 0008 ffff
         08 0009 655b4a40                  # next_time: 2023-11-20T12:00:00Z
         06 000a 0000
         06 000b 0000
         06 000c 0000
         08 000d 00000000
         0b 000e 00000005 'shell'
         0d 000f 0b 0b 00000001 00000003 'cmd' 00000002 'ls'
         0b 0010 0000000c '0 12 * * MON'   # cron
         00
       00`,
  ]);
});
