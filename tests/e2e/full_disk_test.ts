import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CallbackServer } from "../support/callback_server.ts";
import { type DaemonProcess, startDaemon } from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { runQuietly } from "../support/run_quietly.ts";

/** Creates plans far off until one is refused; gives how many were not, and the refusal. */
async function fill(
  daemon: DaemonProcess,
): Promise<{ count: number; refusal: unknown }> {
  using connection = await daemon.connect();
  const params = { cmd: "x".repeat(2000) };
  for (let count = 0; count < 100_000; count++) {
    try {
      const fields = [0, 0, 0, 9, 0, -1] as const;
      const key = `k${String(count).padStart(6, "0")}`;
      await connection.client.createTimeout(key, ...fields, 1, "shell", params);
    } catch (refusal) {
      return { count, refusal };
    }
  }
  throw new Error("The disk never filled up");
}

async function keyCount(daemon: DaemonProcess): Promise<number> {
  using connection = await daemon.connect();
  return (await connection.client.getKeys("")).length;
}

/** Creates a plan, trying again while the disk is still full, but not for long. */
async function createEventually(daemon: DaemonProcess): Promise<void> {
  using connection = await daemon.connect();
  const fields = [0, 0, 0, 9, 0, -1] as const;
  const params = { cmd: "true" };
  for (let attempt = 1;; attempt++) {
    try {
      await connection.client.createTimeout(
        ...["after", ...fields, 1, "shell", params] as const,
      );
      return;
    } catch (error) {
      if (attempt === 50) throw error;
      await delay(100);
    }
  }
}

Deno.test("a daemon that can't write its journal any further refuses with 1004, and recovers", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "store");
  const limit = 'trap \'\' XFSZ; ulimit -S -f 1000; exec "$0" "$@"';
  let count: number;
  {
    const wrap = ["/bin/sh", "-c", limit];
    await using daemon = await startDaemon({ file, wrap });
    const filled = await fill(daemon);
    count = filled.count;
    assert.ok(count > 100);
    assert.match(
      String(filled.refusal),
      /Cannot write the journal: File too large/,
    );
    assert.equal((filled.refusal as { code?: number }).code, 1004);
    assert.equal(await keyCount(daemon), count);
    await runQuietly(
      "prlimit",
      `--pid=${daemon.pid}`,
      "--fsize=unlimited:unlimited",
    );
    await createEventually(daemon);
    assert.equal(await keyCount(daemon), count + 1);
    assert.match(daemon.log(), /The journal can be written again/);
    await daemon.end("SIGKILL");
  }
  await using again = await startDaemon({ file });
  assert.equal(await keyCount(again), count + 1);
});

Deno.test("a daemon on a full disk goes on firing, and forgets none of it once there is room", async () => {
  await using folder = await tempFolder();
  await using server = new CallbackServer();
  const disk = join(folder.path, "disk");
  await Deno.mkdir(disk);
  const mounted = await runQuietly(
    ...["mount", "-t", "tmpfs", "-o", "size=400k", "none", disk] as const,
  );
  // Only root may mount; elsewhere the test above has to do.
  if (!mounted) return;
  try {
    const file = join(disk, "store");
    {
      await using daemon = await startDaemon({ file });
      using connection = await daemon.connect();
      const params = { url: server.url };
      for (let index = 0; index < 20; index++) {
        const fields = [3, 0, 0, 0, 0, -1] as const;
        await connection.client.createTimeout(
          ...[`due ${index}`, ...fields, 1, "http", params] as const,
        );
      }
      const { count, refusal } = await fill(daemon);
      assert.match(String(refusal), /No space left on device/);
      await server.until(() => server.callbacks.length === 20, 20_000);
      // A plan goes once the daemon has its reply, a moment after it arrived.
      await eventually(async () => await keyCount(daemon) === count);
      await runQuietly("mount", "-o", "remount,size=40m", disk);
      await createEventually(daemon);
      await daemon.end("SIGKILL");
    }
    await using again = await startDaemon({ file });
    await delay(1500);
    assert.equal(server.callbacks.length, 20);
    await again.end("SIGTERM");
  } finally {
    await runQuietly("umount", disk);
  }
});
