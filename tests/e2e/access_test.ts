import assert from "node:assert/strict";
import { join } from "node:path";
import { connectToDaemon } from "../../src/thrift/client.ts";
import { type DaemonProcess, startDaemon } from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp_folder.ts";

const first = "first-0123456789abcdef";
const second = "second-0123456789abcdef";

function connect({ port }: DaemonProcess, token?: string) {
  const hostname = "127.0.0.1";
  return connectToDaemon({ hostname, port, token, timeoutMs: 20_000 });
}

Deno.test("a daemon takes other tokens at SIGHUP, and what they don't give is gone at once", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "tokens");
  await Deno.writeTextFile(path, `admin ${first}\n`, { mode: 0o600 });
  await using daemon = await startDaemon({
    file: join(folder.path, "store"),
    args: ["--token-file", path],
  });
  const reload = async (text: string, pattern: RegExp) => {
    await Deno.writeTextFile(path, text);
    Deno.kill(daemon.pid, "SIGHUP");
    await eventually(() => pattern.test(daemon.log()));
  };
  using old = await connect(daemon, first);
  assert.deepEqual(await old.client.getKeys(""), []);
  await assert.rejects(connect(daemon, second), { code: 1009 });

  await reload(`read ${second}\n`, /nothing has changed/);
  await eventually(async () => {
    try {
      using other = await connect(daemon, second);
      return (await other.client.getKeys("")).length === 0;
    } catch {
      return false;
    }
  });
  await assert.rejects(old.client.getKeys(""), /Not authorized/);
  await assert.rejects(connect(daemon, first), { code: 1009 });

  await reload("# none\n", /Who may do what stays as it is: .+ has no token/);
  await reload("admin short\n", /stays as it is: .+ entry 1 has a token of 5/);
  using other = await connect(daemon, second);
  assert.deepEqual(await other.client.getKeys(""), []);
  assert.doesNotMatch(daemon.log(), /0123456789abcdef|short/);
});

Deno.test("a daemon doesn't offer a shell to everyone, unless it is told to", async () => {
  await using folder = await tempFolder();
  const start = (...args: string[]) =>
    startDaemon({
      file: join(folder.path, "store"),
      args: ["--bind", "0.0.0.0", ...args],
    });
  await assert.rejects(
    start(),
    /Cannot listen on 0\.0\.0\.0: everyone .+ run shell commands/,
  );
  {
    await using insecure = await start("--insecure");
    assert.match(
      insecure.log(),
      /WARNING access: Everyone who reaches 0\.0\.0\.0 can run shell/,
    );
  }
  {
    await using limited = await start("--actions", "http");
    assert.match(
      limited.log(),
      /WARNING access: Everyone .+ can make it call anything/,
    );
    await eventually(() =>
      /Gave up the permission to run: plans can't use the action shell/.test(
        limited.log(),
      )
    );
    using connection = await connect(limited);
    const fields = [1, 0, 0, 0, 0, -1] as const;
    await assert.rejects(
      connection.client.createTimeout("a", ...fields, 1, "shell", {
        cmd: "ls",
      }),
      {
        code: 1006,
        message:
          'Cannot create plan "a": action must be one of http, got "shell"',
      },
    );
  }
  {
    await using allowed = await start("--allow", "127.0.0.0/8=admin");
    assert.doesNotMatch(allowed.log(), /WARNING/);
    using connection = await connect(allowed);
    assert.deepEqual(await connection.client.getKeys(""), []);
  }
});
