import assert from "node:assert/strict";
import { join } from "node:path";
import { FakeClock } from "../support/fake_clock.ts";
import {
  requireCommand,
  requireSuccess,
  testWith,
} from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { startThriftDaemon } from "../support/thrift_daemon.ts";

const python = "/usr/bin/python3";
const needed = {
  "thrift-compiler": await requireCommand("thrift"),
  "python3-thrift": await requireSuccess(python, "-c", "import thrift"),
};
const script = join(import.meta.dirname ?? ".", "interop_client.py");
const currentIdl = join(import.meta.dirname ?? ".", "../../forsun.thrift");

/** 2023-11-14T22:13:20Z, a Tuesday */
const nowMs = 1_700_000_000_000;

type Call = readonly [method: string, args: readonly unknown[]];

interface Outcome {
  readonly result?: unknown;
  readonly error?: string;
  readonly code?: number;
  readonly message?: string;
}

/** Has a Python client make calls of a daemon that is always new. */
async function callFromPython(
  calls: readonly Call[],
  { idl, transport, protocol }: {
    readonly idl: string;
    readonly transport: string;
    readonly protocol: string;
  },
): Promise<Outcome[]> {
  await using folder = await tempFolder();
  await run("thrift", ["--gen", "py", "-o", folder.path, idl]);
  await using daemon = await startThriftDaemon({ clock: new FakeClock(nowMs) });
  const generated = join(folder.path, "gen-py");
  const port = String(daemon.port);
  const args = [script, generated, port, transport, protocol];
  return JSON.parse(await run(python, args, JSON.stringify(calls)));
}

