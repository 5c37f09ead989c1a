import { join } from "node:path";
import {
  connectToDaemon,
  type DaemonConnection,
} from "../../src/thrift/client.ts";
import { programCommand } from "./daemon_process.ts";
import { freePort } from "./server_program.ts";
import { tempFolder } from "./temp_folder.ts";

/** A daemon in a process of its own that logs elsewhere than to standard error. */
export interface QuietDaemon extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  connect(): Promise<DaemonConnection>;
  /** Sends a signal without waiting for anything. */
  send(signal: Deno.Signal): void;
  /** Sends a signal and waits for the end. */
  end(signal: Deno.Signal): Promise<Deno.CommandStatus>;
}

/**
 * Starts a daemon with the store `file`, and waits until it has written its pid
 * file, which it does when it is ready.
 * @throws {Error} when it ends before
 */
export async function startQuietDaemon(
  { file, args = [], env = {} }: {
    readonly file: string;
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<QuietDaemon> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await tempFolder());
  const pidFile = join(folder.path, "pid");
  const port = freePort();
  const [command, ...rest] = [
    ...programCommand(),
    ...["serve", "--port", String(port), "--driver-mem-store-file", file],
    ...["--pid-file", pidFile, ...args],
  ];
  const child = new Deno.Command(command, {
    args: rest,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  let isOver = false;
  child.status.then(() => isOver = true);
  const end = (signal: Deno.Signal) => {
    if (!isOver) child.kill(signal);
    return child.status;
  };
  resources.defer(async () => {
    await end("SIGKILL");
  });
  while (await Deno.readTextFile(pidFile).catch(() => "") === "") {
    if (isOver) throw new Error("The daemon ended at once");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const owned = resources.move();
  return {
    port,
    pid: child.pid,
    connect: () =>
      connectToDaemon({ hostname: "127.0.0.1", port, timeoutMs: 30_000 }),
    send: (signal) => child.kill(signal),
    end,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
