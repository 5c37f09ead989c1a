import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type DaemonProcess,
  programCommand,
  startDaemon,
} from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/server_program.ts";
import { tempFolder } from "../support/temp_folder.ts";

const none = [-1, -1, -1, -1, -1] as const;

interface Shown {
  readonly status: number;
  readonly outcome?: {
    readonly status: number;
    readonly attempt: number;
    readonly ended_at: number;
    readonly duration_ms: number;
    readonly detail: string;
  };
}

/** What `forsun get KEY --json` prints. */
async function get({ port }: DaemonProcess, key: string): Promise<Shown> {
  const [command, ...rest] = programCommand();
  const { stdout } = await new Deno.Command(command, {
    args: [...rest, "get", key, "--json", "--port", String(port)],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stderr: "inherit",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("get --json shows how the last occurrence ended, also after a kill, until it is forgotten", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "store");
  const port = String(freePort());
  const startedAt = Math.floor(Date.now() / 1000);
  const plans: Readonly<Record<string, [string, Record<string, string>]>> = {
    good: ["shell", { cmd: "sleep 0.2; echo 'all is well: ü'" }],
    bad: ["shell", { cmd: "echo first; echo oops >&2; exit 3" }],
    long: ["shell", { cmd: "seq 1 100000" }],
    refused: ["mysql", {
      port,
      sql: "do 0",
      passwd: "hunter2",
      retry_max_count: "1",
      retry_delay_seconds: "0.1",
    }],
  };
  const shown = new Map<string, Shown>();
  {
    const env = { STORE_STATUS_EXPRIED: "600" };
    await using daemon = await startDaemon({ file, env });
    using connection = await daemon.connect();
    const { client } = connection;
    for (const [key, [action, params]] of Object.entries(plans)) {
      await client.createTimeout(key, 1, ...none, 1, action, params);
    }
    await client.createTimeout("again", 1, ...none, 0, "shell", { cmd: "id" });
    await eventually(async () => {
      const all = await client.getPlans("", "", 10);
      return all.every(({ key, outcome }) =>
        outcome && (key !== "refused" || outcome.attempt === 2)
      );
    });
    for (const key of [...Object.keys(plans), "again"]) {
      shown.set(key, await get(daemon, key));
    }
    assert.doesNotMatch(daemon.log(), /hunter/);
  }
  const briefly = (key: string) => {
    const { status, outcome } = shown.get(key) ?? {};
    return [status, outcome?.status, outcome?.attempt, outcome?.detail];
  };
  assert.deepEqual(briefly("good"), [1, 1, 1, "all is well: ü\n"]);
  assert.deepEqual(briefly("bad"), [
    ...[-1, -1, 1],
    "exit status 3\nfirst\noops\n",
  ]);
  assert.deepEqual(briefly("refused"), [
    ...[-1, -1, 2],
    `no connection to 127.0.0.1:${port}: connection refused`,
  ]);
  assert.equal(shown.get("again")?.outcome?.status, 1);
  const good = shown.get("good")?.outcome;
  assert.ok((good?.duration_ms ?? 0) >= 200);
  assert.ok((good?.ended_at ?? 0) > startedAt);
  const long = shown.get("long")?.outcome?.detail ?? "";
  assert.equal(long.length, 4096);
  assert.ok(long.endsWith("\n99999\n100000\n"));

  // Behind a kill, and with a shorter memory for what ends from now on.
  await using daemon = await startDaemon({
    file,
    env: { STORE_STATUS_EXPRIED: "1" },
  });
  assert.deepEqual(await get(daemon, "bad"), shown.get("bad"));
  using connection = await daemon.connect();
  const { client } = connection;
  await client.createTimeout("brief", 1, ...none, 1, "shell", { cmd: "id" });
  await eventually(async () => {
    const plans = await client.getPlans("brief", "", 1);
    return plans.length === 0;
  });
  await assert.rejects(client.get("brief"), { code: 1003 });
});
