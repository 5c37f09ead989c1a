import { Buffer } from "node:buffer";

/**
 * What has come on a connection and is not used up. It grows only with what is
 * unfinished, and gives large memory back afterwards.
 */
export class ReadBuffer {
  bytes = Buffer.allocUnsafeSlow(minBytes);
  /** What is not used up lies in `bytes[start, end)`. */
  start = 0;
  end = 0;
  readonly #maxBytes: number;

  /** `maxBytes` is the most that may be unfinished. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  /** The memory that it takes, as far as that is more than what every one may have. */
  get largeBytes(): number {
    return Math.max(0, this.bytes.length - maxIdleBytes);
  }

  /** Room behind `end`, at least a byte; may move what is there. */
  room(): Uint8Array {
    if (this.isEmpty) this.#reset();
    if (this.end === this.bytes.length) this.#makeRoom();
    return this.bytes.subarray(this.end);
  }

  #reset(): void {
    const { length } = this.bytes;
    const wasFilled = this.end === length;
    this.start = 0;
    this.end = 0;
    if (length > maxIdleBytes) {
      this.bytes = Buffer.allocUnsafeSlow(minBytes);
    } else if (wasFilled && length < busyBytes) {
      this.bytes = Buffer.allocUnsafeSlow(busyBytes);
    }
  }

  #makeRoom(): void {
    const { bytes, start, end } = this;
    const { length } = bytes;
    const canMove = start > length / 2 && length >= busyBytes;
    const size = Math.min(
      Math.max(length * 2, busyBytes),
      this.#maxBytes + minBytes,
    );
    const target = canMove || size === length
      ? bytes
      : Buffer.allocUnsafeSlow(size);
    bytes.copy(target, 0, start, end);
    this.bytes = target;
    this.start = 0;
    this.end = end - start;
  }
}

/** Room for a request or two: most connections of many wait for their next one. */
const minBytes = 512;
/** Of a connection that fills what it has: it sends many requests at once, or large ones. */
const busyBytes = 4096;
/** What may be kept of a buffer while there is nothing in it. */
const maxIdleBytes = 64 * 1024;
