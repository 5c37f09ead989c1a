import assert from "node:assert/strict";
import { join } from "node:path";
import { runInProcess, type RunResult } from "../cli/in_process.ts";
import { hasRedis, startRedis } from "../support/redis_server.ts";
import { testWith } from "../support/services.ts";
import { stillClock } from "../support/still_clock.ts";
import { tempFolder } from "../support/temp_folder.ts";
import {
  startThriftDaemon,
  type ThriftDaemon,
} from "../support/thrift_daemon.ts";
import {
  needed,
  type OldData,
  oldPlan,
  pendingData,
  writeDump,
  writeRedis,
} from "./old_daemon.ts";

const time = "2026-11-24T12:00:30Z";
const now = Date.parse(time) / 1000;
const clock = stillClock(time);

/** Plans of all kinds, by a clock that shows `now - offset`. */
function samplePlans(offset: number): OldData {
  const at = now - offset;
  const data = pendingData([
    oldPlan("once", { second: 90, next_time: at + 60, created_time: at - 30 }),
    oldPlan("thrice", {
      second: 10,
      count: 3,
      next_time: at + 4,
      current_count: 1,
      last_timeout: at - 6,
      status: 1,
    }),
    oldPlan("missed", { second: 10, count: 0, next_time: at - 96 }),
    oldPlan("late", { second: 10, next_time: at - 96 }),
    oldPlan("daily", {
      is_time_out: false,
      hour: 16,
      minute: 32,
      second: -1,
      next_time: at + 4.5 * 3600 + 90,
    }),
    oldPlan("ünï", {
      second: 86_400,
      next_time: at + 86_400,
      params: { cmd: "echo 'ü'", timeout: 5 },
    }),
  ], at);
  const done = oldPlan("done", { second: 5, next_time: at - 7, status: 1 });
  return { ...data, plans: [...data.plans, done] };
}

interface Bench extends AsyncDisposable {
  readonly daemon: ThriftDaemon;
  readonly file: string;
  run(...args: readonly string[]): Promise<RunResult>;
  /** Key, next occurrence and progress of all plans. */
  plans(): Promise<string[]>;
}

