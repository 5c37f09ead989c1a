import { OutBuffer, putU32 } from "./out_buffer.ts";
import type { MessageSink } from "./protocol.ts";
import type { SocketSender } from "./socket_sender.ts";
import { frameHeadBytes } from "./wire_style.ts";

/**
 * Replies in the order of their requests, although the work behind them may
 * end in any order: the first that is missing is written straight to the
 * sender, later ones wait in buffers of their own.
 */
export class ReplyQueue {
  readonly #sender: SocketSender;
  readonly #isFramed: boolean;
  #waiting: Reply[] = [];
  /** The place in `#waiting` of the first reply that is missing. */
  #first = 0;
  #waitingBytes = 0;

  constructor(sender: SocketSender, isFramed: boolean) {
    this.#sender = sender;
    this.#isFramed = isFramed;
  }

  /** Replies that are not ready, or wait for one that is not. */
  get pendingCount(): number {
    return this.#waiting.length - this.#first;
  }

  /** Bytes of the replies that are ready, but not being sent. */
  get unsentBytes(): number {
    return this.#sender.out.at + this.#waitingBytes;
  }

  /** Takes a place in the queue. */
  expect(): MessageSink {
    const reply = new Reply(this, this.#isFramed);
    this.#waiting.push(reply);
    return reply;
  }

  bufferFor(reply: Reply): OutBuffer {
    return this.#isFirst(reply) ? this.#sender.out : new OutBuffer();
  }

  complete(reply: Reply, out: OutBuffer): void {
    if (this.#isFirst(reply)) {
      this.#moveOn();
      this.#sender.sendSoon();
    } else {
      reply.ready = out;
      this.#waitingBytes += out.at;
    }
  }

  #isFirst(reply: Reply): boolean {
    return this.#waiting[this.#first] === reply;
  }

  /** The first has come: hands those behind it on that waited for it. */
  #moveOn(): void {
    this.#first++;
    let next = this.#waiting[this.#first];
    while (next?.ready !== undefined) {
      this.#waitingBytes -= next.ready.at;
      this.#sender.out.append(next.ready.bytes.subarray(0, next.ready.at));
      next = this.#waiting[++this.#first];
    }
    if (next === undefined) {
      this.#waiting = [];
      this.#first = 0;
    } else if (this.#first > maxTailBytes) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
  }
}

class Reply implements MessageSink {
  /** The reply's bytes, when they have to be kept apart. */
  ready: OutBuffer | undefined;
  readonly #queue: ReplyQueue;
  readonly #isFramed: boolean;
  #out: OutBuffer | undefined;
  #start = 0;

  constructor(queue: ReplyQueue, isFramed: boolean) {
    this.#queue = queue;
    this.#isFramed = isFramed;
  }

  begin(): OutBuffer {
    let out = this.#out;
    if (out === undefined) {
      out = this.#out = this.#queue.bufferFor(this);
      this.#start = out.at;
    } else {
      // What broke off in the middle makes way for the error that it met.
      out.at = this.#start;
    }
    if (this.#isFramed) {
      out.reserve(frameHeadBytes);
      out.at += frameHeadBytes;
    }
    return out;
  }

  end(): void {
    const out = this.#out as OutBuffer;
    if (this.#isFramed) {
      const length = out.at - this.#start - frameHeadBytes;
      putU32(out.bytes, this.#start, length);
    }
    this.#queue.complete(this, out);
  }
}

const maxTailBytes = 1024;
