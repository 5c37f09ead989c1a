import assert from "node:assert/strict";
import { join } from "node:path";
import { type DaemonProcess, startDaemon } from "../support/daemon_process.ts";
import {
  canFailDisks,
  errno,
  startDiskFaults,
} from "../support/disk_faults.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { eventually } from "../support/eventually.ts";

const canFail = await canFailDisks();

/** Has the daemon log a line about every second: a callback that nobody takes. */
async function makeTalk(daemon: DaemonProcess): Promise<void> {
  using connection = await daemon.connect();
  const params = { url: "http://127.0.0.1:2/", retry_max_count: "0" };
  await connection.client.createTimeout(
    ...["talk", 1, 0, 0, 0, -1, -1, 0, "http", params] as const,
  );
}

/** Waits until the daemon has something more to log, at least `count` times. */
async function untilTalked(
  daemon: DaemonProcess,
  count: number,
): Promise<void> {
  using connection = await daemon.connect();
  const errors = async () =>
    Number((await connection.client.info()).action_executed_error_count);
  const goal = await errors() + count;
  await eventually(async () => await errors() >= goal);
}

Deno.test("a daemon goes on when nobody takes its log from standard error any more", async () => {
  await using folder = await tempFolder();
  await using daemon = await startDaemon({ file: join(folder.path, "store") });
  await makeTalk(daemon);
  await daemon.closeLog();
  await untilTalked(daemon, 3);
  assert.equal((await daemon.end("SIGTERM")).code, 0);
});

Deno.test({
  name: `a daemon whose log file can't be written goes on, and logs again${
    canFail ? "" : " (skipped: gcc is not installed)"
  }`,
  ignore: !canFail,
  async fn() {
    await using folder = await tempFolder();
    await using faults = await startDiskFaults();
    const log = join(folder.path, "forsun.log");
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
      logFile: log,
      env: faults.env,
    });
    await makeTalk(daemon);
    const size = async () => (await Deno.stat(log)).size;
    await untilTalked(daemon, 1);
    await eventually(async () => await size() > 0);
    await faults.set(`write ${errno.ENOSPC} forsun.log`);
    await untilTalked(daemon, 3);
    const full = await size();
    await faults.set();
    await eventually(async () => await size() > full);
    assert.equal((await daemon.end("SIGTERM")).code, 0);
  },
});
