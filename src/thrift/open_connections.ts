import { getLogger } from "@logtape/logtape";
import type { Clock } from "../core/time.ts";
import type { Connection } from "./connection.ts";

export interface ThriftLimits {
  /** Connections at a time; where one more comes, one that is idle has to go. */
  readonly maxConnections: number;
  /** The same with those that are closed here, while the other side keeps them open. */
  readonly maxSockets: number;
  /** Memory that the unfinished messages of all connections may take together. */
  readonly maxUnfinishedBytes: number;
  /** A connection without any traffic ends after this many milliseconds. */
  readonly maxIdleMs: number;
  /** A client may take this long to finish a message, or to take a reply. */
  readonly maxStuckMs: number;
}

/** The connections that there are, kept within their limits. */
export class OpenConnections {
  readonly #clock: Clock;
  readonly #limits: ThriftLimits;
  readonly #all = new Set<Connection>();
  #isFull = false;
  /** Connections whose sockets are still open although they are not among `#all`. */
  #lingering = 0;
  /** Those that were idle when this was last looked at, the longest last. */
  #idle: Connection[] = [];
  #lookedMs = -Infinity;
  #onEmpty: () => void = () => {};

  constructor(clock: Clock, limits: ThriftLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  add(connection: Connection): void {
    this.#all.add(connection);
  }

  /** It is closed; its socket still counts until {@link release}. */
  delete(connection: Connection): void {
    this.#all.delete(connection);
    this.#lingering++;
    if (this.#all.size === 0) this.#onEmpty();
  }

  /** The socket of one that was deleted is closed for good. */
  release(): void {
    this.#lingering--;
  }

  /** Sees to room for one more, at the cost of the one that was idle longest; false when all are in use. */
  makeRoom(): boolean {
    const { maxConnections, maxSockets } = this.#limits;
    const wasFull = this.#isFull;
    const sockets = this.#all.size + this.#lingering;
    const isOutOfSockets = sockets >= maxSockets;
    this.#isFull = isOutOfSockets || this.#all.size >= maxConnections;
    if (!this.#isFull) return true;
    if (!wasFull) {
      logger.warn("There are {count} connections, the most that may be", {
        count: sockets,
      });
    }
    if (isOutOfSockets) return false;
    const longest = this.#maxIdle();
    if (longest === undefined) return false;
    longest.close();
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

  /** Going over all of them takes a while: a flood must not have it done each time. */
  #maxIdle(): Connection | undefined {
    const nowMs = this.#clock.monotonicMs();
    if (this.#idle.length === 0 && nowMs - this.#lookedMs >= lookMs) {
      this.#lookedMs = nowMs;
      this.#idle = this.#byIdleTime(nowMs);
    }
    for (;;) {
      const longest = this.#idle.pop();
      if (longest === undefined) return undefined;
      const isStill = this.#all.has(longest) &&
        longest.idleMs(nowMs) >= minIdleMs;
      if (isStill) return longest;
    }
  }

  #byIdleTime(nowMs: number): Connection[] {
    return [...this.#all]
      .map((connection) => ({ connection, idleMs: connection.idleMs(nowMs) }))
      .filter(({ idleMs }) => idleMs >= minIdleMs)
      .sort((one, other) => one.idleMs - other.idleMs)
      .map(({ connection }) => connection);
  }

  #reasonToEnd(connection: Connection, nowMs: number): string | undefined {
    const { maxIdleMs, maxStuckMs } = this.#limits;
    if (connection.idleMs(nowMs) > maxIdleMs) {
      return `it was idle for over ${maxIdleMs / 1000} s`;
    }
    if (connection.stuckMs(nowMs) > maxStuckMs) {
      return `a message took over ${maxStuckMs / 1000} s`;
    }
    return undefined;
  }
}

const logger = getLogger(["forsun", "thrift"]);
const sweepMs = 1000;
/** A connection that was idle for less is not taken from its client. */
const minIdleMs = 10_000;
/** Where none was idle, none is sought again so soon. */
const lookMs = 1000;

function close(connection: Connection, reason: string): void {
  connection.close();
  const { client } = connection;
  logger.info("Closed the connection of {client}: {reason}", {
    client,
    reason,
  });
}
