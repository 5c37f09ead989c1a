import { Buffer } from "node:buffer";

/**
 * What has come on a connection and is not used up. It grows only with what is
 * unfinished, and gives large memory back afterwards.
 */
export class ReadBuffer {
  bytes = Buffer.allocUnsafeSlow(smallestBytes);
  /** What is not used up lies in `bytes[start, end)`. */
  start = 0;
  end = 0;
  readonly #mostBytes: number;

  /** `mostBytes` is the most that may be unfinished. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  /** The memory that it takes, as far as that is more than what every one may have. */
  get largeBytes(): number {
    return Math.max(0, this.bytes.length - largestIdleBytes);
  }

  /** Room behind `end`, at least a byte; may move what is there. */
  room(): Uint8Array {
    if (this.isEmpty) this.#reset();
    if (this.end === this.bytes.length) this.#makeRoom();
    return this.bytes.subarray(this.end);
  }

  #reset(): void {
    this.start = 0;
    this.end = 0;
    if (this.bytes.length > largestIdleBytes) {
      this.bytes = Buffer.allocUnsafeSlow(smallestBytes);
    }
  }

  #makeRoom(): void {
    const { bytes, start, end } = this;
    const canMove = start > bytes.length / 2;
    const size = Math.min(bytes.length * 2, this.#mostBytes + smallestBytes);
    const target = canMove || size === bytes.length
      ? bytes
      : Buffer.allocUnsafeSlow(size);
    bytes.copy(target, 0, start, end);
    this.bytes = target;
    this.start = 0;
    this.end = end - start;
  }
}

const smallestBytes = 4096;
/** What may be kept of a buffer while there is nothing in it. */
const largestIdleBytes = 64 * 1024;
