import type { Socket } from "node:net";
import { invalidArgument } from "../core/errors.ts";
import { BinaryReader } from "../thrift/binary_reader.ts";
import { BinaryWriter } from "../thrift/binary_writer.ts";
import {
  createGeneratedClient,
  type GeneratedClient,
  type ThriftClient,
} from "../thrift/generated.ts";
import { MessageSplitter } from "../thrift/message_splitter.ts";
import { OutBuffer } from "../thrift/out_buffer.ts";
import { ReadBuffer } from "../thrift/read_buffer.ts";
import { maxMessageBytes } from "../thrift/thrift_type.ts";
import { ForsunCode, ForsunError } from "./client_error.ts";

/**
 * One connection, by which any number of calls are under way. What is written
 * in one turn goes out in one piece. An answer that is late ends it, and with it
 * all calls that wait.
 */
export class ClientConnection {
  readonly client: ThriftClient & GeneratedClient;
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  readonly #received = new ReadBuffer(maxBytes);
  readonly #splitter = new MessageSplitter(maxBytes);
  readonly #reader = new BinaryReader();
  #out = new OutBuffer();
  /** Where the last request in it that is whole ends. */
  #wholeEnd = 0;
  #isSending = false;
  #waitingCount = 0;
  /** When the last answer came, or the first call since then was made. */
  #activeMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #endedBy: ForsunError | undefined;

  /** Takes a socket that is connected, and owns it from then on. */
  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    const output = {
      begin: () => this.#begin(),
      end: () => {},
      flush: () => this.#request(),
    };
    this.client = createGeneratedClient(output, BinaryWriter);
    socket.setNoDelay(true);
    socket.on("data", (bytes: Uint8Array) => this.#receive(bytes));
    socket.on("error", (error) => this.#lose(error.message));
    socket.on("close", () => this.#lose("the daemon closed it"));
  }

  get isClosed(): boolean {
    return this.#endedBy !== undefined;
  }

  close(reason: ForsunError): void {
    if (this.#endedBy !== undefined) return;
    this.#endedBy = reason;
    clearTimeout(this.#timer);
    this.#socket.destroy();
    const waiting = this.client._reqs;
    for (const seqid in waiting) {
      waiting[seqid](reason);
      delete waiting[seqid];
    }
  }

  #lose(reason: string): void {
    const message = `The connection to the daemon was lost: ${reason}`;
    this.close(new ForsunError(ForsunCode.connection, message));
  }

  /** What lies behind the last whole request is of one that could not be written. */
  #begin(): OutBuffer {
    this.#out.at = this.#wholeEnd;
    return this.#out;
  }

  /** What it throws is what the call rejects with. */
  #request(): void {
    if (this.#endedBy !== undefined) throw this.#endedBy;
    const size = this.#out.at - this.#wholeEnd;
    if (size > maxMessageBytes) {
      throw invalidArgument(
        `Cannot send: a request must have at most ${maxMessageBytes} bytes, got ${size}`,
      );
    }
    this.#wholeEnd = this.#out.at;
    const { client } = this;
    if (client._seqid >= lastSeqid) client._seqid = 0;
    if (this.#waitingCount++ === 0) this.#activeMs = performance.now();
    this.#timer ??= setTimeout(() => this.#checkTime(), this.#timeoutMs);
    if (this.#isSending) return;
    this.#isSending = true;
    queueMicrotask(() => this.#send());
  }

  #send(): void {
    this.#isSending = false;
    const whole = this.#out.bytes.subarray(0, this.#wholeEnd);
    this.#out = new OutBuffer();
    this.#wholeEnd = 0;
    if (this.#endedBy === undefined) this.#socket.write(whole);
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
    const message = `The daemon did not answer within ${
      this.#timeoutMs / 1000
    } s`;
    this.close(new ForsunError(ForsunCode.timeout, message));
  }

  #receive(bytes: Uint8Array): void {
    const received = this.#received;
    try {
      for (let at = 0; at < bytes.length;) {
        const room = received.room();
        const part = bytes.subarray(at, at + room.length);
        room.set(part);
        received.end += part.length;
        at += part.length;
        this.#readAll();
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#lose(`its answer makes no sense: ${reason}`);
    }
  }

  #readAll(): void {
    const received = this.#received;
    for (;;) {
      const { bytes, start, end } = received;
      const bounds = this.#splitter.next(bytes, start, end);
      if (bounds === undefined) return;
      this.#reader.start(bytes, bounds.start, bounds.end);
      const { fname, mtype, rseqid } = this.#reader.readMessageBegin();
      const receive = `recv_${fname}` as const;
      const waiting = this.client._reqs;
      const caller = waiting[rseqid];
      if (!(receive in this.client) || caller === undefined) {
        throw new Error(`nobody asked for ${fname} ${rseqid}`);
      }
      received.start = bounds.end;
      try {
        this.client[receive](this.#reader, mtype, rseqid);
      } catch (error) {
        // It was taken out before the answer was read.
        waiting[rseqid] = caller;
        throw error;
      }
      this.#waitingCount--;
      this.#activeMs = performance.now();
    }
  }
}

/** Lists may be longer than any message that a client sends. */
const maxBytes = 1024 * 1024 * 1024;
/** Of the interface's 32 bits; behind it they begin anew. */
const lastSeqid = 2 ** 31 - 1;
