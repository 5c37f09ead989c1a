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
  const config = ["--config", join(root, "deno.json"), "--frozen"];
  return [Deno.execPath(), "run", "--quiet", ...config, ...permissions, main];
}

/** A daemon in a process of its own. */
export interface DaemonProcess extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** What it has logged so far. */
  log(): string;
  connect(): Promise<DaemonConnection>;
  /** Closes the pipe that its log comes through, as a reader that ends does. */
  closeLog(): Promise<void>;
  /** Sends a signal and waits for the end; gives the exit status. */
  end(signal: Deno.Signal): Promise<Deno.CommandStatus>;
  readonly status: Promise<Deno.CommandStatus>;
}

/**
 * Starts a daemon on a free port with the store `file`, and waits until it is
 * ready. `wrap` is a command that the program's command line is appended to.
 * With a `logFile` it logs there instead of to standard error.
 * @throws {Error} with what it has logged, when it ends before
 */
export async function startDaemon(
  { file, args = [], env = {}, wrap = [], logFile }: {
    readonly file: string;
    readonly logFile?: string;
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly wrap?: readonly string[];
  },
): Promise<DaemonProcess> {
  const serve = ["serve", "--port", "0", "--driver-mem-store-file", file];
  if (logFile !== undefined) serve.push("--log", logFile);
  const [command, ...rest] = [...wrap, ...programCommand(), ...serve, ...args];
  const child = new Deno.Command(command, {
    args: rest,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const { log, line, finished, close } = readLog(child.stderr);
  const isReady = / is ready on [^ ]+:(\d+) /;
  const ready = logFile === undefined
    ? await line(isReady)
    : await lineInFile(logFile, isReady, child.status);
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
    closeLog: close,
    connect: () =>
      connectToDaemon({ hostname: "127.0.0.1", port, timeoutMs: 20_000 }),
    end,
    [Symbol.asyncDispose]: async () => {
      await end("SIGKILL");
    },
  };
}

/** The first match of `pattern` in a file; undefined when the process ends before. */
async function lineInFile(
  path: string,
  pattern: RegExp,
  status: Promise<unknown>,
): Promise<RegExpExecArray | undefined> {
  let isOver = false;
  status.then(() => isOver = true);
  while (!isOver) {
    const match = pattern.exec(await Deno.readTextFile(path).catch(() => ""));
    if (match !== null) return match;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return undefined;
}

/** Collects a stream, and finds lines in it as they come. */
function readLog(stream: ReadableStream<Uint8Array>) {
  let text = "";
  let isOver = false;
  let onMore = Promise.withResolvers<void>();
  const reader = stream.getReader();
  const finished = (async () => {
    const decoder = new TextDecoder();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      onMore.resolve();
      onMore = Promise.withResolvers<void>();
    }
    isOver = true;
    onMore.resolve();
  })();
  return {
    log: () => text,
    finished,
    close: () => reader.cancel(),
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
