import type { Clock } from "../core/time.ts";
import { OutBuffer } from "./out_buffer.ts";

/**
 * Sends what collects in `out`, one write at a time: all that gets ready in one
 * turn of the event loop, or while a write is under way, goes in one write.
 */
export class SocketSender {
  /** What is to be sent. */
  out = new OutBuffer(smallestBytes);
  readonly #socket: Deno.Conn;
  readonly #clock: Clock;
  readonly #onSent: () => void;
  #spare = new OutBuffer(0);
  #sending: Promise<void> | undefined;
  #writingSinceMs: number | undefined;
  #isBroken = false;

  /** `onSent` is called after each write. */
  constructor(
    socket: Deno.Conn,
    { clock, onSent }: {
      readonly clock: Clock;
      readonly onSent: () => void;
    },
  ) {
    this.#socket = socket;
    this.#clock = clock;
    this.#onSent = onSent;
  }

  /** Whether the other side, or this one, has closed the socket; nothing is sent any more. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  get isSending(): boolean {
    return this.#sending !== undefined;
  }

  /** Since when a write is under way, in monotonic milliseconds. */
  get writingSinceMs(): number | undefined {
    return this.#writingSinceMs;
  }

  sendSoon(): void {
    if (this.#isBroken) return;
    this.#sending ??= Promise.resolve().then(() => this.#send());
  }

  async #send(): Promise<void> {
    while (this.out.at > 0 && !this.#isBroken) {
      const ready = this.out;
      this.out = this.#spare;
      this.#spare = ready;
      this.#writingSinceMs = this.#clock.monotonicMs();
      try {
        await writeAll(this.#socket, ready.bytes.subarray(0, ready.at));
      } catch {
        // Whoever reads from the socket finds out why.
        this.#isBroken = true;
      }
      this.#writingSinceMs = undefined;
      ready.clear(largestIdleBytes);
      this.#onSent();
    }
    this.#sending = undefined;
    this.#onSent();
  }
}

const smallestBytes = 512;
/** What may be kept of a buffer while there is nothing in it. */
const largestIdleBytes = 64 * 1024;

async function writeAll(socket: Deno.Conn, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += await socket.write(bytes.subarray(written));
  }
}
