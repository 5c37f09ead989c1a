import type { Buffer } from "node:buffer";
import type { Cluster, Redis } from "ioredis";
import type { Script } from "./scripts.ts";

/** An argument of a command. */
export type Argument = string | number | Buffer;

/** The connection to Redis, whatever that is made of; commands fail when it is down. */
export class RedisLink {
  readonly #client: Redis | Cluster;
  /** Calls that are bound to fail by their own time limit, one behind the other. */
  #isStuck = false;

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
      if (isTimeout(error)) this.#reconnect();
      throw error;
    }
  }

  /** A server that does not answer in time leaves the connection behind, so that nothing piles up in it. */
  #reconnect(): void {
    if (this.#isStuck) return;
    this.#isStuck = true;
    setTimeout(() => this.#isStuck = false, 1000);
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
