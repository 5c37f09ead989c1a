import { invalidArgument } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import { BinaryWriter } from "./binary_writer.ts";
import {
  createGeneratedClient,
  type GeneratedClient,
  type ThriftClient,
} from "./generated.ts";
import { MessageSocket } from "./message_socket.ts";
import {
  type DaemonPlace,
  describePlace,
  openDaemonSocket,
} from "./open_daemon_socket.ts";
import type { ProtocolReader } from "./protocol.ts";
import { maxMessageBytes, ProtocolError } from "./thrift_type.ts";

/** A connection to a daemon. */
export interface DaemonConnection extends Disposable {
  readonly client: ThriftClient;
  readonly isClosed: boolean;
}

export interface ConnectOptions extends DaemonPlace {
  /** How long to wait for the connection, and then for each reply. */
  readonly timeoutMs: number;
  /** Is shown before anything else. */
  readonly token?: string;
}

/**
 * Connects to a daemon. When it does not reply in time the connection ends,
 * and all calls that wait, or come later, reject.
 * @throws {Error} one line, when there is no connection
 */
export async function connectToDaemon(
  options: ConnectOptions,
): Promise<DaemonConnection> {
  const { timeoutMs, token } = options;
  const connection = new SocketConnection(await connect(options), timeoutMs);
  if (token === undefined) return connection;
  try {
    await connection.client.auth(token);
    return connection;
  } catch (error) {
    connection[Symbol.dispose]();
    throw error;
  }
}

class SocketConnection implements DaemonConnection {
  readonly client: ThriftClient & GeneratedClient;
  readonly #socket: MessageSocket;
  readonly #timeoutMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitingCount = 0;
  /** Where in what is to be sent the last request begins. */
  #begunAt = 0;
  /** When the last answer came, or the first call since then was made. */
  #activeMs = 0;

  constructor(socket: Deno.Conn, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#socket = new MessageSocket(socket, {
      maxBytes: maxReplyBytes,
      peer: "The daemon",
      onMessage: (reader) => this.#receive(reader),
      onEnd: (reason) => this.#end(reason),
    });
    const output = {
      begin: () => {
        this.#begunAt = this.#socket.out.at;
        return this.#socket.out;
      },
      end: () => {},
      flush: () => this.#request(),
    };
    this.client = createGeneratedClient(output, BinaryWriter);
  }

  get isClosed(): boolean {
    return this.#socket.endedBy !== undefined;
  }

  [Symbol.dispose](): void {
    this.#socket.end(new Error("The connection was closed"));
  }

  /** Sends the request that was written; what it throws is what the call rejects with. */
  #request(): void {
    const { endedBy, out } = this.#socket;
    if (endedBy !== undefined) throw endedBy;
    const size = out.at - this.#begunAt;
    if (size > maxMessageBytes) {
      // The daemon would hang up, and other calls be lost.
      out.at = this.#begunAt;
      throw invalidArgument(
        `Cannot send: a request must have at most ${maxMessageBytes} bytes, got ${size}`,
      );
    }
    this.#socket.sendSoon();
    if (this.#waitingCount++ === 0) this.#activeMs = performance.now();
    this.#timer ??= setTimeout(() => this.#checkTime(), this.#timeoutMs);
  }

  /** Answers come in the order of the calls, and one timer is enough for all. */
  #checkTime(): void {
    this.#timer = undefined;
    if (this.#waitingCount === 0) return;
    const leftMs = this.#activeMs + this.#timeoutMs - performance.now();
    if (leftMs > 0) {
      this.#timer = setTimeout(() => this.#checkTime(), Math.ceil(leftMs));
      return;
    }
    const seconds = this.#timeoutMs / 1000;
    this.#socket.end(
      new Error(`The daemon did not answer within ${seconds} s`),
    );
  }

  #end(reason: Error): void {
    clearTimeout(this.#timer);
    const waiting = this.client._reqs;
    for (const seqid in waiting) waiting[seqid](reason);
  }

  #receive(reader: ProtocolReader): void {
    const { fname, mtype, rseqid } = reader.readMessageBegin();
    const receive = `recv_${fname}` as const;
    const waiting = this.client._reqs;
    const caller = waiting[rseqid];
    if (!(receive in this.client) || caller === undefined) {
      throw new ProtocolError(`nobody asked for ${quote(fname)} ${rseqid}`);
    }
    try {
      this.client[receive](reader, mtype, rseqid);
    } catch (error) {
      // It was taken out before the answer was read.
      waiting[rseqid] = caller;
      throw error;
    }
    this.#waitingCount--;
    this.#activeMs = performance.now();
  }
}

async function connect(options: ConnectOptions): Promise<Deno.Conn> {
  try {
    return await openDaemonSocket(options, options.timeoutMs);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const place = describePlace(options);
    throw new Error(`Cannot connect to ${place}: ${reason}`, { cause: error });
  }
}

/** Lists may be longer than any message that a client sends. */
const maxReplyBytes = 1024 * 1024 * 1024;
