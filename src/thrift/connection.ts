import { getLogger } from "@logtape/logtape";
import { setImmediate } from "node:timers/promises";
import type { AccessPolicy } from "../access/access_policy.ts";
import type { Caller } from "../access/caller.ts";
import type { Clock } from "../core/time.ts";
import type { ThriftProcessor } from "./generated.ts";
import { hangUp } from "./hang_up.ts";
import { type MessageBounds, MessageSplitter } from "./message_splitter.ts";
import type { ProtocolReader } from "./protocol.ts";
import { ReadBuffer } from "./read_buffer.ts";
import { refuseMessage } from "./refuse_message.ts";
import { ReplyQueue } from "./reply_queue.ts";
import { type SendListener, SocketSender } from "./socket_sender.ts";
import type { UnfinishedBytes } from "./unfinished_bytes.ts";
import { maxMessageBytes, MessageType, ProtocolError } from "./thrift_type.ts";
import { frameHeadBytes } from "./wire_style.ts";

/** Is told how connections end. */
export interface ConnectionListener {
  /** It is closed; `fault` is what broke it, if anything did. */
  onClosed(connection: Connection, fault: unknown): void;
  /** Nothing holds its socket any more, which may be long after it was closed: see hangUp(). */
  onReleased(connection: Connection): void;
}

/**
 * One client's connection, from its first byte to its end. There may be tens of
 * thousands that wait for a byte: what they hold meanwhile is kept small.
 */
export class Connection implements SendListener {
  /** What the client may do. */
  readonly access: Caller;
  readonly #socket: Deno.Conn;
  readonly #processor: ThriftProcessor;
  readonly #clock: Clock;
  readonly #listener: ConnectionListener;
  readonly #splitter = new MessageSplitter(maxMessageBytes);
  readonly #received = new ReadBuffer(frameHeadBytes + maxMessageBytes);
  readonly #sender: SocketSender;
  readonly #unfinished: UnfinishedBytes;
  /** What of it this connection takes. */
  #accountedBytes = 0;
  #reader: ProtocolReader | undefined;
  #replies: ReplyQueue | undefined;
  #resume: (() => void) | undefined;
  /** Whether messages that have come have to wait, for other connections or for earlier replies to go. */
  #isHeld = false;
  #hasToldOneway = false;
  #isEnding = false;
  #isClosed = false;
  /** Monotonic milliseconds: of the beginning, of the last byte, and since when a message is unfinished. */
  readonly #startMs: number;
  #activeMs: number;
  #partialSinceMs: number | undefined;

  constructor(
    socket: Deno.Conn,
    { processor, clock, policy, unfinished, listener }: ConnectionParts,
  ) {
    this.#listener = listener;
    this.#unfinished = unfinished;
    this.access = policy.greet(socket.remoteAddr);
    this.#socket = socket;
    this.#processor = processor;
    this.#clock = clock;
    this.#sender = new SocketSender(socket, { clock, listener: this });
    this.#startMs = this.#activeMs = clock.monotonicMs();
  }

  /** Where the client is. */
  get client(): string {
    const address = this.#socket.remoteAddr;
    return "hostname" in address
      ? `${address.hostname}:${address.port}`
      : address.transport;
  }

  /** For how long nothing has come, in milliseconds; 0 while something is under way. */
  idleMs(nowMs: number): number {
    const isBusy = this.#partialSinceMs !== undefined || this.#hasWork();
    return isBusy ? 0 : nowMs - this.#activeMs;
  }

  /** For how long the client has left a message, or a reply to it, unfinished, or hasn't said who it is. */
  stuckMs(nowMs: number): number {
    const since = Math.min(
      this.#partialSinceMs ?? nowMs,
      this.#sender.writingSinceMs ?? nowMs,
      this.access.role === undefined ? this.#startMs : nowMs,
    );
    return nowMs - since;
  }

  /** Answers until the client goes, or sends what is not a message, or {@link end} or {@link close} is called. */
  async serve(): Promise<void> {
    try {
      await this.#converse();
      this.close();
    } catch (error) {
      this.#close(error);
    }
    this.#account(0);
    this.#listener.onReleased(this);
  }

  /** Reads no further requests, sends the replies that are due, and closes. */
  end(): void {
    this.#isEnding = true;
    if (!this.#hasWork()) this.close();
  }

  close(): void {
    this.#close(undefined);
  }

  #close(fault: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    hangUp(this.#socket);
    this.#listener.onClosed(this, fault);
    this.#resume?.();
  }

