import assert from "node:assert/strict";
import { join } from "node:path";
import { CallbackServer } from "../support/callback_server.ts";
import { startQuietDaemon } from "../support/quiet_daemon.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { runQuietly } from "../support/run_quietly.ts";
import type { DaemonConnection } from "../../src/thrift/client.ts";

/** More lines than the log keeps in memory. */
const tooMany = 35_000;

/** Has the daemon log a line for each of so many requests. */
async function chatter(
  { client }: DaemonConnection,
  requests: number,
): Promise<void> {
  for (let sent = 0; sent < requests; sent += 500) {
    await Promise.all(Array.from({ length: 500 }, () => client.ping()));
  }
}

/** Creates a plan that is due at once, and waits until it has fired. */
async function fire(
  key: string,
  { client }: DaemonConnection,
  server: CallbackServer,
): Promise<void> {
  const fields = [1, 0, 0, 0, 0, -1] as const;
  const params = { url: server.url };
  await client.createTimeout(key, ...fields, 1, "http", params);
  const came = () => server.callbacks.some((callback) => callback.key === key);
  await server.until(came, 20_000);
}

/** Starts a daemon that logs everything to `log`. */
async function startTalkative(folder: string, log: string) {
  return await startQuietDaemon({
    file: join(folder, "store"),
    args: ["--log", log, "--log-level", "DEBUG"],
  });
}

Deno.test("a daemon whose log is on a full disk goes on firing, and tells how many lines are missing", async () => {
  await using folder = await tempFolder();
  await using server = new CallbackServer();
  const disk = join(folder.path, "disk");
  const log = join(disk, "log");
  await Deno.mkdir(disk);
  const options = ["-t", "tmpfs", "-o", "size=100k", "none"];
  // Only root may mount; elsewhere the test below has to do.
  if (!await runQuietly("mount", ...options, disk)) return;
  try {
    await using daemon = await startTalkative(folder.path, log);
    using connection = await daemon.connect();
    await chatter(connection, tooMany);
    assert.equal((await Deno.stat(log)).size, 100 * 1024);
    await fire("while it is full", connection, server);
    const before = Number((await connection.client.info()).mem_rss);
    await chatter(connection, 10_000);
    const grown = Number((await connection.client.info()).mem_rss) - before;
    assert(grown < 100 * 2 ** 20, `it grew by ${grown} bytes`);
    await runQuietly("mount", "-o", "remount,size=100m", disk);
    const report = /WARNING log: (\d+) lines are missing here: (.+)\n/;
    await eventually(async () => report.test(await Deno.readTextFile(log)));
    const found = report.exec(await Deno.readTextFile(log)) ?? [];
    const [, missing, reason] = found;
    assert.equal(reason, "No space left on device (os error 28)");
    assert(Number(missing) > 10_000, missing);
    const { log_dropped_count } = await connection.client.info();
    assert(Number(log_dropped_count) >= Number(missing));
    assert.equal((await daemon.end("SIGTERM")).code, 0);
    // What was written in part is complete all the same.
    const lines = (await Deno.readTextFile(log)).trimEnd().split("\n");
    const odd = lines.filter((line) => !/^\d{4}-.+ [A-Z]+ \w+: .+$/.test(line));
    assert.deepEqual(odd, []);
  } finally {
    await runQuietly("umount", disk);
  }
});

Deno.test("a daemon whose log nobody reads goes on firing, and ends", async () => {
  await using folder = await tempFolder();
  await using server = new CallbackServer();
  const log = join(folder.path, "fifo");
  assert(await runQuietly("mkfifo", log));
  await using daemon = await startTalkative(folder.path, log);
  using connection = await daemon.connect();
  await chatter(connection, tooMany);
  await fire("with nobody there", connection, server);
  const { log_dropped_count } = await connection.client.info();
  assert(Number(log_dropped_count) > 0);
  assert.equal((await daemon.end("SIGTERM")).code, 0);
});
