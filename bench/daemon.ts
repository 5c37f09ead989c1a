import { connectToDaemon } from "../src/thrift/client.ts";
import type { ForsunProgram } from "./forsun_program.ts";
import {
  type CpuUse,
  cpuUse,
  descriptorCount,
  type MemoryUse,
  memoryUse,
} from "./process_usage.ts";
import { readLines } from "./read_lines.ts";
import { kill, type Workspace } from "./workspace.ts";

export interface DaemonOptions {
  readonly program: ForsunProgram;
  readonly workspace: Workspace;
  /** Where its plans are; a fresh folder when it isn't given. */
  readonly storeFile?: string;
  readonly fsync?: "always" | "everysec" | "no";
  /** Further arguments. */
  readonly args?: readonly string[];
}

/** A running daemon of forsun's, with its usual configuration but for its port and folder. */
export class Daemon implements AsyncDisposable {
  readonly port: number;
  /** The store is below the folder `storeFile + ".d"`. */
  readonly storeFile: string;
  /** performance.now() when it was started. */
  readonly startedMs: number;
  readonly #process: Deno.ChildProcess;
  readonly #ready = Promise.withResolvers<number>();
  #lastLine = "";

  private constructor(
    options: DaemonOptions,
    { port, storeFile }: { readonly port: number; readonly storeFile: string },
  ) {
    const { program, workspace, fsync = "always" } = options;
    this.port = port;
    this.storeFile = storeFile;
    this.startedMs = performance.now();
    this.#process = workspace.spawn(program.command, {
      args: [
        ...program.args,
        "serve",
        "--port",
        String(port),
        "--driver-mem-store-file",
        storeFile,
        "--mem-fsync",
        fsync,
        "--timezone",
        "UTC",
        ...options.args ?? [],
      ],
      env: ownEnvironment(),
      clearEnv: true,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    });
    this.#watch();
  }

  /** Starts a daemon and returns at once; see {@link whenReady}. */
  static launch(options: DaemonOptions): Daemon {
    const storeFile = options.storeFile ??
      options.workspace.freshPath("plans");
    return new Daemon(options, { port: freePort(), storeFile });
  }

  /** Starts a daemon and waits until it is ready. */
  static async start(options: DaemonOptions): Promise<Daemon> {
    const daemon = Daemon.launch(options);
    await daemon.whenReady();
    return daemon;
  }

  /** Resolves to the milliseconds from its start until it said that it was ready. */
  whenReady(): Promise<number> {
    return this.#ready.promise;
  }

  /** Resolves to the milliseconds from its start until it answered a ping, which is asked for all the time. */
  async firstPing(): Promise<number> {
    for (;;) {
      try {
        using connection = await connectToDaemon({
          hostname: "127.0.0.1",
          port: this.port,
          timeoutMs: 60_000,
        });
        await connection.client.ping();
        return performance.now() - this.startedMs;
      } catch {
        // It is not listening yet.
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }
  }

  /** What it tells of itself. */
  async info(): Promise<Readonly<Record<string, string>>> {
    using connection = await connectToDaemon({
      hostname: "127.0.0.1",
      port: this.port,
      timeoutMs: 60_000,
    });
    return await connection.client.info();
  }

  /** How many attempts of actions have failed. */
  async failures(): Promise<number> {
    return Number((await this.info()).action_executed_error_count);
  }

  cpu(): Promise<CpuUse> {
    return cpuUse(this.#process.pid);
  }

  memory(): Promise<MemoryUse> {
    return memoryUse(this.#process.pid);
  }

  /** How many file descriptors it has open. */
  descriptors(): Promise<number> {
    return descriptorCount(this.#process.pid);
  }

  /** Stops it as an operator would, and waits for its end. */
  async stop(): Promise<void> {
    this.#process.kill("SIGTERM");
    const { success } = await this.#process.status;
    if (!success) throw new Error(`The daemon failed: ${this.#lastLine}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await kill(this.#process);
  }

  async #watch(): Promise<void> {
    for await (const line of readLines(this.#process.stderr)) {
      if (line.includes(" is ready on ")) {
        this.#ready.resolve(performance.now() - this.startedMs);
      }
      this.#lastLine = line;
    }
    this.#ready.reject(new Error(`The daemon ended: ${this.#lastLine}`));
    // Whoever waits hears of it; nobody may.
    this.#ready.promise.catch(() => {});
  }
}

/** Only what a program needs to run: forsun reads its configuration from the environment, too. */
function ownEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of ["PATH", "HOME", "LANG", "DENO_DIR"]) {
    const value = Deno.env.get(name);
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/** A port of 127.0.0.1 that nobody listens on right now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
