import assert from "node:assert/strict";
import { join } from "node:path";
import { CallbackServer } from "../support/callback_server.ts";
import { startDaemon } from "../support/daemon_process.ts";
import { findFaketime } from "../support/faketime.ts";
import { tempFolder } from "../support/temp_folder.ts";

const library = await findFaketime();

Deno.test({
  name: `a daemon survives steps of its clock${
    library === undefined ? " (skipped: faketime is not installed)" : ""
  }`,
  ignore: library === undefined,
  async fn() {
    await using folder = await tempFolder();
    await using server = new CallbackServer();
    const offset = join(folder.path, "offset");
    const step = (text: string) => Deno.writeTextFile(offset, text);
    await step("+0");
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
      env: {
        LD_PRELOAD: library ?? "",
        FAKETIME_TIMESTAMP_FILE: offset,
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      },
    });
    using connection = await daemon.connect();
    const params = { url: server.url };
    const create = (key: string, second: number, count = 1) =>
      connection.client.createTimeout(
        ...[key, second, 0, 0, 0, 0, -1, count, "http", params] as const,
      );
    const came = (key: string) =>
      server.callbacks.filter((callback) => callback.key === key);

    await create("in an hour", 3600);
    const { next_time: ticking } = await create("each second", 1, 0);
    await server.until(() => came("each second").length >= 2, 15_000);
    assert.equal(came("each second")[0].second, ticking);
    assert.equal(came("in an hour").length, 0);

    await step("+2h");
    await server.until(() => came("in an hour").length === 1, 15_000);
    const ahead = () =>
      came("each second").filter(({ second }) => second > ticking + 7000);
    await server.until(() => ahead().length >= 2, 15_000);

    await step("-1h");
    const { next_time: back } = await create("after the step back", 2);
    assert.ok(back < ticking);
    await server.until(() => came("after the step back").length === 1, 15_000);
    assert.equal(came("after the step back")[0].second, back);
    assert.equal(came("in an hour").length, 1);

    const seconds = came("each second").map(({ second }) => second);
    assert.equal(new Set(seconds).size, seconds.length);
    // What passed while the clock stepped forward fires once, not 7,200 times.
    assert.ok(seconds.length < 60, `fired ${seconds.length} times`);
    assert.equal((await daemon.end("SIGTERM")).code, 0);
  },
});
