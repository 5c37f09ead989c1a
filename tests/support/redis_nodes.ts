import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { DaemonConnection } from "../../src/thrift/client.ts";
import { CallbackServer } from "./callback_server.ts";
import { type DaemonProcess, startDaemon } from "./daemon_process.ts";
import { tempFolder } from "./temp_folder.ts";

/** How long a claim is held by a node that is gone, in these tests. */
export const leaseSeconds = 2;

/** How to start one node. */
export interface NodeOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Daemons that share a Redis, and a ledger of what they have been asked for
 * and what of it has come.
 */
export class RedisNodes implements AsyncDisposable {
  readonly server = new CallbackServer();
  readonly nodes: DaemonProcess[] = [];
  /** Occurrences that must come: key and second. */
  readonly expected = new Map<string, number>();
  readonly #resources = new AsyncDisposableStack();
  readonly #args: readonly string[];

  /** @param args the daemons' arguments that say where Redis is */
  constructor(args: readonly string[]) {
    this.#args = args;
    this.#resources.use(this.server);
  }

  async start(options: NodeOptions = {}): Promise<DaemonProcess> {
    const folder = this.#resources.use(await tempFolder());
    const node = this.#resources.use(
      await startDaemon({
        file: `${folder.path}/store`,
        args: [
          ...["--driver", "redis", "--driver-redis-lease", `${leaseSeconds}`],
          ...this.#args,
          ...options.args ?? [],
        ],
        env: options.env,
      }),
    );
    this.nodes.push(node);
    return node;
  }

  /** Ends a node and has another one take its place. */
  async replace(node: DaemonProcess, signal: Deno.Signal): Promise<void> {
    this.nodes.splice(this.nodes.indexOf(node), 1);
    await node.end(signal);
    await this.start();
  }

  /**
   * Creates `count` plans that are due in `from` to `to` seconds, on all nodes
   * in turn. What is refused is tried elsewhere, under another name.
   */
  async create(
    name: string,
    { count, from, to }: {
      readonly count: number;
      readonly from: number;
      readonly to: number;
    },
  ): Promise<void> {
    const connections = new Map<DaemonProcess, DaemonConnection>();
    try {
      for (let at = 0; at < count; at += batchSize) {
        const node = this.nodes[(at / batchSize) % this.nodes.length];
        const connection = connections.get(node) ?? await node.connect();
        connections.set(node, connection);
        await Promise.all(
          Array.from({ length: Math.min(batchSize, count - at) }, (_, step) => {
            const key = `${name} ${at + step}`;
            const delaySeconds = from + (at + step) % (to - from + 1);
            return this.#createOne(connection, key, delaySeconds);
          }),
        );
      }
    } finally {
      for (const connection of connections.values()) {
        connection[Symbol.dispose]();
      }
    }
  }

  /** Creates plans, a few at a time, until `signal` aborts; whatever is refused does not count. */
  async createUntil(name: string, signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; round++) {
      const node = this.nodes[round % this.nodes.length];
      try {
        using connection = await node.connect();
        await Promise.allSettled(Array.from({ length: 10 }, (_, step) => {
          const key = `${name} ${round}.${step}`;
          return this.#createOne(connection, key, 1 + (round + step) % 4);
        }));
      } catch {
        // The node, or Redis, is away; others will do.
      }
      await delay(20);
    }
  }

  /** Waits until so many plans have been acknowledged. */
  async untilCreated(count: number): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (this.expected.size < count) {
      if (performance.now() > deadline) {
        const logs = this.nodes.map((node) => node.log().slice(-2000));
        throw new Error(
          `Only ${this.expected.size} plans were stored: ${logs.join("\n")}`,
        );
      }
      await delay(50);
    }
  }

  /** Waits until all that is expected has come. */
  async untilAllCame(timeoutMs: number): Promise<void> {
    try {
      // Asked at each callback, of which there are many.
      const isAll = () =>
        this.server.callbacks.length >= this.expected.size &&
        this.missing().length === 0;
      await this.server.until(isAll, timeoutMs);
    } catch (error) {
      const missing = this.missing();
      const first = await this.#stateOf(missing[0]);
      const logs = this.nodes.map((node) => node.log().slice(-2000)).join("\n");
      throw new Error(
        `${missing.length} of ${this.expected.size} are missing, such as ${
          missing.slice(0, 5).join(", ")
        }; the first of them ${first}\n${logs}`,
        { cause: error },
      );
    }
  }

  missing(): string[] {
    const came = new Set(
      this.server.callbacks.map(({ key, second }) => `${key} ${second}`),
    );
    return [...this.expected].flatMap(([key, second]) =>
      came.has(`${key} ${second}`) ? [] : [key]
    );
  }

  /** Occurrences that came more than once, each with its attempts in their order. */
  repeats(): Map<string, number[]> {
    const attempts = new Map<string, number[]>();
    for (const { key, second, attempt } of this.server.callbacks) {
      const name = `${key} ${second}`;
      const known = attempts.get(name);
      if (known === undefined) attempts.set(name, [attempt]);
      else known.push(attempt);
    }
    for (const [name, all] of attempts) {
      if (all.length === 1) attempts.delete(name);
    }
    return attempts;
  }

  /** How long after its first attempt the last repeat of an occurrence came, at the most, in milliseconds. */
  maxRepeatMs(): number {
    const first = new Map<string, number>();
    let longest = 0;
    for (const { key, second, atMs } of this.server.callbacks) {
      const name = `${key} ${second}`;
      const firstMs = first.get(name) ?? atMs;
      first.set(name, firstMs);
      longest = Math.max(longest, atMs - firstMs);
    }
    return longest;
  }

  /**
   * What came must be what was asked for, and a repeat must show it by its
   * attempt, unless a failover may have forgotten the one before.
   */
  check({ mayForget = false } = {}): void {
    for (const { key, second } of this.server.callbacks) {
      const wanted = this.expected.get(key);
      assert.equal(second, wanted ?? second, `${key} at another second`);
    }
    for (const [name, attempts] of mayForget ? [] : this.repeats()) {
      assert.equal(new Set(attempts).size, attempts.length, name);
    }
    for (const { key, second, atMs } of this.server.callbacks) {
      assert.ok(atMs >= second * 1000, `${key} came early`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  /** What became of a plan, in words. */
  async #stateOf(key: string): Promise<string> {
    try {
      using connection = await this.nodes[0].connect();
      const { client } = connection;
      const plan = await client.get(key);
      const { current_time, plan_count, claimed_count } = await client.info();
      return `is there, due ${plan.next_time} and run ${plan.current_count} times at ${current_time}; of ${plan_count} plans ${claimed_count} run`;
    } catch (error) {
      return String(error);
    }
  }

  async #createOne(
    { client }: DaemonConnection,
    key: string,
    delaySeconds: number,
  ): Promise<void> {
    const params = { url: this.server.url };
    const plan = await client.createTimeout(
      ...[key, delaySeconds, 0, 0, 0, 0, -1, 1, "http", params] as const,
    );
    this.expected.set(key, plan.next_time);
  }
}

const batchSize = 100;
