import type { Clock } from "../core/time.ts";
import type { ByteSocket } from "./byte_socket.ts";
import { OutBuffer } from "./out_buffer.ts";

export interface SendListener {
  /** A write is over, whether it went well or not. */
  onSent(): void;
}

/**
 * Sends what collects in `out`, one write at a time: all that gets ready in one
 * turn of the event loop, or while a write is under way, goes in one write.
 */
export class SocketSender {
  /** What is to be sent. */
  out = new OutBuffer();
  readonly #socket: ByteSocket;
  readonly #clock: Clock;
  readonly #listener: SendListener | undefined;
  #spare = new OutBuffer();
  #isSending = false;
  #writingSinceMs: number | undefined;
  #isBroken = false;

  constructor(
    socket: ByteSocket,
    { clock, listener }: {
      readonly clock: Clock;
      readonly listener?: SendListener;
    },
  ) {
    this.#socket = socket;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Whether the other side, or this one, has closed the socket; nothing is sent any more. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  get isSending(): boolean {
    return this.#isSending;
  }

  /** Since when a write is under way, in monotonic milliseconds. */
  get writingSinceMs(): number | undefined {
    return this.#writingSinceMs;
  }

  sendSoon(): void {
    if (this.#isBroken || this.#isSending) return;
    this.#isSending = true;
    if (ready.push(this) === 1) queueMicrotask(sendAll);
  }

  async send(): Promise<void> {
    while (this.out.at > 0 && !this.#isBroken) {
      const { bytes, at } = this.#turn();
      this.#writingSinceMs = this.#clock.monotonicMs();
      try {
        for (let sent = 0; sent < at;) {
          sent += await this.#socket.write(bytes.subarray(sent, at));
        }
      } catch {
        // Whoever reads from the socket finds out why.
        this.#isBroken = true;
      }
      this.#writingSinceMs = undefined;
      this.#spare.clear(maxIdleBytes);
      this.#listener?.onSent();
    }
    this.#isSending = false;
    this.#listener?.onSent();
  }

  /** What has collected; what comes from now on collects in the other buffer. */
  #turn(): OutBuffer {
    const collected = this.out;
    this.out = this.#spare;
    this.#spare = collected;
    return collected;
  }
}

/** Those that have got something to send in this turn of the event loop. */
let ready: SocketSender[] = [];

function sendAll(): void {
  const senders = ready;
  ready = [];
  for (const sender of senders) sender.send();
}

/** What may be kept of a buffer while there is nothing in it. */
const maxIdleBytes = 64 * 1024;
