import assert from "node:assert/strict";
import { join } from "node:path";
import { programCommand, startDaemon } from "../support/daemon_process.ts";
import { testWith } from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { needed, oldPlan, pendingData, writeDump } from "./old_daemon.ts";

const env = { TZ: "Asia/Shanghai" };

testWith(
  needed,
  "serve imports the file of the first daemon at the first start, and never again",
  async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, "dump");
    const marker = join(folder.path, "fired");
    const now = Math.floor(Date.now() / 1000);
    const old = now - 28_800;
    const cmd = `echo >> ${marker}`;
    await writeDump(
      file,
      pendingData([
        oldPlan("late", { second: 5, next_time: old - 60, params: { cmd } }),
        oldPlan("later", {
          second: 3600,
          count: 5,
          current_count: 2,
          next_time: old + 1000,
        }),
        oldPlan("wrong", { next_time: old + 1000, action: "lua" }),
      ], old),
    );
    const before = await Deno.readFile(file);
    {
      await using daemon = await startDaemon({ file, env });
      assert.match(
        daemon.log(),
        / WARNING import: Not imported: Cannot create plan "wrong": action must be one of .*, got "lua"\n/,
      );
      assert.match(
        daemon.log(),
        / INFO import: .*\/dump of the first daemon: 2 plans imported, 1 refused; clock offset 28800 s \(standard time of Asia\/Shanghai\); it stays as it is and is not imported again\n/,
      );
      using connection = await daemon.connect();
      const { client } = connection;
      const { next_time, current_count } = await client.get("later");
      assert.deepEqual([next_time, current_count], [now + 1000, 2]);
      while (await Deno.stat(marker).then(() => false, () => true)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await client.remove("later");
      await daemon.end("SIGKILL");
    }
    assert.deepEqual(await Deno.readFile(file), before);
    await using daemon = await startDaemon({ file, env });
    assert.doesNotMatch(daemon.log(), / import: /);
    using connection = await daemon.connect();
    assert.deepEqual(await connection.client.getKeys(""), []);
  },
);

testWith(
  needed,
  "serve begins anew with an import that a crash has cut off, and says what is garbage",
  async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, "dump");
    await Deno.writeTextFile(file, "not a dump");
    const args = ["--mem-clock-offset", "0"];
    {
      await using daemon = await startDaemon({ file, args });
      assert.match(
        daemon.log(),
        / ERROR import: Cannot read the plans of .*\/dump: at byte 0: no msgpack map begins here\n/,
      );
      // What an import that was cut off has left: a plan, and no mark.
      using connection = await daemon.connect();
      const fields = [50, -1, -1, -1, -1, -1] as const;
      await connection.client.createTimeout("a", ...fields, 1, "shell", {
        cmd: "true",
      });
      await daemon.end("SIGKILL");
    }
    const now = Math.floor(Date.now() / 1000);
    const next = { second: 90, next_time: now + 9000 };
    await writeDump(
      file,
      pendingData([
        ...[oldPlan("a", next), oldPlan("b", next)],
        ...Array.from(
          { length: 103 },
          (_, index) => oldPlan(`wrong${index}`, { ...next, action: "none" }),
        ),
      ], now),
    );
    await using daemon = await startDaemon({ file, args });
    const refused = daemon.log().match(/WARNING import: Not imported: Cannot/g);
    assert.equal(refused?.length, 100);
    assert.match(
      daemon.log(),
      /Not imported: 3 more, which `forsun import --dry-run .*\/dump` names\n/,
    );
    assert.match(
      daemon.log(),
      / 2 plans imported, 103 refused; clock offset 0 s \(store\.mem_clock_offset\);/,
    );
    using connection = await daemon.connect();
    const { next_time } = await connection.client.get("a");
    assert.equal(next_time, now + 9000);
  },
);

testWith(
  needed,
  "serve that is told to stop while it imports ends well, and begins anew",
  async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, "dump");
    const now = Math.floor(Date.now() / 1000);
    const next = { second: 90, next_time: now + 9000 };
    const plans = Array.from(
      { length: 20_000 },
      (_, index) => oldPlan(`k${index}`, next),
    );
    await writeDump(file, pendingData(plans, now));
    const args = ["--mem-clock-offset", "0"];
    const [command, ...rest] = [
      ...programCommand(),
      ...["serve", "--port", "0", "--driver-mem-store-file", file, ...args],
    ];
    const child = new Deno.Command(command, {
      args: rest,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    let log = "";
    for await (
      const text of child.stderr.pipeThrough(new TextDecoderStream())
    ) {
      if (!log.includes("Importing") && (log + text).includes("Importing")) {
        child.kill("SIGTERM");
      }
      log += text;
    }
    assert.match(log, /Importing .*\n.*INFO daemon: forsun has stopped\n$/);
    assert.equal((await child.status).code, 0);
    await using daemon = await startDaemon({ file, args });
    assert.match(daemon.log(), / 20000 plans imported; /);
  },
);

testWith(
  needed,
  "serve doesn't guess a clock offset that the file contradicts",
  async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, "dump");
    // As on a machine at UTC+8; this daemon is at UTC, as one in a container is.
    const now = Math.floor(Date.now() / 1000) - 8 * 3600;
    const soon = { second: 90, next_time: now + 600 };
    await writeDump(file, pendingData([oldPlan("a", soon)], now));
    const env = { TZ: "UTC" };
    await assert.rejects(
      startDaemon({ file, env }),
      /forsun: Cannot import .* makes a clock offset of 28800 s and not of 0 s \(standard time of UTC\): say which by [^\n]+\n$/,
    );
    const args = ["--mem-clock-offset", "+08:00"];
    await using daemon = await startDaemon({ file, env, args });
    using connection = await daemon.connect();
    const { next_time } = await connection.client.get("a");
    assert.equal(next_time, now + 600 + 8 * 3600);
  },
);
