import { ServerFailure } from "./server_failure.ts";

/** A connection that a {@link ConnectionPool} hands calls to. */
export interface PooledConnection {
  /** How many more calls it takes right now; none when it has ended. */
  readonly room: number;
  /** Whether the server has shown that it serves it, rather than merely having let it in. */
  readonly isProven: boolean;
  /** Why it has ended; undefined while it has not. */
  readonly endedBy: Error | undefined;
  /** Whether it has ended because the server let it in and then never replied. */
  readonly wasIgnored: boolean;
  /** Ends it; calls under way fail. */
  close(): void | Promise<void>;
}

export interface ConnectionPoolOptions<Connection> {
  /** How many connections at the most, 1 or more. */
  readonly max: number;
  /** Connects, within a limited time. `onChange` is to be called whenever there may be more room, or an end. */
  open(onChange: () => void): Promise<Connection>;
}

/**
 * Connections to one server, opened as they are needed: one at first, and never
 * more at once than have proven themselves, so that a server that lets in more
 * connections than it serves keeps only few calls waiting. Once one was ignored,
 * it makes do with those that are served.
 *
 * When there is no connection and none can be made, or the only one was ignored,
 * all calls that wait fail with that reason, and so do those that come within
 * the time that finding out took, up to 1 s: thousands of plans for a dead
 * server don't wait for it one by one.
 */
export class ConnectionPool<Connection extends PooledConnection>
  implements AsyncDisposable {
  readonly #options: ConnectionPoolOptions<Connection>;
  readonly #connections = new Set<Connection>();
  readonly #waiting: Waiting<Connection>[] = [];
  readonly #serve = () => this.#serveWaiting();
  #openingCount = 0;
  #max: number;
  #failure: unknown;
  /** Until then no connection is tried; as performance.now() tells it. */
  #believedUntilMs = 0;
  #isClosed = false;

  constructor(options: ConnectionPoolOptions<Connection>) {
    this.#options = options;
    this.#max = options.max;
  }

  get size(): number {
    return this.#connections.size;
  }

  /**
   * Runs `work` as soon as a connection has room. It has to take its room before
   * it returns. Rejects as it does, or as opening does.
   */
  use<Value>(
    work: (connection: Connection) => Promise<Value>,
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      const start = (connection: Connection) => {
        work(connection).then(resolve, reject).finally(this.#serve);
      };
      this.#waiting.push({ start, fail: reject });
      this.#serveWaiting();
    });
  }

  /** Closes all connections; calls that wait or are under way fail. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#failAll(new ServerFailure("given up", { retryable: true }));
    const connections = [...this.#connections];
    this.#connections.clear();
    await Promise.all(connections.map((connection) => connection.close()));
  }

  #serveWaiting(): void {
    while (this.#waiting.length > 0) {
      const connection = this.#roomiest();
      if (connection === undefined) break;
      this.#waiting.shift()?.start(connection);
    }
    if (this.#waiting.length > 0 && !this.#isClosed) this.#openMore();
  }

  #roomiest(): Connection | undefined {
    let best: Connection | undefined;
    for (const connection of this.#connections) {
      if (connection.endedBy !== undefined) this.#forget(connection);
      else if (connection.room > (best?.room ?? 0)) best = connection;
    }
    return best;
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#max = this.#options.max;
    if (!connection.wasIgnored) return;
    const proven = this.#provenCount();
    if (proven > 0) this.#max = proven;
    else this.#believe(connection.endedBy, maxBeliefMs);
  }

  #provenCount(): number {
    let count = 0;
    for (const { isProven, endedBy } of this.#connections) {
      if (isProven && endedBy === undefined) count++;
    }
    return count;
  }

  #openMore(): void {
    if (performance.now() < this.#believedUntilMs) {
      const isDown = this.#connections.size + this.#openingCount === 0;
      if (isDown) this.#failAll(this.#failure);
      return;
    }
    const proven = this.#provenCount();
    const unproven = this.#connections.size - proven;
    const count = Math.min(
      this.#waiting.length - this.#openingCount,
      this.#max - this.#connections.size - this.#openingCount,
      Math.max(1, proven) - unproven - this.#openingCount,
    );
    for (let opened = 0; opened < count; opened++) this.#open();
  }

  async #open(): Promise<void> {
    this.#openingCount++;
    const startMs = performance.now();
    try {
      const connection = await this.#options.open(this.#serve);
      if (this.#isClosed) await connection.close();
      if (connection.endedBy !== undefined) throw connection.endedBy;
      this.#connections.add(connection);
    } catch (error) {
      this.#believe(error, performance.now() - startMs);
    } finally {
      this.#openingCount--;
    }
    this.#serveWaiting();
  }

  #believe(failure: unknown, ms: number): void {
    const bounded = Math.min(Math.max(ms, minBeliefMs), maxBeliefMs);
    this.#failure = failure;
    this.#believedUntilMs = performance.now() + bounded;
  }

  #failAll(reason: unknown): void {
    for (const { fail } of this.#waiting.splice(0)) fail(reason);
  }
}

interface Waiting<Connection> {
  start(connection: Connection): void;
  fail(reason: unknown): void;
}

/** A server that refuses is asked no oftener than this. */
const minBeliefMs = 50;
const maxBeliefMs = 1000;
