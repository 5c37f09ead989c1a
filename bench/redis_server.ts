import type { BenchmarkContext } from "./benchmark.ts";
import { Daemon, freePort } from "./daemon.ts";
import { kill, type Workspace } from "./workspace.ts";

/** A redis-server of the benchmark's own, in memory alone. */
export class RedisServer implements AsyncDisposable {
  readonly port: number;
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  static async start(workspace: Workspace): Promise<RedisServer> {
    const port = freePort();
    const process = workspace.spawn("redis-server", {
      args: [
        ...["--port", String(port), "--bind", "127.0.0.1"],
        ...["--save", "", "--appendonly", "no"],
        ...["--slowlog-log-slower-than", "1000", "--slowlog-max-len", "100000"],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    const server = new RedisServer(process, port);
    for (;;) {
      if (await server.ask("PING") === "PONG") return server;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Asks it with redis-cli. */
  async ask(...words: readonly string[]): Promise<string> {
    const { stdout } = await new Deno.Command("redis-cli", {
      args: ["-p", String(this.port), ...words],
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout).trim();
  }

  /** A number that INFO tells. */
  async info(section: string, field: string): Promise<number> {
    const text = await this.ask("INFO", section);
    const match = new RegExp(`^${field}:(\\d+)`, "m").exec(text);
    if (match === null) throw new Error(`INFO ${section} has no ${field}`);
    return Number(match[1]);
  }

  /** The longest command, in milliseconds; 0 when none took 1 ms. */
  async slowestMs(): Promise<number> {
    const text = await this.ask("--json", "SLOWLOG", "GET", "-1");
    const entries = JSON.parse(text) as [number, number, number][];
    return Math.max(0, ...entries.map(([, , micros]) => micros / 1000));
  }

  /** In which 99.9 % of the calls of scripts took, in milliseconds, since this was last asked. */
  async scriptMs(): Promise<number> {
    const text = await this.ask("INFO", "latencystats");
    await this.ask("CONFIG", "RESETSTAT");
    const match = /^latency_percentiles_usec_evalsha:.*p99\.9=([\d.]+)/m.exec(
      text,
    );
    return match === null ? 0 : Number(match[1]) / 1000;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await kill(this.#process);
  }
}

/** A daemon whose plans are in that Redis. */
export function startRedisNode(
  { program, workspace }: BenchmarkContext,
  redis: RedisServer,
  ...args: readonly string[]
): Promise<Daemon> {
  return Daemon.start({
    program,
    workspace,
    args: ["--driver=redis", `--driver-redis-port=${redis.port}`, ...args],
  });
}
