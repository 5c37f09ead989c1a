import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { startDaemon } from "../support/daemon_process.ts";
import { CallbackServer } from "../support/callback_server.ts";
import { hasRedis, startRedis } from "../support/redis_server.ts";
import { testWith } from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";

const none = [0, 0, 0, 0, -1] as const;
const ticksPerSecond = 100;

async function residentBytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

async function cpuSeconds(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

testWith(
  { "redis-server": hasRedis },
  "a daemon whose Redis is away refuses, neither grows nor spins, and catches up",
  async () => {
    await using folder = await tempFolder();
    await using server = new CallbackServer();
    await using redis = await startRedis("--appendonly", "yes");
    await using daemon = await startDaemon({
      file: `${folder.path}/store`,
      args: [
        ...["--driver", "redis", "--driver-redis-port", String(redis.port)],
      ],
    });
    using connection = await daemon.connect();
    const { client } = connection;
    const params = { url: server.url };
    const create = (key: string, seconds: number) =>
      client.createTimeout(
        ...[key, seconds, ...none, 1, "http", params] as const,
      );
    await create("meanwhile", 4);
    await redis.end("SIGKILL");

    async function refuse(count: number): Promise<void> {
      for (let at = 0; at < count; at += 250) {
        const refused = await Promise.allSettled(
          Array.from({ length: 250 }, (_, step) => create(`k${at + step}`, 60)),
        );
        for (const one of refused) {
          assert.equal(one.status, "rejected");
          assert.equal(one.reason.code, 1004);
        }
      }
    }
    await refuse(5000);
    const before = await residentBytes(daemon.pid);
    await refuse(20_000);
    const grown = await residentBytes(daemon.pid) - before;
    assert.ok(grown < 48e6, `grown by ${grown} bytes`);

    const usedBefore = await cpuSeconds(daemon.pid);
    await delay(3000);
    const used = await cpuSeconds(daemon.pid) - usedBefore;
    assert.ok(used < 1, `${used} s of CPU in 3 s`);

    await redis.start();
    await server.until(() => server.callbacks.length === 1, 30_000);
    await create("behind", 60);
  },
);