async function openBench(): Promise<Bench> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await tempFolder());
  const daemon = resources.use(await startThriftDaemon({ clock }));
  const owned = resources.move();
  return {
    daemon,
    file: join(folder.path, "dump"),
    run: (...args) => runInProcess(args, { clock, port: daemon.port }),
    async plans() {
      const request = { prefix: "", after: undefined, limit: 100 };
      return (await daemon.store.page(request)).map(({ plan, state }) =>
        `${plan.key} ${(state.nextAt ?? 0) - now} ${state.runs} ${
          state.lastOutcome?.status ?? "-"
        }`
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const imported = [
  "daily 16290 0 -",
  "late -96 0 -",
  "missed -6 0 -",
  "once 60 0 -",
  "thrice 4 1 succeeded",
  "ünï 86400 0 -",
];

testWith(needed, "import takes the dump of the first daemon", async () => {
  await using bench = await openBench();
  await writeDump(bench.file, samplePlans(0));
  assert.deepEqual(await bench.run("import", bench.file), {
    status: 0,
    stdout:
      "6 plans imported, 1 over, 1 with another next occurrence; clock offset 0 s (standard time of UTC)\n",
    stderr: "",
  });
  assert.deepEqual(await bench.plans(), imported);
  const stored = await bench.daemon.store.get("once");
  assert.equal(stored?.plan.createdAt, now - 30);
  const params = (await bench.daemon.store.get("ünï"))?.plan.params;
  assert.deepEqual(params, { cmd: "echo 'ü'", timeout: "5" });
});

testWith(needed, "import adds the clock offset to all seconds", async () => {
  await using bench = await openBench();
  await writeDump(bench.file, samplePlans(28_800));
  const offset = ["--clock-offset", "+08:00"];
  assert.equal(
    (await bench.run("import", bench.file, ...offset)).stdout,
    "6 plans imported, 1 over, 1 with another next occurrence; clock offset 28800 s (--clock-offset)\n",
  );
  assert.deepEqual(await bench.plans(), imported);
  const last = (await bench.daemon.store.get("thrice"))?.state.lastAt;
  assert.equal(last, now - 6);
});

testWith(
  needed,
  "import warns of a clock offset that makes no sense",
  async () => {
    await using bench = await openBench();
    await writeDump(bench.file, samplePlans(0));
    const result = await bench.run(
      ...["import", bench.file, "--clock-offset", "3600", "--dry-run"],
    );
    assert.equal(
      result.stderr,
      "forsun: with a clock offset of 3600 s the first daemon was 3600 s ahead of now; see --clock-offset\n",
    );
  },
);

testWith(
  needed,
  "import --dry-run prints what would be, and changes nothing",
  async () => {
    await using bench = await openBench();
    await writeDump(bench.file, samplePlans(0));
    const { status, stdout } = await bench.run(
      "import",
      "--dry-run",
      bench.file,
    );
    assert.equal(status, 0);
    assert.deepEqual(stdout.split("\n").sort(), [
      "",
      "  its next occurrence was 2026-11-24 11:58:54+00:00",
      `2026-11-24 11:58:54+00:00 late */10/1 * * * * * shell "cmd='true'"`,
      `2026-11-24 12:00:24+00:00 missed */10/0 * * * * * shell "cmd='true'"`,
      `2026-11-24 12:00:34+00:00 thrice */10/3 * * * * * shell "cmd='true'"`,
      `2026-11-24 12:01:30+00:00 once */90/1 * * * * * shell "cmd='true'"`,
      `2026-11-24 16:32:00+00:00 daily * 32 16 * * * shell "cmd='true'"`,
      `2026-11-25 12:00:30+00:00 ünï * * * */1/1 * * shell "cmd='echo \\'ü\\'';timeout='5'"`,
      "dry run: 6 plans imported, 1 over, 1 with another next occurrence; clock offset 0 s (standard time of UTC)",
    ]);
    assert.deepEqual(await bench.plans(), []);
  },
);

testWith(
  needed,
  "import leaves keys that exist alone, or replaces them",
  async () => {
    await using bench = await openBench();
    await writeDump(bench.file, samplePlans(0));
    await bench.run("import", bench.file);
    const again = await bench.run("import", bench.file, "--json");
    assert.deepEqual(JSON.parse(again.stdout), {
      imported: 0,
      kept: 6,
      over: 1,
      refused: 0,
      damaged: 0,
      moved: 0,
      clock_offset: 0,
    });
    const replacing = await bench.run("import", bench.file, "--replace");
    assert.match(replacing.stdout, /^6 plans imported, 1 over/);
  },
);

testWith(
  needed,
  "import names what makes no sense here, and goes on",
  async () => {
    await using bench = await openBench();
    const next = { next_time: now + 60 };
    await writeDump(
      bench.file,
      pendingData([
        oldPlan("action", { ...next, action: "lua" }),
        oldPlan("params", { ...next, params: {} }),
        oldPlan("field", { ...next, is_time_out: false, second: 75 }),
        oldPlan("never", { ...next, is_time_out: false, month: 2, day: 30 }),
        oldPlan("type", { ...next, second: "soon" }),
        oldPlan("secret", { ...next, params: { passwd: ["x"] } }),
        oldPlan("", next),
        oldPlan("beyond", { next_time: 2 ** 31 + 5 }),
        oldPlan("good", next),
      ], now),
    );
    const { status, stdout, stderr } = await bench.run("import", bench.file);
    assert.equal(status, 1);
    assert.match(stdout, /^1 plan imported, 5 refused, 3 unreadable;/);
    const cannot = (key: string) => `forsun: Cannot create plan "${key}":`;
    const place = `forsun: ${bench.file}: plan`;
    assert.deepEqual(
      stderr.trimEnd().split("\n").sort().map((line) =>
        line.replace(/at byte \d+/, "at byte N")
      ),
      [
        `${place} 5 at byte N: second must be a whole number, got "soon"`,
        `${place} 6 at byte N: params.passwd must be a text, got object`,
        `${place} 7 at byte N: key must be a text, got ""`,
        `${cannot("action")} action must be one of shell, http, got "lua"`,
        `${cannot("beyond")} next_time must be 0 to 2147483647, got 2147483653`,
        `${cannot("field")} second must be 0 to 59, got 75`,
        `${cannot("never")} day 30 never comes in month 2`,
        `${cannot("params")} Param "cmd" of action "shell" is missing`,
      ].sort(),
    );
    assert.deepEqual(await bench.plans(), ["good 60 0 -"]);
  },
);

testWith(
  needed,
  "import takes what is intact of a dump that is cut off or garbled",
  async () => {
    await using bench = await openBench();
    const { file } = bench;
    const plans = Array.from(
      { length: 50 },
      (_, index) => oldPlan(`p${index}`, { second: 90, next_time: now + 60 }),
    );
    await writeDump(file, pendingData(plans, now));
    const whole = await Deno.readFile(file);
    await Deno.writeFile(file, whole.subarray(0, 3000));
    const cut = await bench.run("import", file);
    assert.equal(cut.status, 1);
    assert.match(cut.stdout, /^1\d plans imported, 1 unreadable;/);
    assert.match(
      cut.stderr,
      /^forsun: \/.*: plan \d+: at byte \d+: the file ends in the middle of a value of \d+ bytes, \d+ are there; 3\d more are lost\n$/,
    );
    for (let at = 0; at < whole.length; at += 97) {
      const garbled = whole.slice();
      garbled.fill(0xc1, at, at + 3);
      await Deno.writeFile(file, garbled);
      const { status, stderr } = await bench.run(
        ...["import", file, "--replace"],
      );
      // Text may hold any bytes.
      if (status === 0) continue;
      for (const line of stderr.trimEnd().split("\n")) {
        assert.match(line, /^forsun: [^\n]+$/);
      }
    }
    for (let size = 0; size < 300; size += 7) {
      await Deno.writeFile(file, whole.subarray(0, size));
      const { status, stderr } = await bench.run("import", file);
      assert.equal(status, 1, String(size));
      assert.match(stderr, /^(forsun: [^\n]+\n)+$/);
    }
  },
);

const noRedis =
  "--redis must be redis://USER:PASSWORD@HOST:PORT/DB, or rediss://, with a number for DB";

testWith(needed, "import refuses what is no dump, in one line", async () => {
  await using bench = await openBench();
  const { file } = bench;
  const missing = await bench.run("import", file);
  assert.equal(
    missing.stderr,
    `forsun: Cannot read ${file}: No such file or directory (os error 2)\n`,
  );
  const cases: [readonly string[], string][] = [
    [[], "import: give either FILE or --redis (error 1007)"],
    [
      [file, "--redis", "redis://a"],
      "import: give either FILE or --redis (error 1007)",
    ],
    [
      ["--redis", "redis://:se cret@"],
      `${noRedis} (error 1007)`,
    ],
    [
      ["--redis", "http://a"],
      `${noRedis} (error 1007)`,
    ],
    [
      ["--redis", "redis://a/prod"],
      `${noRedis} (error 1007)`,
    ],
    [
      ["--redis", "redis://a", "--server-id", "x"],
      '--server-id must be a whole number, got "x" (error 1007)',
    ],
    [
      [file, "--clock-offset", "noon"],
      '--clock-offset must be seconds or +HH:MM, up to 15 hours, got "noon" (error 1007)',
    ],
    [
      [file, "--clock-offset", "+23:00"],
      '--clock-offset must be seconds or +HH:MM, up to 15 hours, got "+23:00" (error 1007)',
    ],
  ];
  for (const [args, line] of cases) {
    const { status, stderr } = await bench.run("import", ...args);
    assert.equal(stderr, `forsun: ${line}\n`);
    assert.equal(status, 1);
  }
});

testWith(
  { ...needed, "redis-server": hasRedis },
  "import says in one line, without the password, why Redis can't be read",
  async () => {
    await using bench = await openBench();
    await using redis = await startRedis("--requirepass", "secret");
    const url = (password: string) =>
      `redis://:${password}@127.0.0.1:${redis.port}/0`;
    const wrong = await bench.run("import", "--redis", url("wrong"));
    assert.equal(wrong.status, 1);
    assert.match(
      wrong.stderr,
      /^forsun: Cannot read from Redis 127\.0\.0\.1:\d+: [^\n]+\n$/,
    );
    assert.ok(!wrong.stderr.includes("wrong@"));
  },
);

testWith(
  { ...needed, "redis-server": hasRedis },
  "import reads plans of one prefix and server, those that are done left out",
  async () => {
    await using bench = await openBench();
    await using redis = await startRedis();
    const url = `redis://127.0.0.1:${redis.port}`;
    const names = "f*o[r]:3";
    const sample = samplePlans(0);
    const plans = Array.from(
      { length: 2500 },
      (_, index) => oldPlan(`p${index}`, { second: 90, next_time: now + 60 }),
    );
    await writeRedis(redis.port, { ...sample, names });
    await writeRedis(redis.port, {
      ...pendingData(plans, now),
      names: "other:0",
    });
    const own = ["--redis", url, "--prefix", "f*o[r]", "--server-id", "3"];
    assert.deepEqual(await bench.run("import", ...own), {
      status: 0,
      stdout:
        "6 plans imported, 1 over, 1 with another next occurrence; clock offset 0 s (standard time of UTC)\n",
      stderr: "",
    });
    assert.deepEqual(await bench.plans(), imported);
    const others = await bench.run(
      ...["import", "--redis", url, "--prefix", "other"],
    );
    assert.match(others.stdout, /^2500 plans imported;/);
    const none = await bench.run("import", "--redis", url);
    assert.match(none.stdout, /^0 plans imported;/);
  },
);
