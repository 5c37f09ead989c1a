import { join } from "node:path";
import {
  connectToDaemon,
  type DaemonConnection,
} from "../../src/thrift/client.ts";

const root = join(import.meta.dirname ?? ".", "../..");

/** The permissions that the compiled program has, and no more. */
export const permissions = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys",
  "--allow-run=/bin/sh",
];

/** How the program is started: the binary that FORSUN_BINARY names, or from source. */
export function programCommand(): readonly string[] {
  const binary = Deno.env.get("FORSUN_BINARY");
  if (binary) return [binary];
  const main = join(root, "main.ts");
  const config = ["--config", join(root, "deno.json"), "--no-lock"];
  return [Deno.execPath(), "run", "--quiet", ...config, ...permissions, main];
}

/** A daemon in a process of its own. */
export interface DaemonProcess extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** What it has logged so far. */
  log(): string;
  connect(): Promise<DaemonConnection>;
  /** Sends a signal and waits for the end; gives the exit status. */
  end(signal: Deno.Signal): Promise<Deno.CommandStatus>;
  readonly status: Promise<Deno.CommandStatus>;
}

/**
 * Starts a daemon on a free port with the store `file`, and waits until it is
 * ready. `wrap` is a command that the program's command line is appended to.
 * @throws {Error} with what it has logged, when it ends before
 */
export async function startDaemon(
  { file, args = [], env = {}, wrap = [] }: {
    readonly file: string;
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly wrap?: readonly string[];
  },
): Promise<DaemonProcess> {
  const serve = ["serve", "--port", "0", "--driver-mem-store-file", file];
  const [command, ...rest] = [...wrap, ...programCommand(), ...serve, ...args];
  const child = new Deno.Command(command, {
    args: rest,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const { log, line, finished } = readLog(child.stderr);
  const ready = await line(/ is ready on [^ ]+:(\d+) /);
  if (ready === undefined) {
    await child.status;
    throw new Error(`The daemon ended at once: ${log()}`);
  }
  const port = Number(ready[1]);
  let isOver = false;
  child.status.then(() => isOver = true);
  const end = async (signal: Deno.Signal) => {
    if (!isOver) child.kill(signal);
    const status = await child.status;
    await finished;
    return status;
  };
  return {
    port,
    pid: child.pid,
    log,
    status: child.status,
    connect: () =>
      connectToDaemon({ hostname: "127.0.0.1", port, timeoutMs: 20_000 }),
    end,
    [Symbol.asyncDispose]: async () => {
      await end("SIGKILL");
    },
  };
}

/** Collects a stream, and finds lines in it as they come. */
function readLog(stream: ReadableStream<Uint8Array>) {
  let text = "";
  let isOver = false;
  let onMore = Promise.withResolvers<void>();
  const finished = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      onMore.resolve();
      onMore = Promise.withResolvers<void>();
    }
    isOver = true;
    onMore.resolve();
  })();
  return {
    log: () => text,
    finished,
    /** The first match of `pattern`; undefined when the stream ends without one. */
    async line(pattern: RegExp): Promise<RegExpExecArray | undefined> {
      for (;;) {
        const match = pattern.exec(text);
        if (match !== null) return match;
        if (isOver) return undefined;
        await onMore.promise;
      }
    },
  };
}