  /** Every await here is memory that each connection holds: the read is one of its own. */
  async #converse(): Promise<void> {
    setUp(this.#socket);
    while (!this.#isEnding) {
      const room = this.#received.room();
      this.#account(this.#received.largeBytes);
      let count: number | null;
      try {
        count = await this.#socket.read(room);
      } catch {
        // Reset by the client, or closed here while waiting.
        return;
      }
      if (count === null || this.#isClosed) break;
      this.#received.end += count;
      this.#activeMs = this.#clock.monotonicMs();
      this.#processSome();
      if (this.#isHeld) await this.#processRest();
    }
    while (this.#hasWork() && !this.#isClosed) await this.#sent();
  }

  async #processRest(): Promise<void> {
    while (this.#isHeld && !this.#isClosed) {
      if (this.#isCrowded()) await this.#sent();
      else await setImmediate();
      this.#processSome();
    }
  }

  #account(bytes: number): void {
    const before = this.#accountedBytes;
    if (bytes === before) return;
    this.#accountedBytes = bytes;
    this.#unfinished.change(before, bytes);
  }

  /** Processes messages that are there, as many as may be in one turn and under way. */
  #processSome(): void {
    const received = this.#received;
    for (let left = maxPerTurn;; left--) {
      this.#isHeld = left === 0 || this.#isCrowded();
      if (this.#isHeld || this.#isClosed) return;
      const { bytes, start, end } = received;
      const bounds = this.#splitter.next(bytes, start, end);
      if (bounds === undefined) break;
      this.#process(bounds);
      received.start = bounds.end;
      this.#partialSinceMs = undefined;
    }
    this.#checkUnfinished();
    if (received.isEmpty) this.#partialSinceMs = undefined;
    else this.#partialSinceMs ??= this.#clock.monotonicMs();
  }

  /** Strangers get no memory to speak of. */
  #checkUnfinished(): void {
    const { start, end } = this.#received;
    const isSmall = end - start <= maxStrangerBytes;
    if (isSmall || this.access.role !== undefined) return;
    throw new ProtocolError(
      `a message of over ${maxStrangerBytes} bytes came without a token`,
    );
  }

  #process({ start, end }: MessageBounds): void {
    const { style } = this.#splitter;
    if (style === undefined) return;
    const { bytes } = this.#received;
    const type = style.messageTypeAt(bytes, start);
    // Nobody would read a reply, and no method goes without one.
    if (type === MessageType.oneway) return this.#tellOneway();
    const reader = this.#reader ??= style.createReader();
    this.#replies ??= new ReplyQueue(this.#sender, style.isFramed);
    reader.start(bytes, start, end);
    const writer = style.createWriter(this.#replies.expect());
    if (type !== MessageType.call) {
      return refuseMessage(reader, writer, {
        type: "INVALID_MESSAGE_TYPE",
        reason: `a message has the type ${type}`,
      });
    }
    try {
      this.#processor.process(reader, writer, this);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // It was met before any handler was called: there is no reply yet.
      reader.start(bytes, start, end);
      const reason = error.message;
      refuseMessage(reader, writer, { type: "PROTOCOL_ERROR", reason });
    }
  }

  #tellOneway(): void {
    if (this.#hasToldOneway) return;
    this.#hasToldOneway = true;
    logger.warn("Passed over oneway calls of {client}, which have no reply", {
      client: this.client,
    });
  }

  #isCrowded(): boolean {
    const replies = this.#replies;
    return replies !== undefined &&
      (replies.pendingCount >= maxPending ||
        replies.unsentBytes > maxUnsentBytes);
  }

  /** Whether a request that has come is not answered, or its answer not sent. */
  #hasWork(): boolean {
    return this.#isHeld || this.#sender.isSending ||
      (this.#replies?.pendingCount ?? 0) > 0;
  }

  /** Resolves after the next write, or when the connection is closed. */
  #sent(): Promise<void> {
    return new Promise((resolve) => this.#resume = resolve);
  }

  onSent(): void {
    this.#resume?.();
    if (this.#sender.isBroken) this.close();
    else if (this.#isEnding && !this.#hasWork()) this.close();
  }
}

export interface ConnectionParts {
  readonly processor: ThriftProcessor;
  readonly clock: Clock;
  readonly policy: AccessPolicy;
  readonly unfinished: UnfinishedBytes;
  readonly listener: ConnectionListener;
}

const logger = getLogger(["forsun", "thrift"]);

/** Requests of one connection that may be under way before it has to wait. */
const maxPending = 1024;
const maxUnsentBytes = 1024 * 1024;
/** Bytes of a message from someone who may do nothing: a token, or what an old client sends first. */
const maxStrangerBytes = 64 * 1024;
/** So that other connections get their turn, and large replies show before many more are made. */
const maxPerTurn = 64;

function setUp(socket: Deno.Conn): void {
  if (!isTcp(socket)) return;
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
}

function isTcp(socket: Deno.Conn): socket is Deno.TcpConn {
  // A TLS connection has no such settings.
  return "setNoDelay" in socket;
}
