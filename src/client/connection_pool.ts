import {
  ClientConnection,
  type ClientConnectionOptions,
} from "./client_connection.ts";
import { ForsunCode, ForsunError } from "./client_error.ts";

export interface ConnectionPoolOptions extends ClientConnectionOptions {
  readonly connections: number;
  /** For how long connecting is tried before a call fails. */
  readonly connectTimeoutMs: number;
  /** Prepares a connection before the first call. */
  readonly prepare: (connection: ClientConnection) => Promise<void>;
}

/** Some connections to one daemon, made when they are needed and again when they are lost. */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #slots: (Promise<ClientConnection> | undefined)[];
  readonly #open = new Set<ClientConnection>();
  readonly #abort = new AbortController();
  #nextSlot = 0;

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
    this.#slots = new Array(options.connections).fill(undefined);
  }

  /**
   * A connection that is open, each in turn.
   * @throws {ForsunError} when there is none within the time that connecting may take
   */
  async take(): Promise<ClientConnection> {
    const slot = this.#nextSlot++ % this.#slots.length;
    const connection = await (this.#slots[slot] ??= this.#connect(slot));
    if (!connection.isClosed) return connection;
    this.#forget(slot, connection);
    return await (this.#slots[slot] ??= this.#connect(slot));
  }

  close(): void {
    const closed = new ForsunError(ForsunCode.closed, "The client was closed");
    this.#abort.abort(closed);
    for (const connection of this.#open) connection.close(closed);
    this.#open.clear();
  }

  #forget(slot: number, connection: ClientConnection): void {
    // Another call may have found out before, and connected anew.
    if (this.#open.delete(connection)) this.#slots[slot] = undefined;
  }

  async #connect(slot: number): Promise<ClientConnection> {
    const deadlineMs = performance.now() + this.#options.connectTimeoutMs;
    try {
      for (
        let pauseMs = firstPauseMs;;
        pauseMs = Math.min(2 * pauseMs, longestPauseMs)
      ) {
        try {
          return await this.#tryOnce(deadlineMs);
        } catch (error) {
          const isLate = performance.now() + pauseMs > deadlineMs;
          if (isLate || !isConnectionError(error)) throw error;
        }
        await pause(pauseMs, this.#abort.signal);
      }
    } catch (error) {
      this.#slots[slot] = undefined;
      throw error;
    }
  }

  async #tryOnce(deadlineMs: number): Promise<ClientConnection> {
    const { signal } = this.#abort;
    signal.throwIfAborted();
    const timeoutMs = Math.max(1, Math.ceil(deadlineMs - performance.now()));
    const connection = await ClientConnection.open(this.#options, timeoutMs);
    this.#open.add(connection);
    try {
      signal.throwIfAborted();
      await this.#options.prepare(connection);
      return connection;
    } catch (error) {
      this.#open.delete(connection);
      connection.close(
        new ForsunError(ForsunCode.closed, "It could not be prepared"),
      );
      throw error;
    }
  }
}

/** Whether trying again could help. */
function isConnectionError(error: unknown): boolean {
  return error instanceof ForsunError && error.code === ForsunCode.connection;
}

const firstPauseMs = 50;
const longestPauseMs = 1000;

/** @throws the signal's reason, when it aborts before */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
