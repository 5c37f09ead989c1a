import { once } from "node:events";
import assert from "node:assert/strict";
import thrift from "thrift";
import { Client } from "../../src/thrift/gen/Forsun.js";
import type { ThriftClient } from "../../src/thrift/generated.ts";
import { startThriftDaemon } from "../support/thrift_daemon.ts";
import { type Style, styles } from "./messages.ts";

/** A client of npm:thrift with its own connection, transport and protocol. */
async function connect(
  port: number,
  { protocol, isFramed }: Style,
): Promise<AsyncDisposable & { readonly client: ThriftClient }> {
  const connection = thrift.createConnection("127.0.0.1", port, {
    transport: isFramed ? thrift.TFramedTransport : thrift.TBufferedTransport,
    protocol: protocol === "binary"
      ? thrift.TBinaryProtocol
      : thrift.TCompactProtocol,
  });
  await once(connection, "connect");
  return {
    client: thrift.createClient({ Client }, connection),
    async [Symbol.asyncDispose]() {
      const closed = once(connection, "close");
      connection.end();
      await closed;
    },
  };
}

for (const style of styles) {
  Deno.test(`npm:thrift's client calls every method in the ${style.name} style`, async () => {
    await using daemon = await startThriftDaemon();
    await using connection = await connect(daemon.port, style);
    const { client } = connection;
    assert.equal(await client.ping(), 0);
    const fields = [0, 32, 16, -1, -1, -1] as const;
    const params = { cmd: "echo 'ü \u{1f600}'", cwd: "/" };
    const a = await client.create("ä", ...fields, "shell", params);
    assert.deepEqual(
      [a.is_time_out, a.key, a.second, a.minute, a.hour, a.day, a.action],
      [false, "ä", 0, 32, 16, -1, "shell"],
    );
    assert.deepEqual(a.params, params);
    const b = await client.createTimeout(
      "b",
      5,
      -1,
      -1,
      -1,
      -1,
      -1,
      3,
      "http",
      {
        url: "http://127.0.0.1/",
      },
    );
    assert.deepEqual([b.is_time_out, b.count, b.second], [true, 3, 5]);
    const c = await client.createCron("c", "0 12 * * MON", "shell", params);
    assert.equal(c.cron, "0 12 * * MON");
    assert.deepEqual(await client.get("ä"), a);
    assert.equal((await client.inspect("c")).cron, "0 12 * * MON");
    assert.deepEqual(await client.getKeys(""), ["b", "c", "ä"]);
    assert.deepEqual(
      (await client.getPlans("", "b", 10)).map((plan) => plan.key),
      ["c", "ä"],
    );
    assert.deepEqual(await client.getTime(b.next_time), [b]);
    assert.deepEqual(await client.getCurrent(), []);
    assert.deepEqual(Object.keys(await client.info()), ["current_time"]);
    assert.deepEqual(await client.remove("ä"), a);
    await assert.rejects(client.get("ä"), {
      name: "ForsunPlanError",
      code: 1003,
      message: 'No plan has the key "ä"',
    });
    await assert.rejects(
      client.createTimeout("d", 5, -1, -1, -1, -1, -1, -1, "shell", params),
      {
        code: 1007,
        message:
          'Cannot create plan "d": count must be 0 to 2147483647, got -1',
      },
    );
    const many = Array.from({ length: 500 }, (_, index) => index);
    const keys = await Promise.all(many.map(async (index) => {
      const plan = await client.createTimeout(
        `many ${index}`,
        3600,
        -1,
        -1,
        -1,
        -1,
        -1,
        1,
        "shell",
        params,
      );
      return plan.key;
    }));
    assert.deepEqual(keys, many.map((index) => `many ${index}`));
  });
}
