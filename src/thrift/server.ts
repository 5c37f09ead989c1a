import { getLogger } from "@logtape/logtape";
import type { AccessPolicy } from "../access/access_policy.ts";
import type { RightOfWay } from "../core/right_of_way.ts";
import type { Clock } from "../core/time.ts";
import type { Counters } from "../telemetry/counters.ts";
import { Connection, type ConnectionListener } from "./connection.ts";
import type { ThriftProcessor } from "./generated.ts";
import { OpenConnections, type ThriftLimits } from "./open_connections.ts";
import { ProtocolError } from "./thrift_type.ts";
import { UnfinishedBytes } from "./unfinished_bytes.ts";

/** What connections come from. */
export interface Acceptor {
  accept(): Promise<Deno.Conn>;
  close(): void;
}

export interface ThriftServerParts {
  readonly listeners: readonly Acceptor[];
  readonly processor: ThriftProcessor;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly limits: ThriftLimits;
  /** New connections wait for what is due. */
  readonly rightOfWay: RightOfWay;
  /** Who may do what. */
  readonly policy: AccessPolicy;
}

/** Accepts connections and has their requests answered. */
export class ThriftServer implements ConnectionListener {
  readonly #parts: ThriftServerParts;
  readonly #connections: OpenConnections;
  readonly #unfinished: UnfinishedBytes;
  /** Whether the last connection that came could not be accepted. */
  #isFailing = false;

  constructor(parts: ThriftServerParts) {
    this.#parts = parts;
    const { clock, limits } = parts;
    this.#connections = new OpenConnections(clock, limits);
    this.#unfinished = new UnfinishedBytes(() => limits.maxUnfinishedBytes);
  }

  /**
   * Serves until `signal` aborts, then lets requests that have come get their
   * replies, for `graceMs` milliseconds at the most.
   */
  async run(signal: AbortSignal, graceMs: number): Promise<void> {
    const { listeners } = this.#parts;
    const sweeping = this.#connections.sweep(signal);
    await Promise.all(listeners.map((it) => this.#acceptFrom(it, signal)));
    await sweeping;
    await this.#connections.drain(graceMs);
  }

  async #acceptFrom(listener: Acceptor, signal: AbortSignal): Promise<void> {
    const close = () => listener.close();
    if (signal.aborted) close();
    else signal.addEventListener("abort", close, { once: true });
    const { rightOfWay } = this.#parts;
    while (!signal.aborted) {
      const calm = rightOfWay.wait();
      if (calm !== undefined) await calm;
      const socket = await this.#accept(listener, signal);
      if (socket !== undefined) this.#serve(socket);
    }
  }

  async #accept(
    listener: Acceptor,
    signal: AbortSignal,
  ): Promise<Deno.Conn | undefined> {
    try {
      const socket = await listener.accept();
      this.#isFailing = false;
      return socket;
    } catch (error) {
      if (signal.aborted) return undefined;
      // Out of file descriptors, say: it passes, and accepting must go on.
      if (!this.#isFailing) {
        logger.error("Cannot accept a connection: {error}", { error });
      }
      this.#isFailing = true;
      await this.#parts.clock.sleep(acceptRetryMs, signal);
      return undefined;
    }
  }

  #serve(socket: Deno.Conn): void {
    const { counters } = this.#parts;
    if (!this.#connections.makeRoom()) {
      socket.close();
      return;
    }
    const connection = new Connection(socket, {
      ...this.#parts,
      unfinished: this.#unfinished,
      listener: this,
    });
    this.#connections.add(connection);
    counters.connecting_count++;
    counters.connected_count++;
    connection.serve();
  }

  onClosed(connection: Connection, fault: unknown): void {
    this.#parts.counters.connecting_count--;
    this.#connections.delete(connection);
    if (fault !== undefined) tell(connection, fault);
  }

  onReleased(): void {
    this.#connections.release();
  }
}

const logger = getLogger(["forsun", "thrift"]);
const acceptRetryMs = 100;

function tell({ client }: Connection, error: unknown): void {
  if (error instanceof ProtocolError) {
    const reason = error.message;
    logger.warn("Closed the connection of {client}: {reason}", {
      client,
      reason,
    });
  } else {
    logger.error("The connection of {client} broke: {error}", {
      client,
      error,
    });
  }
}