async function run(
  command: string,
  args: string[],
  input = "",
): Promise<string> {
  const child = new Deno.Command(command, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(60_000),
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

const params = { cmd: "echo 'ü \u{1f600}'", cwd: "/" };
/** What is not given stays at its default. */
const none = [null, null, null, null, null];

const calendarPlan = {
  is_time_out: false,
  key: "ä",
  second: 0,
  minute: 32,
  hour: 16,
  day: -1,
  month: -1,
  week: -1,
  next_time: 1_700_065_920,
  status: 0,
  count: 0,
  current_count: 0,
  last_timeout: 0,
  action: "shell",
  params,
};
const timeoutPlan = {
  ...calendarPlan,
  is_time_out: true,
  key: "t",
  second: 5,
  minute: -1,
  hour: -1,
  next_time: 1_700_000_005,
  count: 1,
};

/** Every method that the first daemon had, and what comes of it. */
const oldCalls: readonly (readonly [Call, Outcome])[] = [
  [["ping", []], { result: 0 }],
  [
    ["create", ["ä", 0, 32, 16, -1, -1, -1, "shell", params]],
    { result: calendarPlan },
  ],
  [
    ["createTimeout", ["t", 5, ...none, null, null, params]],
    { result: timeoutPlan },
  ],
  [["get", ["ä"]], { result: calendarPlan }],
  [["getCurrent", []], { result: [] }],
  [["getTime", [1_700_000_005]], { result: [timeoutPlan] }],
  [["getKeys", [""]], { result: ["t", "ä"] }],
  [["getKeys", ["ä"]], { result: ["ä"] }],
  [["info", []], { result: { current_time: "1700000000" } }],
  [["remove", ["ä"]], { result: calendarPlan }],
  [
    ["get", ["ä"]],
    {
      error: "ForsunPlanError",
      code: 1003,
      message: 'No plan has the key "ä"',
    },
  ],
  [
    ["create", ["a", 70, ...none, null, params]],
    {
      error: "ForsunPlanError",
      code: 1007,
      message: 'Cannot create plan "a": second must be 0 to 59, got 70',
    },
  ],
  [
    ["createTimeout", ["a", 5, ...none, null, null, null]],
    {
      error: "ForsunPlanError",
      code: 1007,
      message:
        'Cannot create plan "a": Param "cmd" of action "shell" is missing',
    },
  ],
  [
    ["createTimeout", ["a", 5, ...none, null, "mail", params]],
    {
      error: "ForsunPlanError",
      code: 1006,
      message:
        'Cannot create plan "a": action must be one of shell, http, got "mail"',
    },
  ],
  [
    ["forsun_call", ["a", 5, params]],
    {
      error: "TApplicationException",
      code: 0,
      message: "forsun_call is for receivers of the thrift action",
    },
  ],
  [["ping", []], { result: 0 }],
];

const cronPlan = {
  ...calendarPlan,
  key: "c",
  second: -1,
  minute: -1,
  hour: -1,
  next_time: 1_700_481_600,
  cron: "0 12 * * MON",
};

const newCalls: typeof oldCalls = [
  [
    ["createCron", ["c", "0 12 * * MON", null, params]],
    { result: cronPlan },
  ],
  [["get", ["c"]], { result: cronPlan }],
  [
    ["inspect", ["c", false]],
    { result: { ...cronPlan, created_time: 1_700_000_000 } },
  ],
  [
    ["getPlans", ["", "c", null, null]],
    { result: [{ ...timeoutPlan, created_time: 1_700_000_000 }] },
  ],
  [
    ["auth", ["a token, for a daemon that asks for none"]],
    { result: "admin" },
  ],
  [
    ["getPlans", ["", "", 0, true]],
    {
      error: "ForsunPlanError",
      code: 1007,
      message: "Cannot list plans: limit must be 1 to 10000, got 0",
    },
  ],
];

for (const transport of ["buffered", "framed"]) {
  for (
    const protocol of [
      "binary",
      "binary-accelerated",
      "compact",
      "compact-accelerated",
    ]
  ) {
    testWith(
      needed,
      `Python's client calls every method in the ${transport} ${protocol} style`,
      async () => {
        const exchanges = [...oldCalls, ...newCalls];
        const outcomes = await callFromPython(
          exchanges.map(([call]) => call),
          { idl: currentIdl, transport, protocol },
        );
        const expected = exchanges.map(([, outcome]) => outcome);
        assert.deepEqual(outcomes, expected);
      },
    );
  }
}

/** The interface of the first daemon. */
const oldIdl = `
exception ForsunPlanError {
  1: i16 code,
  2: string message
}

struct ForsunPlan {
  1: required bool is_time_out,
  2: required string key,
  3: required i16 second,
  4: i16 minute = -1,
  5: i16 hour = -1,
  6: i16 day = -1,
  7: i16 month = -1,
  8: i16 week = -1,
  9: required i32 next_time,
  10: i16 status = 0,
  11: i16 count = 0,
  12: i16 current_count = 0,
  13: i32 last_timeout = 0,
  14: string action = "shell",
  15: map<string, string> params = {}
}

service Forsun {
  i16 ping(),
  ForsunPlan create(1: string key, 2: i16 second, 3: i16 minute = -1,
    4: i16 hour = -1, 5: i16 day = -1, 6: i16 month = -1, 7: i16 week = -1,
    8: string action = "shell", 9: map<string, string> params = {})
    throws (1: ForsunPlanError err),
  ForsunPlan createTimeout(1: string key, 2: i16 second, 3: i16 minute = -1,
    4: i16 hour = -1, 5: i16 day = -1, 6: i16 month = -1, 7: i16 week = -1,
    8: i16 count = 1, 9: string action = "shell",
    10: map<string, string> params = {}) throws (1: ForsunPlanError err),
  ForsunPlan remove(1: string key) throws (1: ForsunPlanError err),
  ForsunPlan get(1: string key) throws (1: ForsunPlanError err),
  list<ForsunPlan> getCurrent(),
  list<ForsunPlan> getTime(1: i32 timestamp),
  list<string> getKeys(1: string prefix),
  void forsun_call(1: string key, 2: i32 ts, 3: map<string, string> params),
  map<string, string> info()
}
`;

testWith(
  needed,
  "A Python client of the first daemon's interface works as before",
  async () => {
    await using folder = await tempFolder();
    const idl = join(folder.path, "forsun.thrift");
    await Deno.writeTextFile(idl, oldIdl);
    const outcomes = await callFromPython(
      oldCalls.map(([call]) => call),
      { idl, transport: "buffered", protocol: "binary" },
    );
    assert.deepEqual(outcomes, oldCalls.map(([, outcome]) => outcome));
  },
);

testWith(
  needed,
  "Methods that the daemon does not know are unknown to Python's client",
  async () => {
    await using folder = await tempFolder();
    const idl = join(folder.path, "forsun.thrift");
    const later = oldIdl.replace("i16 ping(),", "i16 ping(), i16 pong(),");
    await Deno.writeTextFile(idl, later);
    for (const protocol of ["binary", "compact"]) {
      const outcomes = await callFromPython(
        [["pong", []], ["ping", []]],
        { idl, transport: "buffered", protocol },
      );
      assert.deepEqual(outcomes, [
        {
          error: "TApplicationException",
          code: 1,
          message: "Unknown function pong",
        },
        { result: 0 },
      ]);
    }
  },
);
