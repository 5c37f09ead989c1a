import { ClientConnection } from "./client_connection.ts";
import { ForsunCode, ForsunError } from "./client_error.ts";
import type { ClientPlace } from "./client_place.ts";
import { canPass, connectSocket } from "./connect_socket.ts";

export interface ConnectionPoolOptions {
  readonly place: ClientPlace;
  readonly connections: number;
  /** For how long the daemon may be silent while calls wait. */
  readonly timeoutMs: number;
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
  /** Connections that are being made. */
  readonly #attempts = new Set<AbortController>();
  #closedBy: ForsunError | undefined;
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
    this.#closedBy ??= closed;
    for (const attempt of this.#attempts) attempt.abort(closed);
    for (const connection of this.#open) connection.close(closed);
    this.#open.clear();
  }

  #forget(slot: number, connection: ClientConnection): void {
    // Another call may have found out before, and connected anew.
    if (this.#open.delete(connection)) this.#slots[slot] = undefined;
  }

  async #connect(slot: number): Promise<ClientConnection> {
    const attempt = new AbortController();
    this.#attempts.add(attempt);
    try {
      return await this.#connectInTime(attempt.signal);
    } catch (error) {
      this.#slots[slot] = undefined;
      throw error;
    } finally {
      this.#attempts.delete(attempt);
    }
  }

  async #connectInTime(signal: AbortSignal): Promise<ClientConnection> {
    const deadlineMs = performance.now() + this.#options.connectTimeoutMs;
    for (
      let pauseMs = firstPauseMs;;
      pauseMs = Math.min(2 * pauseMs, maxPauseMs)
    ) {
      if (this.#closedBy !== undefined) throw this.#closedBy;
      const leftMs = Math.max(1, Math.ceil(deadlineMs - performance.now()));
      try {
        return await this.#tryOnce(leftMs, signal);
      } catch (error) {
        const isLate = performance.now() + pauseMs > deadlineMs;
        if (isLate || !canPass(error)) throw error;
      }
      await pause(pauseMs, signal);
    }
  }

  async #tryOnce(
    leftMs: number,
    signal: AbortSignal,
  ): Promise<ClientConnection> {
    const { place, timeoutMs, prepare } = this.#options;
    const socket = await connectSocket(place, { timeoutMs: leftMs, signal });
    const connection = new ClientConnection(socket, timeoutMs);
    this.#open.add(connection);
    try {
      signal.throwIfAborted();
      await prepare(connection);
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

const firstPauseMs = 50;
const maxPauseMs = 1000;

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
