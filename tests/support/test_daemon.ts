import { join } from "node:path";
import { loadConfig } from "../../src/config/load_config.ts";
import { systemClock } from "../../src/core/system_clock.ts";
import type { Clock } from "../../src/core/time.ts";
import { runDaemon } from "../../src/daemon/run_daemon.ts";
import { tempFolder } from "./temp_folder.ts";

/** A daemon in this process, with a store of its own. */
export interface TestDaemon extends AsyncDisposable {
  readonly port: number;
  /** Of the HTTP API; 0 unless the flag `http` is given. */
  readonly httpPort: number;
}

/** Starts a daemon on a free port; resolves when it is ready, rejects when it can't be. */
export async function startTestDaemon(
  { clock = systemClock, flags = {}, environment = {} }: {
    readonly clock?: Clock;
    /** Variables, for options without a flag. */
    readonly environment?: Readonly<Record<string, string>>;
    /** Values of the daemon's flags, by their names. */
    readonly flags?: Readonly<Record<string, string>>;
  } = {},
): Promise<TestDaemon> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await tempFolder());
  const { config } = loadConfig({
    flags: new Map(Object.entries({
      port: "0",
      timezone: "UTC",
      "driver-mem-store-file": join(folder.path, "store"),
      "mem-fsync": "no",
      ...flags,
    })),
    environment: (name) => environment[name],
    file: undefined,
  });
  const stop = new AbortController();
  const ready = Promise.withResolvers<[Deno.NetAddr, number | undefined]>();
  const running = runDaemon({
    config,
    clock,
    signal: stop.signal,
    onReady: (...ports) => ready.resolve(ports),
  });
  running.catch(ready.reject);
  const [{ port }, httpPort = 0] = await ready.promise;
  resources.defer(async () => {
    stop.abort();
    await running;
  });
  const owned = resources.move();
  return { port, httpPort, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
