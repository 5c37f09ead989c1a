import assert from "node:assert/strict";
import { join } from "node:path";
import type { DaemonConnection } from "../../src/thrift/client.ts";
import { startDaemon } from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import {
  hasMariadb,
  mariadbAccount,
  queryMariadb,
  startMariadb,
} from "../support/mariadb_server.ts";
import { createPlans, untilOver } from "../support/plan_burst.ts";
import { freePort } from "../support/server_program.ts";
import { testWith } from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";
import {
  receivedCalls,
  startThriftReceiver,
  thriftReceiverNeeds,
} from "../support/thrift_receiver.ts";
import { RawServer } from "../thrift/raw_server.ts";

const patient = { retry_max_count: "30", retry_delay_seconds: "0.5" };
const count = 500;

/** Resolves once an attempt has failed, and another is to follow. */
async function untilRetried(
  client: DaemonConnection["client"],
): Promise<void> {
  await eventually(async () =>
    Number((await client.info()).action_retried_count) > 0
  );
}

testWith(
  thriftReceiverNeeds,
  "all plans of a burst reach a Thrift receiver that is killed and started in the middle of it",
  async () => {
    await using folder = await tempFolder();
    await using receiver = await startThriftReceiver();
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
    });
    using connection = await daemon.connect();
    const { client } = connection;
    const params = {
      port: String(receiver.port),
      sleep: "0.05",
      max_connections: "8",
      ...patient,
    };
    await createPlans(client, count, {
      action: "thrift",
      params: () => params,
    });
    await eventually(async () => (await receivedCalls(receiver)).length > 20);
    await receiver.end("SIGKILL");
    await untilRetried(client);
    const before = (await receivedCalls(receiver)).length;
    assert.ok(before < count, "it was killed too late");
    await receiver.start();
    const info = await untilOver(client);
    const calls = await receivedCalls(receiver);
    assert.equal(new Set(calls.map(([key]) => key)).size, count);
    assert.equal(info.action_executed_count, count + info.action_retried_count);
    assert.equal(info.action_executed_error_count, info.action_retried_count);
  },
);

testWith(
  { "mariadb-server": hasMariadb },
  "all plans of a burst reach a MariaDB server that is killed and started in the middle of it, and commit once",
  async () => {
    await using folder = await tempFolder();
    await using server = await startMariadb();
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
    });
    using connection = await daemon.connect();
    const { client } = connection;
    await queryMariadb(
      server,
      "create table done (name varchar(40) primary key, times int)",
    );
    const committed = async () => {
      const rows = await queryMariadb(server, "select name, times from done");
      return new Map(rows.map((row) => {
        const [name, times] = row.split("\t");
        return [name, Number(times)] as const;
      }));
    };
    await createPlans(client, count, {
      action: "mysql",
      params: (key) => ({
        ...mariadbAccount,
        port: String(server.port),
        sql: `do sleep(0.03); insert into done values ('${key}', 1)
              on duplicate key update times = times + 1`,
        ...patient,
      }),
    });
    await eventually(async () => (await committed()).size > 20);
    await server.end("SIGKILL");
    await untilRetried(client);
    await server.start();
    const before = (await committed()).size;
    assert.ok(before < count, "it was killed too late");
    const info = await untilOver(client);
    const done = await committed();
    assert.equal(done.size, count);
    // What was being committed at that moment may have been, and is done again.
    const again = [...done.values()].filter((times) => times > 1);
    assert.ok(again.length <= 8, `${again.length} were committed again`);
    assert.equal(info.action_executed_count, count + info.action_retried_count);
  },
);

Deno.test("all plans of a burst for databases and receivers that are gone end as failed, after their retries", async () => {
  await using folder = await tempFolder();
  await using daemon = await startDaemon({
    file: join(folder.path, "store"),
    env: { STORE_STATUS_EXPRIED: "600" },
  });
  using connection = await daemon.connect();
  const { client } = connection;
  const port = String(freePort());
  const retry = { port, retry_max_count: "2", retry_delay_seconds: "0.2" };
  await createPlans(client, 200, {
    action: "mysql",
    key: "mysql:",
    params: () => ({ ...mariadbAccount, sql: "do 0", ...retry }),
  });
  await createPlans(client, 200, {
    action: "thrift",
    key: "thrift:",
    params: () => retry,
  });
  await eventually(
    async () => (await client.info()).action_executed_count === "1200",
    60_000,
  );
  const info = await client.info();
  assert.equal(info.action_retried_count, "800");
  assert.equal(info.action_executed_error_count, "1200");
  await eventually(async () => {
    const plans = await client.getPlans("", "", 1000);
    assert.equal(plans.length, 400);
    return plans.every(({ outcome }) =>
      outcome?.attempt === 3 && outcome.status === -1
    );
  });
  const { outcome } = await client.inspect("mysql:7");
  assert.equal(
    outcome?.detail,
    `no connection to 127.0.0.1:${port}: connection refused`,
  );
  assert.doesNotMatch(daemon.log(), new RegExp(mariadbAccount.passwd));
});

testWith(
  thriftReceiverNeeds,
  "10,000 plans for a receiver that does not reply don't delay those for another",
  async () => {
    await using folder = await tempFolder();
    await using silent = new RawServer((_, over) => over);
    await using good = await startThriftReceiver();
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
      args: ["--mem-fsync", "no"],
    });
    using connection = await daemon.connect();
    const { client } = connection;
    // In vain as long as the test takes.
    const patience = { reply_timeout: "600" };
    await createPlans(client, 10_000, {
      action: "thrift",
      key: "slow:",
      params: () => ({ port: String(silent.port), ...patience }),
    });
    await createPlans(client, 200, {
      action: "thrift",
      key: "fast:",
      params: () => ({ port: String(good.port), max_connections: "4" }),
    });
    await eventually(
      async () => Number((await client.info()).action_executed_count) === 200,
      60_000,
    );
    const { action_executed_error_count, claimed_count } = await client.info();
    assert.equal(action_executed_error_count, "0");
    assert.ok(Number(claimed_count) > 9000, claimed_count);
    await daemon.end("SIGKILL");
  },
);
