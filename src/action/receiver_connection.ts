import { BinaryWriter } from "../thrift/binary_writer.ts";
import {
  type ForsunCall,
  readForsunCallReply,
  writeForsunCall,
} from "../thrift/forsun_call.ts";
import { MessageSocket } from "../thrift/message_socket.ts";
import type { ProtocolReader } from "../thrift/protocol.ts";
import { ProtocolError } from "../thrift/thrift_type.ts";
import type { PooledConnection } from "./connection_pool.ts";
import { NodeConnection } from "./node_connection.ts";
import { type ServerAddress, showAddress } from "./server_address.ts";
import {
  connectionLost,
  noConnection,
  noConnectionWithin,
  noReplyWithin,
  ServerFailure,
} from "./server_failure.ts";
import type { TimerLists } from "./timer_lists.ts";

export interface ReceiverOptions {
  readonly address: ServerAddress;
  readonly connectTimeoutMs: number;
  readonly timers: TimerLists;
  /** Is called whenever there is more room, and at the end. */
  onChange(): void;
}

/** A connection to a receiver of Thrift calls. */
export class ReceiverConnection implements PooledConnection {
  readonly #options: ReceiverOptions;
  readonly #socket: MessageSocket;
  readonly #writer: BinaryWriter;
  /** Calls under way by their numbers, in the order in which they were sent. */
  readonly #calls = new Map<number, Waiting>();
  #lastId = 0;
  /** When the last reply came, by performance.now(). */
  #repliedMs = 0;
  /** What a reply takes of late, in milliseconds. */
  #usualMs = Infinity;
  #wasIgnored = false;

  private constructor(socket: NodeConnection, options: ReceiverOptions) {
    this.#options = options;
    this.#socket = new MessageSocket(socket, {
      maxBytes: maxReplyBytes,
      peer: "the receiver",
      onMessage: (reader) => this.#receive(reader),
      onEnd: (reason) => this.#end(reason),
    });
    const sink = {
      begin: () => this.#socket.out,
      end: () => this.#socket.sendSoon(),
    };
    this.#writer = new BinaryWriter(sink);
  }

  /** Connects; rejects with a {@link ServerFailure}. */
  static async open(options: ReceiverOptions): Promise<ReceiverConnection> {
    const { address: { host, port }, connectTimeoutMs } = options;
    try {
      const target = { host, port, timeoutMs: connectTimeoutMs };
      const socket = await NodeConnection.open(target);
      return new ReceiverConnection(socket, options);
    } catch (error) {
      const server = showAddress(options.address);
      throw error instanceof Deno.errors.TimedOut
        ? noConnectionWithin(server, connectTimeoutMs)
        : noConnection(server, error);
    }
  }

  /** More than one call only while replies come so fast that nobody waits for long. */
  get room(): number {
    if (this.endedBy !== undefined) return 0;
    const isQuick = this.#usualMs <= quickMs &&
      this.#socket.out.at <= maxUnsentBytes;
    return (isQuick ? maxInFlight : 1) - this.#calls.size;
  }

  get isProven(): boolean {
    return this.#usualMs < Infinity;
  }

  get endedBy(): Error | undefined {
    return this.#socket.endedBy;
  }

  get wasIgnored(): boolean {
    return this.#wasIgnored;
  }

  /**
   * Makes the call and resolves to the exception that it was replied to with,
   * undefined when all is well. Rejects with a {@link ServerFailure}; when there
   * was no reply in time the connection ends, and with it all calls on it.
   */
  call(call: ForsunCall, timeoutMs: number): Promise<string | undefined> {
    const id = this.#lastId = this.#lastId % 0x7fff_ffff + 1;
    return new Promise((resolve, reject) => {
      const cancel = this.#options.timers.after(
        timeoutMs,
        () => this.#giveUp(timeoutMs),
      );
      const sentMs = performance.now();
      this.#calls.set(id, { resolve, reject, cancel, sentMs });
      writeForsunCall(this.#writer, call, id);
    });
  }

  close(): void {
    this.#socket.end(new Error("it is not used any more"));
  }

  #giveUp(timeoutMs: number): void {
    this.#wasIgnored = !this.isProven;
    const server = showAddress(this.#options.address);
    this.#socket.end(noReplyWithin(server, timeoutMs));
  }

  #receive(reader: ProtocolReader): void {
    const { id, exception } = readForsunCallReply(reader);
    const waiting = this.#calls.get(id);
    if (waiting === undefined) {
      throw new ProtocolError(`it replies to call ${id}, which it did not get`);
    }
    this.#calls.delete(id);
    waiting.cancel();
    const nowMs = performance.now();
    const tookMs = nowMs - Math.max(waiting.sentMs, this.#repliedMs);
    this.#usualMs = this.isProven ? (this.#usualMs * 3 + tookMs) / 4 : tookMs;
    this.#repliedMs = nowMs;
    waiting.resolve(exception);
  }

  #end(reason: Error): void {
    const failure = reason instanceof ServerFailure
      ? reason
      : connectionLost(showAddress(this.#options.address), reason);
    for (const { reject, cancel } of this.#calls.values()) {
      cancel();
      reject(failure);
    }
    this.#calls.clear();
    this.#options.onChange();
  }
}

interface Waiting {
  readonly resolve: (exception: string | undefined) => void;
  readonly reject: (reason: Error) => void;
  readonly cancel: () => void;
  /** By performance.now(). */
  readonly sentMs: number;
}

/** A reply says nothing, or what went wrong. */
const maxReplyBytes = 1024 * 1024;
/** A reply that takes no longer, in milliseconds, lets other calls wait behind it. */
const quickMs = 0.5;
const maxInFlight = 64;
/** While so much is waiting to be sent, others had better take another connection. */
const maxUnsentBytes = 64 * 1024;
