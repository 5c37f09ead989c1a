import { join } from "node:path";
import { loadConfig } from "../../src/config/load_config.ts";
import { systemClock } from "../../src/core/system_clock.ts";
import type { Clock } from "../../src/core/time.ts";
import { runDaemon } from "../../src/daemon.ts";
import { tempFolder } from "./temp_folder.ts";

/** A daemon in this process, with a store of its own. */
export interface TestDaemon extends AsyncDisposable {
  readonly port: number;
}

/** Starts a daemon on a free port; resolves when it is ready, rejects when it can't be. */
export async function startTestDaemon(
  { clock = systemClock, flags = {} }: {
    readonly clock?: Clock;
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
    environment: () => undefined,
    file: undefined,
  });
  const stop = new AbortController();
  const ready = Promise.withResolvers<Deno.NetAddr>();
  const running = runDaemon({
    config,
    clock,
    signal: stop.signal,
    onReady: ready.resolve,
  });
  running.catch(ready.reject);
  const { port } = await ready.promise;
  resources.defer(async () => {
    stop.abort();
    await running;
  });
  const owned = resources.move();
  return { port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
