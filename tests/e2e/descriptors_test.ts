import assert from "node:assert/strict";
import { join } from "node:path";
import { startDaemon } from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("a daemon whose connections take all file descriptors goes on firing, and takes connections again", async () => {
  await using folder = await tempFolder();
  const fired = join(folder.path, "fired");
  const limit = 'ulimit -n 128; exec "$0" "$@"';
  await using daemon = await startDaemon({
    file: join(folder.path, "store"),
    wrap: ["/bin/sh", "-c", limit],
  });
  using connection = await daemon.connect();
  const { client } = connection;
  const often = [1, 0, 0, 0, -1, -1, 0] as const;
  const cmd = `echo $FORSUN_TIMESTAMP >> ${fired}`;
  await client.createTimeout("a", ...often, "shell", { cmd });
  const firedCount = async () =>
    (await Deno.readTextFile(fired).catch(() => "")).split("\n").length - 1;
  await eventually(async () => await firedCount() >= 1);
  {
    using flood = new DisposableStack();
    const { port } = daemon;
    for (let index = 0; index < 200; index++) {
      flood.use(await Deno.connect({ hostname: "127.0.0.1", port }));
    }
    await eventually(() =>
      daemon.log().includes("There are 80 connections, the most that may be")
    );
    const before = await firedCount();
    await eventually(async () => await firedCount() >= before + 3);
    assert.deepEqual(await client.getKeys(""), ["a"]);
  }
  await eventually(async () => {
    try {
      using other = await daemon.connect();
      return await other.client.ping() === 0;
    } catch {
      return false;
    }
  });
  assert.equal((await daemon.end("SIGTERM")).code, 0);
});
