import assert from "node:assert/strict";
import { join } from "node:path";
import { connectToDaemon } from "../../src/thrift/client.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/server_program.ts";
import { testWith } from "../support/services.ts";
import { hasSystemd, startSystemd } from "../support/systemd.ts";
import { tempFolder } from "../support/temp_folder.ts";

const root = join(import.meta.dirname ?? ".", "../..");
const binary = Deno.env.get("FORSUN_BINARY") ?? "";

/** The unit as it is, but for what a test must not share with the machine, and can't wait for. */
async function readUnit(log: string): Promise<string> {
  const text = await Deno.readTextFile(join(root, "deploy/forsun.service"));
  return text
    .replace(/^(Wants|After)=.*\n/gm, "")
    .replace("[Unit]\n", "[Unit]\nDefaultDependencies=no\n")
    .replaceAll("/usr/local/bin/forsun", "/run/forsun")
    .replaceAll("/etc/forsun.conf", "/run/forsun.conf")
    .replace("WatchdogSec=60s", "WatchdogSec=5s")
    .replace("[Service]\n", `[Service]\nStandardError=append:${log}\n`);
}

testWith(
  { "FORSUN_BINARY": binary !== "", "a systemd of its own": hasSystemd },
  "deploy/forsun.service serves and fires under systemd, reloads, and is restarted when it hangs",
  async () => {
    await using folder = await tempFolder();
    const port = freePort();
    const conf = join(folder.path, "conf");
    const logFile = join(folder.path, "log");
    await Deno.writeTextFile(logFile, "");
    await Deno.writeTextFile(conf, `port = ${port}\n`);
    await using systemd = await startSystemd({
      name: "forsun.service",
      unit: await readUnit(logFile),
      binds: { "/run/forsun": binary, "/run/forsun.conf": conf },
    });
    const show = async (property: string) =>
      (await systemd.systemctl(
        ...["show", "--value", `--property=${property}`, "forsun"],
      )).trim();
    const log = () => Deno.readTextFile(logFile);
    const isActive = async () => await show("ActiveState") === "active";

    await eventually(isActive);
    assert.match(await log(), / is ready on /);
    using connection = await connectToDaemon({
      hostname: "127.0.0.1",
      port,
      timeoutMs: 20_000,
    });
    const fields = [1, 0, 0, 0, 0, -1] as const;
    const cmd = "touch /etc/x 2>/dev/null && exit 9; touch /tmp/x && exit 3";
    const create = ["a", ...fields, 1, "shell", { cmd }] as const;
    await connection.client.createTimeout(...create);
    await eventually(async () =>
      /shell of a failed .+: exit status 3\n/.test(await log())
    );

    await Deno.writeTextFile(conf, `port = ${port}\nlog_level = DEBUG\n`);
    await systemd.systemctl("reload", "forsun");
    await eventually(async () =>
      /log_level .+ is "DEBUG" now/.test(await log())
    );
    assert(await isActive());

    const pid = await show("MainPID");
    await systemd.systemctl("kill", "--signal=STOP", "forsun");
    await eventually(async () =>
      await isActive() && ![pid, "0"].includes(await show("MainPID"))
    );
    assert.equal(await show("NRestarts"), "1");

    const again = await connectToDaemon({
      hostname: "127.0.0.1",
      port,
      timeoutMs: 20_000,
    });
    const slow = { cmd: "sleep 2; exit 4" };
    const createSlow = ["b", ...fields, 1, "shell", slow] as const;
    await again.client.createTimeout(...createSlow);
    await eventually(async () =>
      (await again.client.info()).action_executing_count === "1"
    );
    again[Symbol.dispose]();
    await systemd.systemctl("stop", "forsun");
    // It was left to end by itself.
    assert.match(await log(), /shell of b failed .+: exit status 4\n/);
    assert.equal(await show("Result"), "success");
    assert.match(await log(), /forsun has stopped\n$/);
  },
);
