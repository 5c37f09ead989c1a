import { systemClock } from "../core/system_clock.ts";
import type { ByteSocket } from "./byte_socket.ts";
import { connectInTurn, type ConnectOptions } from "./connect_in_turn.ts";
import { hangUp } from "./hang_up.ts";
import { MessageSplitter } from "./message_splitter.ts";
import type { OutBuffer } from "./out_buffer.ts";
import type { ProtocolReader } from "./protocol.ts";
import { ReadBuffer } from "./read_buffer.ts";
import { SocketSender } from "./socket_sender.ts";
import { ProtocolError } from "./thrift_type.ts";
import { plainStyle } from "./wire_style.ts";

export interface MessageSocketOptions {
  /** The most that a reply may have, in bytes. */
  readonly maxBytes: number;
  /** What the other side is called in the reasons for an end. */
  readonly peer: string;
  /** Is handed each reply; a ProtocolError that it throws ends the connection. */
  onMessage(reader: ProtocolReader): void;
  /** Is called once, when the connection has ended, and why it did. */
  onEnd(reason: Error): void;
}

/**
 * A client's end of a connection: sends messages of the binary protocol that
 * were written to `out`, and reads the replies. It knows no time; whoever waits
 * for a reply ends it.
 */
export class MessageSocket {
  readonly #socket: ByteSocket;
  readonly #options: MessageSocketOptions;
  readonly #sender: SocketSender;
  #endedBy: Error | undefined;

  constructor(socket: ByteSocket, options: MessageSocketOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#sender = new SocketSender(socket, { clock: systemClock });
    this.#receiveAll().then((reason) => this.end(reason));
  }

  /** Where the next message goes. */
  get out(): OutBuffer {
    return this.#sender.out;
  }

  /** Why the connection has ended; undefined while it has not. */
  get endedBy(): Error | undefined {
    return this.#endedBy;
  }

  /** Sends what was written; all of one turn goes in one write. */
  sendSoon(): void {
    this.#sender.sendSoon();
  }

  end(reason: Error): void {
    if (this.#endedBy !== undefined) return;
    this.#endedBy = reason;
    hangUp(this.#socket);
    this.#options.onEnd(reason);
  }

  /** Hands replies on until the connection ends; resolves to why it did. */
  async #receiveAll(): Promise<Error> {
    const { maxBytes, peer, onMessage } = this.#options;
    const splitter = new MessageSplitter(maxBytes);
    const reader = plainStyle.createReader();
    const received = new ReadBuffer(maxBytes);
    try {
      for (;;) {
        const count = await this.#socket.read(received.room());
        if (count === null) return new Error(`${peer} closed the connection`);
        received.end += count;
        for (;;) {
          const { bytes, start, end } = received;
          const bounds = splitter.next(bytes, start, end);
          if (bounds === undefined) break;
          reader.start(bytes, bounds.start, bounds.end);
          onMessage(reader);
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
}

/**
 * Connects.
 * @throws {Error} whose message is the reason alone; Deno.errors.TimedOut when it takes too long
 */
export async function openSocket(
  options: ConnectOptions,
): Promise<Deno.TcpConn> {
  const socket = await connectInTurn(options);
  socket.setNoDelay(true);
  return socket;
}
