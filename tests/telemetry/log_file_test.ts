import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { LogFile, type LogFileRules } from "../../src/telemetry/log_file.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { tempFolder } from "../support/temp_folder.ts";

const noon = Date.parse("2026-11-23T12:00:00Z");
const dayMs = 86_400_000;

async function openLog(rules: LogFileRules) {
  const folder = await tempFolder();
  const clock = new FakeClock(noon);
  const path = join(folder.path, "forsun.log");
  const troubles: string[] = [];
  const onTrouble = (reason: string) => void troubles.push(reason);
  const log = await LogFile.open({ path, clock, rules, onTrouble });
  return {
    path,
    clock,
    log,
    troubles,
    async write(line: string) {
      const bytes = new TextEncoder().encode(`${line}\n`);
      await log.begin(bytes.length);
      await log.write(bytes);
    },
    /** All files, by what stands behind the log's name. */
    async files() {
      const files: Record<string, string> = {};
      for await (const { name } of Deno.readDir(folder.path)) {
        const text = await Deno.readTextFile(join(folder.path, name));
        files[name.slice("forsun.log".length)] = text;
      }
      return files;
    },
    async [Symbol.asyncDispose]() {
      log.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

Deno.test("LogFile puts a day's lines aside under its date, and keeps the last", async () => {
  const rules = { rotation: { kind: "day" }, backupCount: 2 } as const;
  await using log = await openLog(rules);
  for (const line of ["23rd", "24th", "25th", "26th"]) {
    await log.write(line);
    log.clock.stepWall(dayMs);
  }
  assert.deepEqual(await log.files(), {
    "": "26th\n",
    ".2026-11-25": "25th\n",
    ".2026-11-24": "24th\n",
  });
});

Deno.test("LogFile overwrites no file that was put aside on the same day", async () => {
  const rules = { rotation: { kind: "day" }, backupCount: 9 } as const;
  await using log = await openLog(rules);
  await Deno.writeTextFile(`${log.path}.2026-11-23`, "earlier\n");
  await log.write("a");
  log.clock.stepWall(dayMs);
  await log.write("b");
  assert.deepEqual(await log.files(), {
    "": "b\n",
    ".2026-11-23": "earlier\n",
    ".2026-11-23.1": "a\n",
  });
});

Deno.test("LogFile puts aside what an earlier day has left", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "log");
  await Deno.writeTextFile(path, "old\n");
  await Deno.utime(path, new Date(noon - dayMs), new Date(noon - dayMs));
  const log = await LogFile.open({
    path,
    clock: new FakeClock(noon),
    rules: { rotation: { kind: "day" }, backupCount: 1 },
    onTrouble: assert.fail,
  });
  await log.begin(1);
  log.close();
  assert.equal(await Deno.readTextFile(`${path}.2026-11-22`), "old\n");
});

Deno.test("LogFile shifts files before one grows beyond its size", async () => {
  const rules = {
    rotation: { kind: "size", bytes: 10 },
    backupCount: 2,
  } as const;
  await using log = await openLog(rules);
  for (const line of ["1111", "2222", "3333", "4444", "5555", "6666", "7"]) {
    await log.write(line);
  }
  assert.deepEqual(await log.files(), {
    "": "7\n",
    ".1": "5555\n6666\n",
    ".2": "3333\n4444\n",
  });
});

Deno.test("LogFile begins anew when no backups are to be kept", async () => {
  const rules = {
    rotation: { kind: "size", bytes: 4 },
    backupCount: 0,
  } as const;
  await using log = await openLog(rules);
  for (const line of ["111", "222"]) await log.write(line);
  assert.deepEqual(await log.files(), { "": "222\n" });
});

Deno.test("LogFile goes on in the old file where it can't put it aside, and tries again a minute later", async () => {
  const rules = { rotation: { kind: "day" }, backupCount: 2 } as const;
  await using log = await openLog(rules);
  await log.write("a");
  const folder = dirname(log.path);
  await Deno.rename(folder, `${folder}-away`);
  log.clock.stepWall(dayMs);
  await log.write("b");
  await log.write("c");
  assert.deepEqual(log.troubles, ["No such file or directory (os error 2)"]);
  await Deno.rename(`${folder}-away`, folder);
  assert.deepEqual(await log.files(), { "": "a\nb\nc\n" });
  await log.clock.advance(60_000);
  await log.write("d");
  assert.deepEqual(await log.files(), {
    "": "d\n",
    ".2026-11-23": "a\nb\nc\n",
  });
});

Deno.test("LogFile opens anew what another program has put aside", async () => {
  const rules = { rotation: { kind: "never" }, backupCount: 2 } as const;
  await using log = await openLog(rules);
  await log.write("a");
  await Deno.rename(log.path, `${log.path}.old`);
  await log.write("b");
  log.log.reopen();
  await log.write("c");
  assert.deepEqual(await log.files(), { ".old": "a\nb\n", "": "c\n" });
});

Deno.test("LogFile says which file it can't open, and why", async () => {
  await assert.rejects(
    LogFile.open({
      path: "/no/such/log",
      clock: new FakeClock(0),
      rules: { rotation: { kind: "never" }, backupCount: 0 },
      onTrouble: assert.fail,
    }),
    {
      message:
        "Cannot open the log file /no/such/log: No such file or directory (os error 2)",
    },
  );
});

Deno.test("LogFile goes on when another program has put its file aside unasked", async () => {
  const rules = { rotation: { kind: "day" }, backupCount: 2 } as const;
  await using log = await openLog(rules);
  await log.write("a");
  await Deno.rename(log.path, `${log.path}.old`);
  log.clock.stepWall(dayMs);
  await log.write("b");
  assert.deepEqual(await log.files(), { ".old": "a\n", "": "b\n" });
  assert.deepEqual(log.troubles, []);
});
