import assert from "node:assert/strict";
import { join } from "node:path";
import { takeJobs } from "../support/beanstalk_jobs.ts";
import {
  hasBeanstalkd,
  startBeanstalkd,
} from "../support/beanstalkd_server.ts";
import { programCommand, startDaemon } from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { hasRedis, startRedis } from "../support/redis_server.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Runs one command of the command language; what it printed, errors too. */
async function forsun(port: number, line: string): Promise<string> {
  const [command, ...rest] = programCommand();
  const { stdout, stderr } = await new Deno.Command(command, {
    args: [...rest, "--port", String(port), line],
    env: { NO_COLOR: "1", TZ: "UTC" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return decoder.decode(stdout) + decoder.decode(stderr);
}

/** What a redis-server replies to one command, as redis-cli prints it. */
async function redisCli(port: number, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("redis-cli", {
    args: ["-p", String(port), "--no-auth-warning", ...args],
    stderr: "inherit",
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test({
  name:
    "redis and beanstalk plans set by the command line arrive, and no password is told",
  ignore: !hasRedis || !hasBeanstalkd,
  async fn() {
    await using folder = await tempFolder();
    await using redis = await startRedis("--requirepass", "hunter2");
    await using jobs = await startBeanstalkd();
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
      args: ["--log-level", "DEBUG"],
    });
    const { port } = daemon;
    const host = "host=127.0.0.1";
    const told: string[] = [];
    const run = async (line: string) => {
      told.push(await forsun(port, line));
      return told.at(-1) ?? "";
    };
    const server = `${host};port=${redis.port}`;
    assert.match(
      await run(
        String
          .raw`set redis */1/1 * * * * * redis '${server};password=hunter2;command=\'SET b 1 EX 300\''`,
      ),
      /^[^ ]+ [^ ]+ redis \*\/1\/1 \* \* \* \* \* redis ".*password=\*\*\*;command='SET b 1 EX 300'"\n$/,
    );
    await run(
      String
        .raw`set both */1/1 * * * * * redis '${server};password=hunter2;selected_db=2;command=\'SET "a;b" "x y";APPEND "a;b" !\''`,
    );
    await run(
      `set wrong */1/1 * * * * * redis '${server};password=hunter3;command=PING'`,
    );
    await run(
      `set bs */1/1 * * * * * beanstalk '${host};port=${jobs.port};name=etask;body={}'`,
    );
    await run(
      `set later */500/1 * * * * * redis '${server};password=hunter2;command=PING'`,
    );
    const auth = ["-a", "hunter2"];
    await eventually(async () =>
      await redisCli(redis.port, ...auth, "GET", "b") === "1" &&
      await redisCli(redis.port, ...auth, "-n", "2", "GET", "a;b") === "x y!"
    );
    await eventually(async () =>
      (await takeJobs(jobs, "etask")).includes("{}")
    );
    await eventually(() => /WRONGPASS/.test(daemon.log()));
    assert.match(await run("ls"), / later .*password=\*\*\*;command='PING'/);
    assert.match(await run("info"), /^actions:\t.*redis.*beanstalk/m);
    assert.match(
      await run(
        "set bad */1/1 * * * * * redis 'password=hunter2;port=99999;command=PING'",
      ),
      /Param "port" of action "redis" must be a whole number from 1 to 65535, got "99999" \(error 1007\)\n$/,
    );
    assert.match(
      await run(
        `set bad */1/1 * * * * * redis 'password=hunter2;command="GET \\'a"'`,
      ),
      /Param "command" of action "redis" has a quote at 5 that is not closed, got "GET 'a" \(error 1007\)\n$/,
    );
    await daemon.end("SIGTERM");
    for (const text of [...told, daemon.log()]) {
      assert.doesNotMatch(text, /hunter/);
    }
  },
});

Deno.test({
  name: "plans of 10 MB arrive whole, and leave room for others",
  ignore: !hasRedis,
  async fn() {
    await using folder = await tempFolder();
    await using redis = await startRedis();
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
    });
    using connection = await daemon.connect();
    const { client } = connection;
    const port = String(redis.port);
    const value = "x".repeat(10_000_000);
    const create = (key: string, command: string) =>
      client.createTimeout(key, 1, -1, -1, -1, -1, -1, 1, "redis", {
        port,
        command,
      });
    await create("large", `SET large ${value}`);
    await create("small", "SET small 1");
    await eventually(async () =>
      await redisCli(redis.port, "STRLEN", "large") === "10000000" &&
      await redisCli(redis.port, "GET", "small") === "1"
    );
    await create("later", "SET later 1");
    await eventually(async () =>
      await redisCli(redis.port, "GET", "later") === "1"
    );
  },
});
