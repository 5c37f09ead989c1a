import { connectToDaemon } from "../src/thrift/client.ts";

/**
 * Everything that a daemon meets besides its main load: short connections,
 * plans that are removed, shell commands, callbacks that nobody takes, bytes
 * that mean nothing. Goes on until it is ended.
 */
export class SideWork {
  readonly #port: number;
  /** Rejects when the daemon did not do as it should. */
  readonly running: Promise<void>;
  #isOver = false;

  private constructor(port: number) {
    this.#port = port;
    this.running = this.#run();
  }

  static start(port: number): SideWork {
    return new SideWork(port);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.running;
  }

  async #run(): Promise<void> {
    for (let round = 0; !this.#isOver; round++) {
      await this.#visit(round);
      await this.#babble(round);
      await new Promise((resolve) => setTimeout(resolve, roundMs));
    }
  }

  async #visit(round: number): Promise<void> {
    using connection = await connectToDaemon({
      hostname: "127.0.0.1",
      port: this.#port,
      timeoutMs: 60_000,
    });
    const { client } = connection;
    const key = `side:${round}`;
    const tomorrow = [0, 0, 0, 1, -1, -1, 1] as const;
    const soon = [1, 0, 0, 0, -1, -1, 1] as const;
    await client.createTimeout(key, ...tomorrow, "shell", { cmd: "true" });
    await client.get(key);
    await client.remove(key);
    if (round % 5 === 0) {
      const params = { cmd: "echo one of many" };
      await client.createTimeout(`${key}:shell`, ...soon, "shell", params);
      const url = "http://127.0.0.1:1/nobody";
      const nobody = { url, retry_max_count: "1", retry_delay_seconds: "1" };
      await client.createTimeout(`${key}:nobody`, ...soon, "http", nobody);
      await client.getKeys("side:");
    }
  }

  async #babble(round: number): Promise<void> {
    using socket = await Deno.connect({
      hostname: "127.0.0.1",
      port: this.#port,
    });
    const bytes = new Uint8Array(100).map((_, at) => (at * 31 + round) & 0xff);
    await socket.write(bytes);
    try {
      if (round % 2 === 0) await socket.read(bytes);
    } catch {
      // The daemon closes what it does not understand.
    }
  }
}

const roundMs = 100;
