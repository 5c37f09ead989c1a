import { quote } from "../core/quote.ts";
import { systemClock } from "../core/system_clock.ts";
import { BinaryWriter } from "./binary_writer.ts";
import {
  createGeneratedClient,
  type GeneratedClient,
  type ThriftClient,
} from "./generated.ts";
import { hangUp } from "./hang_up.ts";
import { MessageSplitter } from "./message_splitter.ts";
import type { ProtocolReader } from "./protocol.ts";
import { ReadBuffer } from "./read_buffer.ts";
import { SocketSender } from "./socket_sender.ts";
import { ProtocolError } from "./thrift_type.ts";
import { plainStyle } from "./wire_style.ts";

/** A connection to a daemon. */
export interface DaemonConnection extends Disposable {
  readonly client: ThriftClient;
  readonly isClosed: boolean;
}

export interface ConnectOptions {
  readonly hostname: string;
  readonly port: number;
  /** How long to wait for the connection, and then for each reply. */
  readonly timeoutMs: number;
}

/**
 * Connects to a daemon. When it does not reply in time the connection ends,
 * and all calls that wait, or come later, reject.
 * @throws {Error} one line, when there is no connection
 */
export async function connectToDaemon(
  options: ConnectOptions,
): Promise<DaemonConnection> {
  return new ClientConnection(await connect(options), options.timeoutMs);
}

class ClientConnection implements DaemonConnection {
  readonly client: ThriftClient & GeneratedClient;
  readonly #socket: Deno.TcpConn;
  readonly #sender: SocketSender;
  readonly #timeoutMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #endedBy: Error | undefined;

  constructor(socket: Deno.TcpConn, timeoutMs: number) {
    socket.setNoDelay(true);
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    this.#sender = new SocketSender(socket, {
      clock: systemClock,
      onSent: () => {},
    });
    const output = {
      begin: () => this.#sender.out,
      end: () => {},
      flush: () => this.#request(),
    };
    this.client = createGeneratedClient(output, BinaryWriter);
    this.#receiveAll().then((reason) => this.#end(reason));
  }

  get isClosed(): boolean {
    return this.#endedBy !== undefined;
  }

  [Symbol.dispose](): void {
    this.#end(new Error("The connection was closed"));
  }

  /** Sends the request that was written; what it throws is what the call rejects with. */
  #request(): void {
    if (this.#endedBy !== undefined) throw this.#endedBy;
    this.#sender.sendSoon();
    this.#timer ??= setTimeout(() => this.#giveUp(), this.#timeoutMs);
  }

  #giveUp(): void {
    const seconds = this.#timeoutMs / 1000;
    this.#end(new Error(`The daemon did not answer within ${seconds} s`));
  }

  #end(reason: Error): void {
    if (this.#endedBy !== undefined) return;
    this.#endedBy = reason;
    clearTimeout(this.#timer);
    hangUp(this.#socket);
    const waiting = this.client._reqs;
    for (const seqid in waiting) waiting[seqid](reason);
  }

  /** Hands replies to the client until the connection ends; resolves to why it did. */
  async #receiveAll(): Promise<Error> {
    const splitter = new MessageSplitter(maxReplyBytes);
    const reader = plainStyle.createReader();
    const received = new ReadBuffer(maxReplyBytes);
    try {
      for (;;) {
        const count = await this.#socket.read(received.room());
        if (count === null) {
          return new Error("The daemon closed the connection");
        }
        received.end += count;
        for (;;) {
          const { bytes, start, end } = received;
          const bounds = splitter.next(bytes, start, end);
          if (bounds === undefined) break;
          reader.start(bytes, bounds.start, bounds.end);
          this.#receive(reader);
          received.start = bounds.end;
        }
      }
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      return cause instanceof ProtocolError
        ? new Error(`The answer makes no sense: ${cause.message}`, { cause })
        : cause;
    }
  }

  #receive(reader: ProtocolReader): void {
    const { fname, mtype, rseqid } = reader.readMessageBegin();
    const receive = `recv_${fname}` as const;
    if (!(receive in this.client)) {
      throw new ProtocolError(`no call is named ${quote(fname)}`);
    }
    this.client[receive](reader, mtype, rseqid);
    clearTimeout(this.#timer);
    const isWaiting = Object.keys(this.client._reqs).length > 0;
    this.#timer = isWaiting
      ? setTimeout(() => this.#giveUp(), this.#timeoutMs)
      : undefined;
  }
}

async function connect(
  { hostname, port, timeoutMs }: ConnectOptions,
): Promise<Deno.TcpConn> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await Deno.connect({ hostname, port, signal });
  } catch (error) {
    const reason = signal.aborted
      ? `no connection within ${timeoutMs / 1000} s`
      : error instanceof Error
      ? error.message
      : String(error);
    throw new Error(`Cannot connect to ${hostname}:${port}: ${reason}`, {
      cause: error,
    });
  }
}

/** Lists may be longer than any message that a client sends. */
const maxReplyBytes = 1024 * 1024 * 1024;
