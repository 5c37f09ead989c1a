import { getLogger } from "@logtape/logtape";
import type { Clock } from "../core/time.ts";
import type { Connection } from "./connection.ts";

export interface ThriftLimits {
  /** Connections at a time; where one more comes, one that is idle has to go. */
  readonly mostConnections: number;
  /** A connection without any traffic ends after this many milliseconds. */
  readonly longestIdleMs: number;
  /** A client may take this long to finish a message, or to take a reply. */
  readonly longestStuckMs: number;
}

/** The connections that there are, kept within their limits. */
export class OpenConnections {
  readonly #clock: Clock;
  readonly #limits: ThriftLimits;
  readonly #all = new Set<Connection>();
  #isFull = false;
  #onEmpty: () => void = () => {};

  constructor(clock: Clock, limits: ThriftLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  add(connection: Connection): void {
    this.#all.add(connection);
  }

  delete(connection: Connection): void {
    this.#all.delete(connection);
    if (this.#all.size === 0) this.#onEmpty();
  }

  /** Sees to room for one more, at the cost of the one that was idle longest; false when all are in use. */
  makeRoom(): boolean {
    const wasFull = this.#isFull;
    this.#isFull = this.#all.size >= this.#limits.mostConnections;
    if (!this.#isFull) return true;
    if (!wasFull) {
      logger.warn("There are {count} connections, the most that may be", {
        count: this.#all.size,
      });
    }
    const longest = this.#longestIdle();
    if (longest === undefined) return false;
    longest.close();
    this.delete(longest);
    return true;
  }

  /** Ends those that are idle or stuck for too long, until `signal` aborts. */
  async sweep(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#clock.sleep(sweepMs, signal);
      if (signal.aborted) return;
      const nowMs = this.#clock.monotonicMs();
      for (const connection of this.#all) {
        const reason = this.#reasonToEnd(connection, nowMs);
        if (reason !== undefined) close(connection, reason);
      }
    }
  }

  /** Ends all, each once its requests are answered, after `graceMs` in any case. */
  async drain(graceMs: number): Promise<void> {
    const empty = new AbortController();
    this.#onEmpty = () => empty.abort();
    if (this.#all.size === 0) return;
    for (const connection of this.#all) connection.end();
    if (graceMs > 0) await this.#clock.sleep(graceMs, empty.signal);
    for (const connection of this.#all) close(connection, "the daemon stops");
  }

  #longestIdle(): Connection | undefined {
    const nowMs = this.#clock.monotonicMs();
    let longest: Connection | undefined;
    let longestMs = 0;
    for (const connection of this.#all) {
      const idleMs = connection.idleMs(nowMs);
      if (idleMs < shortestIdleMs || idleMs <= longestMs) continue;
      longest = connection;
      longestMs = idleMs;
    }
    return longest;
  }

  #reasonToEnd(connection: Connection, nowMs: number): string | undefined {
    const { longestIdleMs, longestStuckMs } = this.#limits;
    if (connection.idleMs(nowMs) > longestIdleMs) {
      return `it was idle for over ${longestIdleMs / 1000} s`;
    }
    if (connection.stuckMs(nowMs) > longestStuckMs) {
      return `a message took over ${longestStuckMs / 1000} s`;
    }
    return undefined;
  }
}

const logger = getLogger(["forsun", "thrift"]);
const sweepMs = 1000;
/** A connection that was idle for less is not taken from its client. */
const shortestIdleMs = 10_000;

function close(connection: Connection, reason: string): void {
  connection.close();
  const { client } = connection;
  logger.info("Closed the connection of {client}: {reason}", {
    client,
    reason,
  });
}
