import assert from "node:assert/strict";
import { join } from "node:path";
import { askBeanstalkd, takeJobs } from "../support/beanstalk_jobs.ts";
import {
  hasBeanstalkd,
  startBeanstalkd,
} from "../support/beanstalkd_server.ts";
import { startDaemon } from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { createPlans, untilOver } from "../support/plan_burst.ts";
import { hasRedis, startRedis } from "../support/redis_server.ts";
import { freePort } from "../support/server_program.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { RawServer, send } from "../thrift/raw_server.ts";

const patient = { retry_max_count: "30", retry_delay_seconds: "0.5" };
const count = 1000;

/** Slow enough for the server to be killed in the middle of hundreds. */
function slowAdd(key: string): string {
  const loop = "local t = 0 for i = 1, 40000 do t = t + i end";
  return `EVAL "${loop} return redis.call('SADD', 'done', ARGV[1])" 0 ${key}`;
}

Deno.test({
  name:
    "all plans of a burst reach a redis-server that is killed and started in the middle of it",
  ignore: !hasRedis,
  async fn() {
    await using folder = await tempFolder();
    await using server = await startRedis(
      "--appendonly",
      "yes",
      "--appendfsync",
      "always",
    );
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
    });
    using connection = await daemon.connect();
    const { client } = connection;
    const doneCount = async () => {
      const { stdout } = await new Deno.Command("redis-cli", {
        args: ["-p", String(server.port), "SCARD", "done"],
      }).output();
      return Number(new TextDecoder().decode(stdout));
    };
    const port = String(server.port);
    await createPlans(client, count, {
      action: "redis",
      params: (key) => ({ port, command: slowAdd(key), ...patient }),
    });
    await eventually(async () => await doneCount() > 20, 30_000);
    await server.end("SIGKILL");
    await eventually(async () =>
      Number((await client.info()).action_retried_count) > 0
    );
    await server.start();
    const info = await untilOver(client);
    assert.equal(await doneCount(), count);
    assert.equal(info.action_executed_count, count + info.action_retried_count);
    assert.equal(info.action_executed_error_count, info.action_retried_count);
    assert(
      info.action_retried_count < count,
      "it was killed before anything arrived",
    );
  },
});

Deno.test({
  name:
    "all plans of a burst reach a beanstalkd that is killed and started in the middle of it",
  ignore: !hasBeanstalkd,
  async fn() {
    await using folder = await tempFolder();
    await using server = await startBeanstalkd();
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
    });
    using connection = await daemon.connect();
    const { client } = connection;
    const readyCount = async () => {
      const stats = await askBeanstalkd(server, "stats");
      return Number(/^current-jobs-ready: (\d+)$/m.exec(stats)?.[1]);
    };
    const port = String(server.port);
    await createPlans(client, count, {
      action: "beanstalk",
      params: (body) => ({ port, body, ...patient }),
    });
    await eventually(async () => await readyCount() > 5, 30_000);
    await server.end("SIGKILL");
    await eventually(async () =>
      Number((await client.info()).action_retried_count) > 0
    );
    await server.start();
    const info = await untilOver(client);
    const jobs = new Set(await takeJobs(server, "default"));
    assert.equal(jobs.size, count);
    assert.equal(info.action_executed_count, count + info.action_retried_count);
  },
});

Deno.test("all plans of a burst for servers that are gone end as failed, after their retries", async () => {
  await using folder = await tempFolder();
  await using daemon = await startDaemon({ file: join(folder.path, "store") });
  using connection = await daemon.connect();
  const { client } = connection;
  const port = String(freePort());
  const retry = { retry_max_count: "2", retry_delay_seconds: "0.2" };
  await createPlans(client, 300, {
    action: "redis",
    key: "redis:",
    params: () => ({ port, command: "PING", ...retry }),
  });
  await createPlans(client, 300, {
    action: "beanstalk",
    key: "beanstalk:",
    params: (body) => ({ port, body, ...retry }),
  });
  const info = await untilOver(client);
  assert.equal(info.action_retried_count, 1200);
  assert.equal(info.action_executed_error_count, 1800);
  assert.equal(info.action_executed_count, 1800);
});

Deno.test({
  name:
    "10,000 plans for a server that does not answer don't delay those for another",
  ignore: !hasRedis,
  async fn() {
    await using folder = await tempFolder();
    await using server = await startRedis();
    let silentCount = 0;
    await using silent = new RawServer(async (socket, over) => {
      await socket.read(new Uint8Array(1000));
      await send(socket, new TextEncoder().encode("+OK\r\n"));
      if (await socket.read(new Uint8Array(65_536)) !== null) silentCount++;
      await over;
    });
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
      args: ["--mem-fsync", "no"],
    });
    using connection = await daemon.connect();
    const { client } = connection;
    await createPlans(client, 10_000, {
      action: "redis",
      key: "slow:",
      params: () => ({ port: String(silent.port), command: "PING" }),
    });
    await createPlans(client, 200, {
      action: "redis",
      key: "fast:",
      params: () => ({ port: String(server.port), command: "INCR done" }),
    });
    // They would wait for 30 s, again and again, if they had to queue.
    await eventually(
      async () => Number((await client.info()).action_executed_count) === 200,
      25_000,
    );
    assert.equal(silentCount, 1);
    const { claimed_count } = await client.info();
    assert(Number(claimed_count) > 9000, claimed_count);
    await daemon.end("SIGKILL");
  },
});
