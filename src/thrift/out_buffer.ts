/** Bytes that are collected to be sent; grows as needed. */
export class OutBuffer {
  bytes: Uint8Array;
  /** Where the next byte goes. */
  at = 0;

  constructor(capacity = 0) {
    this.bytes = capacity === 0 ? nothing : new Uint8Array(capacity);
  }

  /** Sees to `count` bytes of room behind `at`. */
  reserve(count: number): void {
    const needed = this.at + count;
    if (needed <= this.bytes.length) return;
    const size = Math.max(needed, this.bytes.length * 2, minBytes);
    const larger = new Uint8Array(size);
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Starts over; memory beyond `maxKept` bytes is given back. */
  clear(maxKept: number): void {
    this.at = 0;
    if (this.bytes.length > maxKept) this.bytes = new Uint8Array(maxKept);
  }
}

const nothing = new Uint8Array(0);
const minBytes = 512;

export function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
