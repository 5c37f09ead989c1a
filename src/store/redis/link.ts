import type { Buffer } from "node:buffer";
import type { Cluster, Redis } from "ioredis";
import type { Script } from "./scripts.ts";

/** An argument of a command. */
export type Argument = string | number | Buffer;

/** The connection to Redis, whatever that is made of; commands fail when it is down. */
export class RedisLink {
  readonly #client: Redis | Cluster;
  /** Whether it was connected anew just now: what failed before that is no reason to do so once more. */
  #isReconnecting = false;
  /** The Cluster's slot of each key that was asked for. */
  readonly #slots = new Map<string, number>();

  constructor(client: Redis | Cluster) {
    this.#client = client;
  }

  /** Runs a script, which Redis is sent in full only when it does not know it. */
  async run(
    script: Script,
    keys: readonly string[],
    args: readonly Argument[],
  ): Promise<unknown> {
    const rest = [keys.length, ...keys, ...args];
    try {
      return await this.call("evalsha", script.sha, ...rest);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return await this.call("eval", script.text, ...rest);
    }
  }

  /** Sends a command; bytes come back as they are. */
  async call(command: string, ...args: Argument[]): Promise<unknown> {
    try {
      return await this.#client.callBuffer(command, args);
    } catch (error) {
      this.notice(error);
      throw error;
    }
  }

  /** What each primary answers to a command; those that refuse it are left out. */
  async askPrimaries(
    command: string,
    ...args: Argument[]
  ): Promise<readonly unknown[]> {
    const primaries = "nodes" in this.#client
      ? this.#client.nodes("master")
      : [this.#client];
    const answers = await Promise.allSettled(
      primaries.map((one) => one.callBuffer(command, args)),
    );
    return answers.flatMap((one) =>
      one.status === "fulfilled" ? [one.value] : []
    );
  }

  /** Takes note of what went wrong inside a call. */
  notice(error: unknown): void {
    if (isTimeout(error) || isReadOnly(error)) this.#reconnect();
  }

  /** The connection to the primary that has `key`. */
  async primaryOf(key: string): Promise<Redis> {
    if (!("nodes" in this.#client)) return this.#client;
    const slot = this.#slots.get(key) ??
      Number(await this.#client.callBuffer("cluster", ["keyslot", key]));
    this.#slots.set(key, slot);
    const [address] = this.#client.slots[slot] ?? [];
    const primary = this.#client.nodes("master").find(({ options }) =>
      `${options.host}:${options.port}` === address
    );
    if (primary === undefined) throw new Error(`Nobody serves slot ${slot}`);
    return primary;
  }

  /** A server that does not answer in time leaves the connection behind, so that nothing piles up in it; one that is no primary any more, too. */
  #reconnect(): void {
    if (this.#isReconnecting) return;
    this.#isReconnecting = true;
    setTimeout(() => this.#isReconnecting = false, 1000);
    if ("nodes" in this.#client) {
      this.#client.refreshSlotsCache();
      return;
    }
    this.#client.disconnect(true);
  }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("NOSCRIPT");
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === "Command timed out";
}

function isReadOnly(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("READONLY");
}
