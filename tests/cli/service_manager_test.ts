import assert from "node:assert/strict";
import { join } from "node:path";
import { openServiceManager } from "../../src/cli/service_manager.ts";
import { within } from "../../src/core/within.ts";
import { startDaemon } from "../support/daemon_process.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { captureLog } from "../thrift/captured_log.ts";

/** What a service manager hears at a socket in `folder`. */
function listen(folder: string) {
  const path = join(folder, "notify");
  const socket = Deno.listenDatagram({ transport: "unixpacket", path });
  return {
    path,
    async next(): Promise<string> {
      const [bytes] = await within(20_000, socket.receive()) ?? [];
      return new TextDecoder().decode(bytes);
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

Deno.test("openServiceManager() tells of the start, the end, and in time for the watchdog", async () => {
  await using folder = await tempFolder();
  using heard = listen(folder.path);
  const clock = new FakeClock(0);
  const environment: Record<string, string> = {
    NOTIFY_SOCKET: heard.path,
    WATCHDOG_USEC: "60000000",
    WATCHDOG_PID: String(Deno.pid),
  };
  using manager = openServiceManager({
    environment: (name) => environment[name],
    clock,
  });
  manager.ready();
  assert.equal(await heard.next(), "READY=1");
  assert.equal(await heard.next(), "WATCHDOG=1");
  const again = heard.next();
  await clock.advance(30_000);
  assert.equal(await again, "WATCHDOG=1");
  manager.stopping();
  assert.equal(await heard.next(), "STOPPING=1");
});

Deno.test("openServiceManager() leaves a watchdog alone that watches another process", async () => {
  await using folder = await tempFolder();
  using heard = listen(folder.path);
  const environment: Record<string, string> = {
    NOTIFY_SOCKET: heard.path,
    WATCHDOG_USEC: "1000",
    WATCHDOG_PID: "1",
  };
  using manager = openServiceManager({
    environment: (name) => environment[name],
    clock: new FakeClock(0),
  });
  manager.ready();
  manager.stopping();
  assert.equal(await heard.next(), "READY=1");
  assert.equal(await heard.next(), "STOPPING=1");
});

Deno.test("openServiceManager() logs once that nobody can be told", async () => {
  using log = captureLog(["forsun", "serve"]);
  const environment: Record<string, string> = { NOTIFY_SOCKET: "/no/such" };
  using manager = openServiceManager({
    environment: (name) => environment[name],
    clock: new FakeClock(0),
  });
  manager.ready();
  manager.stopping();
  while (log.lines.length === 0) await new Promise((go) => setTimeout(go, 2));
  assert.match(log.lines[0], /^warning: Cannot tell .+: No such file or dir/);
});

Deno.test("a daemon is ready for its service manager when it is ready for clients", async () => {
  await using folder = await tempFolder();
  using heard = listen(folder.path);
  const first = heard.next();
  await using daemon = await startDaemon({
    file: join(folder.path, "store"),
    env: { NOTIFY_SOCKET: heard.path },
  });
  assert.equal(await first, "READY=1");
  using connection = await daemon.connect();
  assert.equal(await connection.client.ping(), 0);
  assert.equal((await daemon.end("SIGTERM")).code, 0);
  assert.equal(await heard.next(), "STOPPING=1");
});
